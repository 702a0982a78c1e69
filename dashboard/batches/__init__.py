"""Batches: all the reports of a sector, all the syntheses of a pôle, as a zip and a booklet, in the background."""
