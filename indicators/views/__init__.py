"""Pages of the indicators: the overview, one house, one month of one house."""
