"""Inspections by an authority, and audits: findings in the State’s words, to their lifting (domain 5.10)."""
