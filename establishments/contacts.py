"""« Qui appeler ici, aujourd’hui ? »: who holds each function over a house on a day, and who stands in (S-009).

One query whatever the number of houses: directorships, shared functions, mandates and absences in one union.
An absence says until when, never why.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import BooleanField, CharField, F, IntegerField, Q, Value

from core.compiled import rounded, rows_once
from core.french import full_date
from core.periods import active_on

from .models import Directorship, Mandate, Role, SharedRole, Unavailability
from .vocabulary import words

DIRECTOR, DEPUTY = Directorship.Position.DIRECTOR.value, Directorship.Position.DEPUTY.value
COORDINATOR, POLE_HEAD = Role.COORDINATOR.value, Role.POLE_HEAD.value
ABSENCE = "absence"
ORDER = [DIRECTOR, DEPUTY, *SharedRole.Function.values, COORDINATOR, POLE_HEAD]
# Who answers when nobody else of the same function does (CSP R. 2324-36 for the direction: the deputy first).
RELAYS = {DIRECTOR: [DEPUTY, COORDINATOR, POLE_HEAD], POLE_HEAD: [COORDINATOR]}
OTHERWISE = [COORDINATOR, POLE_HEAD]
FROM_ATTACHMENT = "territory__descendant_links__descendant__attachments__"
COLUMNS = ["what", "house", "who", "given", "family", "mail", "line", "rank", "relief", "since", "until"]


@dataclass(frozen=True)
class Contact:
    """One person to call for one function; `instead` names who to call while she is absent, "" when nobody is there.

    A function that must be held and is not (the direction) is a contact without a person (`is_vacant`).
    """

    function: str
    label: str
    name: str = ""
    phone: str = ""
    email: str = ""
    rank: int = 1
    is_interim: bool = False
    absent_until: date | None = None
    instead: str = ""
    person_id: int | None = None
    since: date | None = None

    @property
    def is_vacant(self) -> bool:
        return self.person_id is None

    @property
    def is_absent(self) -> bool:
        return self.absent_until is not None

    @property
    def can_be_called(self) -> bool:
        return not self.is_vacant and not self.is_absent

    @property
    def notice(self) -> str:
        """ "absent·e jusqu’au 20 mars 2026 → Paul Martin (adjoint·e)", "" for a person who answers."""
        return f"{self.state} → {self.instead or 'personne n’est désigné'}" if self.state else ""

    @property
    def state(self) -> str:
        """Why this person cannot be called, without who stands in: for paper, whose letters have no arrow."""
        if self.can_be_called:
            return ""
        return "poste vacant" if self.is_vacant else f"absent·e jusqu’au {full_date(self.absent_until)}"


def whom_to_call(establishment, on) -> list[Contact]:
    """Everyone to call for a house on a day, in the order to call them. One query."""
    return whom_to_call_in([establishment.pk], on)[establishment.pk]


def whom_to_call_in(houses, on) -> dict[int, list[Contact]]:
    """The same for several houses, given by their ids: {id: contacts}. One query."""
    houses = list(houses)
    holders, absences = defaultdict(list), defaultdict(list)
    for row in _everyone(on, *rounded(houses)) if houses else ():
        if row["what"] == ABSENCE:
            absences[row["who"]].append((row["since"], row["until"]))
        else:
            holders[row["house"]].append(row)
    back = {who: _absent_until(periods, on) for who, periods in absences.items()}
    return {house: _contacts(holders[house], back) for house in houses}


def common_and_own(by_house) -> tuple[list[Contact], dict[int, list[Contact]]]:
    """What all the houses share, told once, and what is left to each: {id: contacts}."""
    shared = (
        set.intersection(*({_who(one) for one in contacts} for contacts in by_house.values())) if by_house else set()
    )
    shared = {who for who in shared if who[0] not in {DIRECTOR, DEPUTY}} if len(by_house) > 1 else set()
    own = {house: [one for one in contacts if _who(one) not in shared] for house, contacts in by_house.items()}
    first = next(iter(by_house.values()), [])
    return [contact for contact in first if _who(contact) in shared], own


def _who(contact):
    return contact.function, contact.person_id


@rows_once
def _everyone(on, *houses):
    """Rows of COLUMNS: who holds what over which house, then the absences of these persons from that day on."""
    by_house, by_territory = Q(establishment__in=houses), Q(**{f"{FROM_ATTACHMENT}establishment__in": houses})
    by_territory &= active_on(on, prefix=FROM_ATTACHMENT)
    directing = Directorship.objects.active_on(on).filter(by_house)
    shared, mandates = SharedRole.objects.active_on(on), Mandate.objects.active_on(on)
    mandates = mandates.filter(role__in=[COORDINATOR, POLE_HEAD], user__is_active=True)
    own, of_territory = "establishment", f"{FROM_ATTACHMENT}establishment"
    depth = F("territory__descendant_links__depth")
    legs = [
        (directing, "position", own, "person", Value(1), F("is_interim")),
        (shared.filter(by_house), "function", own, "person", F("rank"), Value(False)),
        (shared.filter(by_territory), "function", of_territory, "person", F("rank"), Value(False)),
        (mandates.filter(by_house), "role", own, "user", Value(0), F("is_interim")),
        (mandates.filter(by_territory), "role", of_territory, "user", depth, F("is_interim")),
    ]
    concerned = Q()
    for rows, _, _, person, _, _ in legs:
        concerned |= Q(person__in=rows.order_by().values(person))
    absent = Unavailability.objects.filter(concerned, ends_on__gte=on)
    selected = [
        _columns(rows, F(what), F(house), who, rank, interim) for rows, what, house, who, rank, interim in legs
    ]
    selected.append(_columns(absent, Value(ABSENCE), Value(0), "person", Value(0), Value(False)))
    return selected[0].union(*selected[1:], all=True)


def _columns(rows, what, house, person, rank, interim):
    for value, field in (
        (what, CharField()),
        (house, IntegerField()),
        (rank, IntegerField()),
        (interim, BooleanField()),
    ):
        if isinstance(value, Value):
            value.output_field = field
    named = {
        "what": what,
        "house": house,
        "who": F(person),
        "given": F(f"{person}__first_name"),
        "family": F(f"{person}__last_name"),
        "mail": F(f"{person}__email"),
        "line": F(f"{person}__phone"),
        "relief": interim,
        "since": F("starts_on"),
        "until": F("ends_on"),
    }
    if rank != F("rank"):
        named["rank"] = rank
    return rows.order_by().annotate(**named).values(*COLUMNS)


def _absent_until(periods, on):
    """The last day of the absence that holds `on`, through the ones that follow it without a gap; None if present."""
    until = None
    for start, end in sorted(periods):
        if start <= (until + timedelta(days=1) if until else on):
            until = max(until or end, end)
    return until


def _contacts(rows, back):
    rows = sorted(
        rows, key=lambda row: (ORDER.index(row["what"]), row["rank"], row["relief"], row["family"], row["who"])
    )
    found, seen = [], set()
    for row in rows:
        if (row["what"], row["who"]) not in seen:
            seen.add((row["what"], row["who"]))
            found.append(_contact(row, back.get(row["who"])))
    if not any(contact.function == DIRECTOR for contact in found):
        found.insert(0, Contact(DIRECTOR, label_of(DIRECTOR)))
    return [
        contact if contact.can_be_called else replace(contact, instead=_relay(contact, found)) for contact in found
    ]


def _contact(row, absent_until):
    return Contact(
        function=row["what"],
        label=label_of(row["what"]),
        name=f"{row['given']} {row['family']}".strip(),
        phone=row["line"],
        email=row["mail"],
        rank=row["rank"],
        is_interim=row["relief"],
        absent_until=absent_until,
        person_id=row["who"],
        since=row["since"],
    )


def _relay(absent, contacts):
    """The next of the same function who answers, else the first of those who stand in for it."""
    for function in [absent.function, *RELAYS.get(absent.function, OTHERWISE)]:
        for contact in contacts:
            if contact.function == function and contact.can_be_called and contact.person_id != absent.person_id:
                return f"{contact.name} ({contact.label})"
    return ""


def label_of(function) -> str:
    """The word of the collectivité for a function."""
    if function in {DIRECTOR, DEPUTY, COORDINATOR, POLE_HEAD}:
        return words()[function].singular
    return SharedRole.Function(function).label
