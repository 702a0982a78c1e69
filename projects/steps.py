"""The steps of an action: from which status, and by whom; one table for the buttons and for the tests."""

from establishments.door import can
from establishments.models import Capability

from .models import ActionItem

Status = ActionItem.Status
# Declared done by the house; verified by whoever comes and looks (domain.md §5.3).
STEPS = {
    "start": (Capability.DECLARE_ACTIONS, [Status.TO_START]),
    "declare": (Capability.DECLARE_ACTIONS, ActionItem.OPEN),
    "verify": (Capability.MANAGE_ACTIONS, ActionItem.FOLLOWED),
    "reopen": (Capability.MANAGE_ACTIONS, [Status.DONE]),
    "edit": (Capability.MANAGE_ACTIONS, ActionItem.FOLLOWED),
    "assess": (Capability.MANAGE_ACTIONS, [Status.VERIFIED]),
    "abandon": (Capability.MANAGE_ACTIONS, ActionItem.FOLLOWED),
}


def allowed_steps(action, user):
    """{step: True or False} for one reader: which buttons to show. Two queries at most."""
    asked = {capability for capability, _ in STEPS.values()}
    held = {capability for capability in asked if can(user, capability, action)}
    steps = {name: capability in held and action.status in start for name, (capability, start) in STEPS.items()}
    if action.kind == ActionItem.Kind.CORRECTIVE and action.is_done_by(user):
        steps["verify"] = False  # somebody else looks
    return steps
