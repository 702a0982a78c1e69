"""A meeting on paper and its roll call: one frozen object for the PDF and for its tests."""

from dataclasses import dataclass
from datetime import date

from core.french import capitalise, full_date

from .meeting_page import agenda_of
from .minutes_writing import live_lines
from .models import Attendance, Meeting

WRITTEN = [Meeting.Status.HELD, Meeting.Status.PUBLISHED]


@dataclass(frozen=True)
class PaperLine:
    """A decision (no owner, no day) or an action."""

    text: str
    owner: str = ""
    due_on: date | None = None
    status: str = ""


@dataclass(frozen=True)
class MeetingPaper:
    """`agenda` is (subject, sponsor, minutes); `presence` (state, names)."""

    title: str
    subject: str
    territory: str
    when: str
    place: str
    is_published: bool
    undone: tuple[PaperLine, ...]
    agenda: tuple[tuple[str, str, int], ...]
    presence: tuple[tuple[str, tuple[str, ...]], ...]
    guests: str
    decisions: tuple[PaperLine, ...]
    actions: tuple[PaperLine, ...]
    text: str


def reads_minutes(meeting, manages):
    """Minutes are for those who write them until they are handed out."""
    return manages or meeting.status == Meeting.Status.PUBLISHED


def roll_call(meeting):
    """[(person, state or "")] of the members and of whoever was noted, by name. Two queries."""
    noted = {one.person_id: one for one in meeting.attendance.select_related("person")}
    people = {person.pk: person for person in meeting.series.members.all()}
    people |= {one.person_id: one.person for one in noted.values()}
    rows = [(person, noted[pk].state if pk in noted else "") for pk, person in people.items()]
    return sorted(rows, key=lambda row: (row[0].last_name, row[0].first_name, row[0].pk))


def states_typed(meeting, typed):
    """{person's key: state} of the roll call's form; what is no state, or no member, is left out."""
    asked = {person.pk: typed.get(f"presence-{person.pk}", "") for person, _ in roll_call(meeting)}
    return {pk: state for pk, state in asked.items() if state in Attendance.State.values}


def paper_of(meeting, *, reads):
    """The paper of a meeting; without `reads`, its agenda alone. Six queries."""
    agenda = agenda_of(meeting)
    lines = list(live_lines(meeting)) if reads else []
    is_written = reads and meeting.status in WRITTEN
    names = {state: [] for state in Attendance.State}
    for person, state in roll_call(meeting) if is_written else []:
        if state:
            names[Attendance.State(state)].append(str(person))
    undone = [PaperLine(one.title, _owner(one), one.due_on, one.get_status_display()) for one in agenda.actions]
    undone += [PaperLine(one.text, "", None, one.get_status_display()) for one in agenda.decisions]
    return MeetingPaper(
        title=str(meeting),
        subject="Relevé de réunion" if is_written else "Ordre du jour",
        territory=str(meeting.series.territory),
        when=f"{capitalise(full_date(meeting.held_on))}, {meeting.hours}",
        place=meeting.place,
        is_published=meeting.status == Meeting.Status.PUBLISHED,
        undone=() if is_written else tuple(undone),
        agenda=tuple((one.title, str(one.sponsor or ""), one.minutes) for one in agenda.subjects),
        presence=tuple((state.label, tuple(people)) for state, people in names.items() if people),
        guests=meeting.guests if is_written else "",
        decisions=tuple(PaperLine(line.decision.text) for line in lines if line.decision),
        actions=tuple(PaperLine(one.title, _owner(one), one.due_on) for one in _actions(lines)),
        text=meeting.minutes if is_written else "",
    )


def _actions(lines):
    return [line.action for line in lines if line.action]


def _owner(action):
    return str(action.owner or "personne")
