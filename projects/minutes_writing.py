"""Saving minutes that act (S-087, M22): each line typed « décision : » or « action : » has its object, once."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from core.french import short_date
from establishments.models import JournalHead, record
from establishments.workflow import TransitionRefused

from .line_matching import match
from .minutes import LineKind
from .minutes_of import read_for
from .models import ActionItem, Decision, Meeting, MinuteLine

CHANGED = ("title", "detail", "owner", "due_on")
LONGEST_TITLE = 200


class LinesRemoved(Exception):
    """Lines that have an object are no longer in the text: nothing is saved until somebody says it is meant."""

    def __init__(self, lines):
        super().__init__(f"{len(lines)} line(s)")
        self.lines = lines


@dataclass
class Written:
    """What a saving did; `unclear` are the readings that have no object yet, `closed` lines whose action is over."""

    made: int = 0
    changed: int = 0
    removed: int = 0
    unclear: list = field(default_factory=list)
    closed: list = field(default_factory=list)


def write(meeting, text, *, by, seen, removed=()):
    """Save the text and bring its objects up to date, all or nothing.

    `seen` is the number of the entry the page was drawn from (StaleVersion when somebody saved meanwhile); `removed`
    the keys of the lines whose disappearance is meant (LinesRemoved otherwise).
    """
    with transaction.atomic():
        JournalHead.locked()
        locked = Meeting._base_manager.select_for_update(of=("self",)).get(pk=meeting.pk)
        if locked.status not in Meeting.WRITABLE or locked.purged_at:
            raise TransitionRefused(f"Le relevé ne s’écrit pas\u00a0: {locked.get_status_display()}.")
        locked.stale(seen)
        done = _follow(locked, text, by, {str(key) for key in removed})
        locked.minutes, locked.lock = text, locked.lock + 1
        locked.save()
        note = f"{done.made} créées, {done.changed} modifiées, {done.removed} retirées"
        record("relevé écrit", locked, by=by, note=note, territory=locked.owning_territory)
    meeting.refresh_from_db()
    return done


def live_lines(meeting):
    return (
        meeting.lines.filter(removed_at__isnull=True)
        .select_related("action__owner", "decision")
        .order_by("number", "pk")
    )


def _follow(meeting, text, by, removed):
    whole = read_for(meeting, text)
    readings = [reading for reading in whole if reading.is_object]
    lines = list(live_lines(meeting))
    # What each line said before: only what was typed anew moves its action, which may have moved on its own page.
    told = {reading.entry.number: reading for reading in read_for(meeting, meeting.minutes)}
    found = match(
        [(line.kind, line.text) for line in lines],
        [(str(reading.entry.kind), reading.entry.text) for reading in readings],
    )
    gone = [line for place, line in enumerate(lines) if place not in found]
    if unsaid := [line for line in gone if str(line.key) not in removed]:
        raise LinesRemoved(unsaid)
    done = Written(unclear=[reading for reading in whole if reading.problems])
    for reading, place in zip(readings, found, strict=True):
        if reading.problems:
            continue
        if place is None:
            _make(meeting, reading, by)
            done.made += 1
        else:
            line = lines[place]
            before = told.get(line.number)
            same = before is not None and before.is_object and not before.problems and before.entry.text == line.text
            _bring_up(line, reading, before if same else None, by, done)
    for line in gone:
        _take_out(line, by)
        done.removed += 1
    return done


def _make(meeting, reading, by):
    entry = reading.entry
    line = MinuteLine(meeting=meeting, number=entry.number, kind=str(entry.kind), text=entry.text)
    if entry.kind is LineKind.DECISION:
        line.decision = Decision.objects.create(meeting=meeting, text=entry.text)
    else:
        action = ActionItem(
            territory=meeting.series.territory,
            origin_kind=ActionItem.Origin.MEETING,
            origin_label=str(meeting)[:LONGEST_TITLE],
            client_uuid=line.key,  # the same line sent twice is the same action
            **_facts(reading),
        )
        line.action = action.create_once(by=by)
    line.save(force_insert=True)
    return line


def _facts(reading):
    text, others = reading.entry.text, ", ".join(map(str, reading.others))
    told = [text if len(text) > LONGEST_TITLE else "", f"Avec {others}." if others else ""]
    return {
        "title": text[:LONGEST_TITLE],
        "detail": "\n".join(filter(None, told)),
        "owner": reading.owner,
        "due_on": reading.entry.due_on,
    }


def _bring_up(line, reading, told, by, done):
    before = (line.number, line.text)
    line.number, line.text = reading.entry.number, reading.entry.text
    if line.decision:
        changed = line.decision.text != line.text
        line.decision.text = line.text
        line.decision.save()
    else:
        facts = _facts(reading)
        if told is not None:
            facts = {name: value for name, value in facts.items() if value != _facts(told)[name]}
        changed = _amend(line, facts, by, done)
    if before != (line.number, line.text):
        line.save()
    done.changed += changed


def _amend(line, facts, by, done):
    action = line.action
    changed = [name for name in CHANGED if name in facts and getattr(action, name) != facts[name]]
    if changed and action.status not in ActionItem.FOLLOWED:
        done.closed.append(line)
        return False
    for name in changed:
        setattr(action, name, facts[name])
    if changed:
        action.amend(by=by, seen=action.version, names=changed)
    return bool(changed)


def _take_out(line, by):
    reason = f"Ligne retirée du relevé du {short_date(line.meeting.held_on)}."
    if line.decision and line.decision.status == Decision.Status.TO_APPLY:
        line.decision.drop(by=by, text=reason)
    if line.action and line.action.status in ActionItem.FOLLOWED:
        line.action.abandon(by=by, reason=reason)
    line.removed_at = timezone.now()
    line.save()


def orphans():
    """What a meeting made and that no line carries: always none (its form offers no « réunion » as an origin)."""
    decisions = Decision.objects.filter(line__isnull=True)
    actions = ActionItem.objects.filter(origin_kind=ActionItem.Origin.MEETING, minute_line__isnull=True)
    return [*decisions, *actions]
