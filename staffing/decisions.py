"""Several requests granted together, each by the method that grants one."""

from establishments.workflow import TransitionRefused


def grant_all(leaves, *, by):
    """(number granted, sentences for those that could not be): one refusal does not undo the others."""
    granted, refusals = 0, []
    for leave in leaves:
        try:
            leave.grant(by=by)
            granted += 1
        except TransitionRefused as refusal:
            refusals.append(f"{leave.employee}\u00a0: {refusal}")
    return granted, refusals
