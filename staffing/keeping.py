"""How the teams, their hours and the plans are written: each with its line in the journal, never twice."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from establishments.models import JournalHead, record
from establishments.workflow import TransitionRefused

from .continuity import may_ensure_direction
from .models import Roster, RosterSlot


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


def keep_roster(posting, days, *, weeks, starts_on, ends_on, by):
    """Write the hours of a posting from a day on; those before it stop the day before. Returns the roster.

    `days`: {(week, weekday): stretches}. Hours that began on or after that day are replaced: they were not yet true.
    """
    with transaction.atomic():
        JournalHead.locked()
        posting.rosters.filter(starts_on__gte=starts_on).delete()
        for before in posting.rosters.touching(starts_on, ends_on):
            before.ends_on = starts_on - timedelta(days=1)
            before.save()
        roster = Roster(posting=posting, weeks=weeks, starts_on=starts_on, ends_on=ends_on)
        refuse_overlap(roster)
        roster.save()
        RosterSlot.objects.bulk_create(
            RosterSlot(roster=roster, week=week, weekday=day, starts_at=s.starts_at, ends_at=s.ends_at, task=s.task)
            for (week, day), stretches in sorted(days.items())
            for s in stretches
        )
        record("horaires de travail enregistrés", roster, by=by, establishment=posting.establishment)
    return roster


def designate(relay, *, by):
    """Write who may ensure the direction. Raises TransitionRefused when the text does not let her (CSP R. 2324-36)."""
    with transaction.atomic():
        JournalHead.locked()
        posting = relay.employee.postings.active_on(relay.starts_on).filter(establishment=relay.establishment).first()
        since = relay.employee.children_since
        if posting is None or not may_ensure_direction(posting.category, since, relay.starts_on):
            raise TransitionRefused(
                "Un relais est de la catégorie 1°, ou de la catégorie 2° avec un an auprès de jeunes enfants "
                "(CSP R. 2324-36)."
            )
        refuse_overlap(relay)
        relay.save()
        record("relais de direction désigné", relay, by=by, establishment=relay.establishment)
    return relay


def end_relay(relay, *, by, today):
    """She is no relay any more from today; a designation that had not begun is taken away."""
    with transaction.atomic():
        JournalHead.locked()
        record("relais de direction retiré", relay, by=by, establishment=relay.establishment)
        if relay.starts_on >= today:
            relay.delete()
        else:
            relay.ends_on = today - timedelta(days=1)
            relay.save()


def tell_absence(absence, *, by):
    """Write an absence, or give the one already there for this form."""
    with transaction.atomic():
        JournalHead.locked()
        known = type(absence)._base_manager.filter(client_uuid=absence.client_uuid, told_by=by).first()
        if known is not None:
            return known
        absence.told_by = by
        refuse_overlap(absence)
        absence.save()
        record("absence signalée", absence, by=by, establishment=absence.establishment)
    return absence


def end_absence(absence, *, by, today):
    """She is back from today; an absence that had not begun, or told by mistake today, is taken away."""
    with transaction.atomic():
        JournalHead.locked()
        found = type(absence).objects.filter(pk=absence.pk, ends_on__gte=today).first()
        if found is None:
            raise TransitionRefused("Cette absence est déjà retirée, ou elle est passée.")
        record("absence retirée", found, by=by, establishment=found.establishment)
        if found.starts_on >= today:
            found.delete()
        else:
            found.ends_on = today - timedelta(days=1)
            found.save()


def refuse_overlap(row):
    """Under the lock: two forms filled at once are both right until one is saved."""
    try:
        row.validate_constraints(exclude={"client_uuid"})
    except ValidationError as error:
        raise TransitionRefused(error.messages[0]) from error
