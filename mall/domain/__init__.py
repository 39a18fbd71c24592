"""The business, one package a noun; every import goes down (see the layers in pyproject.toml)."""
