"""How the teams, their hours and the plans are written: each with its line in the journal, never twice."""

from django.core.exceptions import ValidationError
from django.db import transaction

from establishments.models import JournalHead, record
from establishments.workflow import TransitionRefused


def keep_plan(plan, client_uuid, *, by):
    """Save a new plan; the same form sent again gives the plan already there. Returns it."""
    with transaction.atomic():
        JournalHead.locked()
        known = type(plan)._base_manager.filter(client_uuid=client_uuid, created_by=by).first()
        if known is not None:
            return known
        plan.client_uuid, plan.created_by = client_uuid, by
        refuse_overlap(plan)
        plan.save(force_insert=True)
        record("planning de congés ouvert", plan, by=by, establishment=plan.establishment)
    return plan


def refuse_overlap(row):
    """Under the lock: two forms filled at once are both right until one is saved."""
    try:
        row.validate_constraints(exclude={"client_uuid"})
    except ValidationError as error:
        raise TransitionRefused(error.messages[0]) from error
