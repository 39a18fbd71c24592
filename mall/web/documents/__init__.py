"""Receipts and credit notes as people see them: a page to print, and a PDF."""
