"""The pages of the teams and of their leaves, by subject."""
