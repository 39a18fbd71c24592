"""Tools of the tests: a throw-away PostgreSQL, the page client, the cast."""
