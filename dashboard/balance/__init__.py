"""« Mon bilan »: what one person did in a month; she and her head read the same page."""
