"""What is done with a suggestion: put on the agenda, set aside for this meeting, suggested again."""

from django.db import transaction

from core.attention import SAFETY
from core.french import typo
from establishments.models import JournalHead, record
from establishments.workflow import TransitionRefused

from .models import Meeting, SetAside, Subject

LONGEST_TITLE = 160


def already_there(meeting, key):
    """The open subject of the series that comes from the same thing, or None."""
    return Subject.objects.born_of(key).filter(series=meeting.series_id).first()


def put_on_agenda(meeting, suggestion, *, by):
    """Make it a subject of the series, which keeps where it comes from. The same suggestion twice is one subject."""
    with transaction.atomic():
        locked = _preparing(meeting)
        known = already_there(locked, suggestion.key)
        if known is not None:
            return known
        pressing = suggestion.weight >= SAFETY
        subject = Subject.objects.create(
            series_id=locked.series_id,
            title=_short(suggestion.title),
            detail=suggestion.reason,
            priority=Subject.Priority.HIGH if pressing else Subject.Priority.NORMAL,
            minutes=suggestion.minutes,
            sponsor=by,
            proposed_by=by,
            origin_key=suggestion.key,
            origin_url=suggestion.url,
        )
        SetAside.objects.filter(meeting=locked, key=suggestion.key).delete()
        record("sujet suggéré inscrit", subject, by=by, note=suggestion.reason, territory=locked.owning_territory)
    return subject


def set_aside(meeting, suggestion, *, by):
    """Not this time: it is suggested again for the next meeting, if it is still open by then."""
    with transaction.atomic():
        locked = _preparing(meeting)
        given = {"set_aside_by": by}
        _, made = SetAside.objects.get_or_create(meeting=locked, key=suggestion.key, defaults=given)
        if made:
            record("sujet suggéré écarté", locked, by=by, note=suggestion.title, territory=locked.owning_territory)


def suggest_again(meeting, suggestion, *, by):
    with transaction.atomic():
        locked = _preparing(meeting)
        if SetAside.objects.filter(meeting=locked, key=suggestion.key).delete()[0]:
            record("sujet suggéré de nouveau", locked, by=by, note=suggestion.title, territory=locked.owning_territory)


def _preparing(meeting):
    """The meeting, locked after the journal, as for every decision; refused once its agenda is sent."""
    JournalHead.locked()
    locked = Meeting._base_manager.select_for_update(of=("self",)).get(pk=meeting.pk)
    if locked.status != Meeting.Status.PREPARING:
        raise TransitionRefused(typo(f"L’ordre du jour ne change plus : {locked.get_status_display()}."))
    return locked


def _short(title):
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rstrip()}…"
