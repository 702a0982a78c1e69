"""Sensitive files: who reads them, what they hold, when they go (domain 5.11, S-036, S-040)."""
