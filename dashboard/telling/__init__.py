"""What every text that tells facts shares: its places and periods, its readings, its sentences, its lines."""
