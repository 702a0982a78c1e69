"""A whole summer of leaves: the fewest changes that leave no half-hour in the red, the fairest among the fewest.

Pure (functions S-044). Houses do not share their agents, so each is solved apart.
"""

from staffing.summer.changes import Proposal, Shortfall, fewest_changes, lower_bound

__all__ = ["Proposal", "Shortfall", "fewest_changes", "lower_bound"]
