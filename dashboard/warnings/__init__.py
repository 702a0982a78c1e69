"""Early warning without a black box (S-031, M10): readable signals, each with its rule and its sentence, no score."""
