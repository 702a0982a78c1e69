"""The *mallette*: what a visit needs of a house, on one page, readable without a network (M19, S-023)."""
