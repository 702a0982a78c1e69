"""Typing the activity: the month of a sector as a grid, the days by half-hour, the attendance expected."""
