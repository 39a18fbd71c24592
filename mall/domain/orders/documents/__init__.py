"""Numbered receipts and credit notes, and the tax they show."""
