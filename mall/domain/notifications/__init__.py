"""Telling members what happened: a message in the mall, and mail."""
