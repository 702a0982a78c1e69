"""Who of the float pool goes where: coverage first, then known houses, travel, fairness, within legal rest.

Pure. Exact for one day; over several days each day is exact given the others, within a bounded time.
"""

from staffing.float_pool.costs import Cost, Evaluation, evaluate
from staffing.float_pool.matching import assign
from staffing.float_pool.planning import Assignment, Plan, Uncovered, plan, uncovered_bound
from staffing.float_pool.rest import obstacle
from staffing.float_pool.shapes import FloatAgent, Need, Shift

__all__ = [
    "Assignment",
    "Cost",
    "Evaluation",
    "FloatAgent",
    "Need",
    "Plan",
    "Shift",
    "Uncovered",
    "assign",
    "evaluate",
    "obstacle",
    "plan",
    "uncovered_bound",
]
