"""The register filled from files: profiles, rows, plan, writing; outlines and trees. See docs of each module."""

from .boundaries import read_boundaries, save_boundaries
from .planning import Order, Plan
from .profiles import UnknownProfile, available_profiles
from .running import Reading, carry_out, order_for, prepare, read_file
from .trees import TreeErrors, load_tree, read_tree

__all__ = [
    "Order",
    "Plan",
    "Reading",
    "TreeErrors",
    "UnknownProfile",
    "available_profiles",
    "carry_out",
    "load_tree",
    "order_for",
    "prepare",
    "read_boundaries",
    "read_file",
    "read_tree",
    "save_boundaries",
]
