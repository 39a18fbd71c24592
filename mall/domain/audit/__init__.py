"""Who did what, to what, when and why. Written once, never rewritten."""
