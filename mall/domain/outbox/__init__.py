"""What must follow a commit: written in it, delivered after it, at least once."""
