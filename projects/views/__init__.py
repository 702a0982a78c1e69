"""Pages of the projects, one file a subject."""
