"""Training, analysis of practices, shared hours: what is due, planned and done; never who said what."""
