"""Pages of the visits: those that read, those that write."""
