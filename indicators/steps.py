"""The steps of a month: the house submits, the sector validates, the pôle closes (functions S-069)."""

from establishments.door import can
from establishments.models import Capability

from .models import MonthlyActivity

Status = MonthlyActivity.Status
STEPS = {
    "enter": (Capability.ENTER_ACTIVITY, Status.DRAFT),
    "submit": (Capability.ENTER_ACTIVITY, Status.DRAFT),
    "validate": (Capability.VALIDATE_ACTIVITY, Status.SUBMITTED),
    "close": (Capability.CLOSE_ACTIVITY, Status.VALIDATED),
}


def allowed_steps(row, user):
    """{step: True or False} for one reader and one month already entered; "reopen" gives it back. Three queries."""
    capabilities = {capability for capability, _ in STEPS.values()} | {row.reopening_capability}
    held = {capability for capability in capabilities if can(user, capability, row)}
    steps = {name: capability in held and row.status == start for name, (capability, start) in STEPS.items()}
    return steps | {"reopen": row.status != Status.DRAFT and row.reopening_capability in held}
