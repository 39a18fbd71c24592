"""The demo: a programme, a shop full of items, and people with a history. For development only."""
