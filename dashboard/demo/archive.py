"""Writes the visits and what goes with them, in an order that the rules of the database accept."""

from projects.models import ActionItem
from visits.models import ActionCheck, ActionOrigin, Observation, Visit, VisitResponse

from . import reports
from .world import ROWS_AT_ONCE

CLOSING = ["report_status", "validated_by", "validated_at", "version", "facts", "fingerprint"]


def write(world):
    """A validated report takes no more rows: visits come first, then their parts, then the validation."""
    for place, action in enumerate(world.rows[ActionItem]):
        action.drawn = place
    world.write(ActionItem)
    for visit in world.visits:
        if visit.shared_at:
            reports.arrest(visit)
    Visit.objects.bulk_create(world.dropped, batch_size=ROWS_AT_ONCE)
    Visit.objects.bulk_create(world.visits, batch_size=ROWS_AT_ONCE)
    world.write(Observation, ActionCheck, ActionOrigin, VisitResponse)
    closed = [visit for visit in world.visits if visit.ends]
    for visit in closed:
        reports.close(world, visit)
    Visit.objects.bulk_create(
        closed, batch_size=ROWS_AT_ONCE, update_conflicts=True, unique_fields=["id"], update_fields=CLOSING
    )
