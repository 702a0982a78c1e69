"""What is typed in the grid, for a day, and for what is expected."""
