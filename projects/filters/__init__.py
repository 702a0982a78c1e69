"""Filters of the lists, one file a subject."""
