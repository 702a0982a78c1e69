"""The minutes of one meeting, read with its people: what each line would become, or why it cannot yet."""

from dataclasses import dataclass

from core.french import full_date, sentence_list
from core.models import User

from .minutes import LineKind, MinuteEntry, read_minutes, who
from .models import Meeting
from .owners import people_around


@dataclass(frozen=True)
class Reading:
    """One line of the minutes; `problems` are the French sentences that keep it from becoming an object."""

    entry: MinuteEntry
    owner: User | None = None
    others: tuple[User, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def is_object(self) -> bool:
        return self.entry.kind is not LineKind.INFORMATION

    @property
    def sentence(self) -> str:
        """ "Action pour Alice Roux, avant le 3 avril 2026 : Afficher le protocole"."""
        if self.entry.kind is LineKind.DECISION:
            return f"Décision\u00a0: {self.entry.text}"
        whom = f" pour {sentence_list([self.owner, *self.others])}" if self.owner else ""
        day = f", avant le {full_date(self.entry.due_on)}" if self.entry.due_on else ""
        return f"Action{whom}{day}\u00a0: {self.entry.text}"


def read_for(meeting, text):
    """Readings of `text` in its order, people found among the members first, then in the territory. Three queries."""
    following = Meeting.objects.live().filter(series=meeting.series_id, held_on__gt=meeting.held_on)
    next_on = following.order_by("held_on").values_list("held_on", flat=True).first()
    around = {person.pk: person for person in people_around(meeting.series.territory)}
    members = set(meeting.series.memberships.values_list("person", flat=True))
    names = [(pk, str(person)) for pk, person in around.items()]
    rings = [[name for name in names if name[0] in members], names]
    entries = read_minutes(text, held_on=meeting.held_on, next_on=next_on, names=names)
    return [_reading(entry, rings, around) for entry in entries]


def _reading(entry, rings, around):
    problems = [problem.sentence for problem in entry.problems]
    people = []
    for handle in (entry.handle, *entry.also) if entry.kind is LineKind.ACTION and entry.handle else ():
        found = next((keys for keys in (who(handle, names) for names in rings) if keys), [])
        if len(found) == 1:
            people.append(around[found[0]])
        else:
            problems.append(_unclear(handle, [around[key] for key in found]))
    owner, *others = people if len(people) == 1 + len(entry.also) else [None]
    return Reading(entry, owner, tuple(others), tuple(problems))


def _unclear(handle, people):
    if not people:
        return f"Personne ne répond à «\u00a0@{handle}\u00a0» dans cette réunion ni sur ce territoire."
    names = sentence_list(sorted(str(person) for person in people), "ou")
    return f"«\u00a0@{handle}\u00a0» peut être {names}\u00a0: écrivez «\u00a0@prénom.nom\u00a0»."
