"""The grid of a month, the days by half-hour and the attendance expected."""
