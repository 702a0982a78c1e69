"""The agenda of a meeting, suggested from what every room still has open (S-084, S-086; decisions, 21)."""
