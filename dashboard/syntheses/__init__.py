"""Syntheses that write themselves: any place, any period; sentences with their sources, read at a level, approved."""
