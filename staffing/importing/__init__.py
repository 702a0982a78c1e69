"""What each file of agents did: kept line by line, read on its page, taken back whole on demand."""
