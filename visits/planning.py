"""Visits to come: planned once, whatever the number of times the page is sent."""

from django.db import transaction

from establishments.models import JournalHead, record
from establishments.workflow import TransitionRefused

from .models import Visit

ALREADY_USED = "Ce formulaire a déjà servi\u00a0: ouvrez-en un nouveau."


@transaction.atomic
def plan_visit(client_uuid, *, by, **given):
    """The planned visit of this key, made if it is not there yet, with its line in the journal."""
    JournalHead.locked()
    visit, created = Visit.objects.get_or_create(
        client_uuid=client_uuid, defaults={**given, "coordinator": by, "created_by": by}
    )
    if visit.created_by_id != by.pk:  # the key of somebody else: nothing of her visit is told
        raise TransitionRefused(ALREADY_USED)
    if created:
        record("visite planifiée", visit, by=by, establishment=visit.establishment)
    return visit
