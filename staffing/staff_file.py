"""A file of agents and of their hours: read, planned against what is known, then written once it is confirmed.

One row an agent, two when her weeks alternate (column « semaine », A then B). No column for health or family: an
unknown column is left aside and said.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from core.french import counted, normalise
from core.pdf.fingerprints import fingerprint
from core.spreadsheets import Row, clean_text, parse_date_fr, parse_decimal_fr, read_table
from establishments.models import Capability, Establishment, JournalHead, record

from .importing.recording import keep_import
from .importing.snapshots import postings_of, read_agents
from .keeping import keep_roster
from .models import Employee, Posting
from .week_text import Stretch, UnreadableHours, read_day

MAX_ROWS = 5_000
COLUMNS = {
    "staff_number": ("matricule", "numero", "identifiant"),
    "last_name": ("nom", "nom de famille", "nom d usage"),
    "first_name": ("prenom",),
    "house": ("etablissement", "structure", "creche", "code etablissement"),
    "job": ("metier", "fonction", "emploi", "grade"),
    "category": ("categorie", "categorie r 2324 42"),
    "fte": ("etp", "quotite", "temps de travail"),
    "weekly_days": ("jours par semaine", "jours travailles", "jours"),
    "starts_on": ("du", "depuis le", "date d arrivee", "debut"),
    "ends_on": ("au", "jusqu au", "date de depart", "fin"),
    "children_since": ("aupres d enfants depuis", "experience depuis"),
    "week": ("semaine",),
    **{f"day_{n}": (name,) for n, name in enumerate(("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"), 1)},
}
REQUIRED = ("staff_number", "last_name", "first_name", "house", "job", "starts_on")
JOBS = {normalise(str(job.label)): job for job in Posting.Job} | {
    "directrice": Posting.Job.DIRECTOR,
    "directeur": Posting.Job.DIRECTOR,
    "responsable": Posting.Job.DIRECTOR,
    "adjointe": Posting.Job.DEPUTY,
    "adjoint": Posting.Job.DEPUTY,
    "eje": Posting.Job.EJE,
    "infirmiere": Posting.Job.NURSE,
    "puericultrice": Posting.Job.NURSE,
    "auxiliaire": Posting.Job.AUXILIARY,
    "auxiliaire de puericulture": Posting.Job.AUXILIARY,
    "cap": Posting.Job.ASSISTANT,
    "cap aepe": Posting.Job.ASSISTANT,
    "agent aupres d enfants": Posting.Job.ASSISTANT,
    "agent technique": Posting.Job.SUPPORT,
    "cuisine": Posting.Job.SUPPORT,
    "apprentie": Posting.Job.APPRENTICE,
    "apprenti": Posting.Job.APPRENTICE,
}
CATEGORIES = {"1": 1, "1 deg": 1, "i": 1, "2": 2, "ii": 2, "": None}


@dataclass(frozen=True)
class Rejected:
    line: int
    reason: str

    def __str__(self) -> str:
        return f"ligne {self.line}\u00a0: {self.reason}"


@dataclass(frozen=True)
class Person:
    """What the file says of one agent; `days` by (week, weekday)."""

    line: int
    staff_number: str
    first_name: str
    last_name: str
    house: int
    job: str
    category: int | None
    fte: Decimal
    weekly_days: Decimal
    starts_on: date
    ends_on: date | None = None
    children_since: date | None = None
    days: dict[tuple[int, int], list[Stretch]] = field(default_factory=dict)

    @property
    def weeks(self) -> int:
        return 2 if any(week == 2 for week, _ in self.days) else 1


@dataclass(frozen=True)
class StaffPlan:
    """What the file would do, agent by agent; `print` tells one plan from another."""

    created: tuple[Person, ...]
    moved: tuple[Person, ...]
    timed: tuple[Person, ...]
    unchanged: int
    rejected: tuple[Rejected, ...]
    ignored: tuple[str, ...]

    @property
    def writes(self) -> bool:
        return bool(self.created or self.moved or self.timed)

    @property
    def print(self) -> str:
        return fingerprint([repr(self.created), repr(self.moved), repr(self.timed), len(self.rejected)])

    @property
    def counts(self) -> str:
        parts = [
            counted(len(self.created), "agent créé", "agents créés"),
            counted(len(self.moved), "affectation nouvelle", "affectations nouvelles"),
            counted(len(self.timed), "horaire nouveau", "horaires nouveaux"),
            counted(self.unchanged, "ligne sans changement", "lignes sans changement"),
            counted(len(self.rejected), "ligne rejetée", "lignes rejetées"),
        ]
        return ", ".join(parts)


def read_people(content: bytes, filename: str, user) -> tuple[list[Person], list[Rejected], list[str]]:
    """(people, rejected rows, columns left aside). Raises UnreadableFile."""
    table = read_table(content, filename, max_rows=MAX_ROWS)
    names, ignored = _columns(table.headers)
    houses = Establishment.objects.visible_to(user, Capability.MANAGE_STAFF).order_by()
    known = {}
    for pk, code, name in houses.values_list("pk", "code", "name"):
        known[normalise(code)] = known[normalise(name)] = pk
    people, rejected = {}, []
    for row in table.rows:
        try:
            _gather(people, _person(row, names, known))
        except ValueError as error:
            rejected.append(Rejected(row.number, str(error)))
    return list(people.values()), rejected, ignored


def _columns(headers: Iterable[str]) -> tuple[dict[int, str], list[str]]:
    aliases = {alias: name for name, found in COLUMNS.items() for alias in found}
    names, ignored = {}, []
    for at, header in enumerate(headers):
        name = aliases.get(normalise(header))
        if name is None:
            ignored.append(clean_text(header))
        else:
            names[at] = name
    return names, [header for header in ignored if header]


def _person(row: Row, names: dict[int, str], houses: dict[str, int]) -> Person:
    given: dict[str, Any] = {name: row.cells[at] for at, name in names.items() if at < len(row.cells)}
    text = {name: clean_text(given.get(name, "")) for name in COLUMNS}
    if missing := [COLUMNS[name][0] for name in REQUIRED if not text[name]]:
        raise ValueError(f"il manque {', '.join(missing)}")
    house, job = houses.get(normalise(text["house"])), JOBS.get(normalise(text["job"]))
    if house is None:
        raise ValueError(f"«\u00a0{text['house']}\u00a0» n’est pas une maison que vous tenez")
    if job is None:
        raise ValueError(f"le métier «\u00a0{text['job']}\u00a0» n’est pas connu")
    week = 2 if text["week"].upper() in ("B", "2") else 1
    return Person(
        line=row.number,
        staff_number=text["staff_number"][:30],
        first_name=text["first_name"][:80],
        last_name=text["last_name"][:80],
        house=house,
        job=str(job.value),
        category=_category(text["category"], job),
        fte=_between(given.get("fte"), Decimal("0.01"), Decimal(1), Decimal(1), "ETP"),
        weekly_days=_between(given.get("weekly_days"), Decimal("0.5"), Decimal(7), Decimal(5), "jours par semaine"),
        starts_on=parse_date_fr(given["starts_on"]),
        ends_on=parse_date_fr(given.get("ends_on", "")),
        children_since=parse_date_fr(given.get("children_since", "")),
        days=_days(text, week),
    )


def _category(text, job):
    if not text:
        default = Posting.CATEGORIES[job]
        return None if default is None else int(default)
    key = normalise(text)
    if key not in CATEGORIES:
        raise ValueError(f"la catégorie «\u00a0{text}\u00a0» n’est ni 1 ni 2")
    return CATEGORIES[key]


def _between(cell, low, high, default, name) -> Decimal:
    value = parse_decimal_fr(cell) if cell not in (None, "") else None
    if value is None:
        return default
    value = value / 100 if name == "ETP" and value > 1 else value
    if not low <= value <= high:
        raise ValueError(f"{name}\u00a0: {value} est hors de la plage {low} à {high}")
    return value


def _days(text, week) -> dict[tuple[int, int], list[Stretch]]:
    found = {}
    for weekday in range(1, 7):
        try:
            if stretches := read_day(text[f"day_{weekday}"]):
                found[week, weekday] = stretches
        except UnreadableHours as error:
            raise ValueError(str(error)) from error
    return found


def _gather(people: dict[str, Person], person: Person) -> None:
    """The row of week B completes the row of week A of the same agent."""
    before = people.get(person.staff_number)
    if before is None:
        people[person.staff_number] = person
        return
    if before.days.keys() & person.days.keys() or before.house != person.house:
        raise ValueError(f"le matricule {person.staff_number} est déjà à la ligne {before.line}")
    people[person.staff_number] = replace(before, days=before.days | person.days)


def plan_people(people, rejected, ignored, user) -> StaffPlan:
    """What changes. Nothing is written; an agent posted where the user keeps no team is rejected."""
    rows = Employee.objects.filter(staff_number__in=[person.staff_number for person in people])
    employees = {row.staff_number: row for row in rows.prefetch_related("postings__rosters__slots")}
    own = set(Establishment.objects.visible_to(user, Capability.MANAGE_STAFF).order_by().values_list("pk", flat=True))
    made = defaultdict(list)
    rejected, unchanged = list(rejected), 0
    for person in people:
        employee = employees.get(person.staff_number)
        if employee is None:
            made["created"].append(person)
            continue
        current = next((p for p in employee.postings.all() if _holds(p, person.starts_on)), None)
        moves = current is None or not _same_post(current, person)
        replaced = [p for p in employee.postings.all() if moves and p.starts_on > person.starts_on]
        if any(p.establishment_id not in own for p in [*replaced, *filter(None, [current])]):
            reason = f"le matricule {person.staff_number} est affecté hors de votre périmètre"
            rejected.append(Rejected(person.line, reason))
        elif moves:
            made["moved"].append(person)
        elif person.days and not _same_hours(current, person):
            made["timed"].append(person)
        else:
            unchanged += 1
    groups = {name: tuple(made[name]) for name in ("created", "moved", "timed")}
    return StaffPlan(**groups, unchanged=unchanged, rejected=tuple(rejected), ignored=tuple(ignored))


def _holds(posting, day):
    return posting.starts_on <= day and (posting.ends_on is None or day <= posting.ends_on)


def _same_post(posting, person):
    known = (posting.establishment_id, posting.job, posting.category, posting.fte, posting.weekly_days)
    return known == (person.house, person.job, person.category, person.fte, person.weekly_days)


def _same_hours(posting, person):
    latest = max(posting.rosters.all(), key=lambda roster: roster.starts_on, default=None)
    if latest is None:
        return False
    found = defaultdict(list)
    for slot in latest.slots.all():
        found[slot.week, slot.weekday].append(Stretch(slot.starts_at, slot.ends_at, slot.task))
    return {key: sorted(found[key]) for key in found} == {key: sorted(days) for key, days in person.days.items()}


def carry_out(content: bytes, filename: str, expected: str, *, by) -> tuple[StaffPlan, Any]:
    """Write the plan that was shown, in one transaction: (plan, StaffImport).

    Another plan than the expected one is given back without being written, with None.
    """
    with transaction.atomic():
        JournalHead.locked()
        plan = plan_people(*read_people(content, filename, by), by)
        if plan.print != expected or not plan.writes:
            return plan, None
        groups = {"created": plan.created, "moved": plan.moved, "timed": plan.timed}
        known = read_agents("staff_number", (person.staff_number for person in (*plan.moved, *plan.timed)))
        prior = {number: postings_of(employee) for number, employee in known.items()}
        for person in plan.created:
            _post(_employee(person), person, by)
        for person in plan.moved:
            employee = Employee.objects.get(staff_number=person.staff_number)
            _leave_place(employee, person)
            _post(employee, person, by)
        for person in plan.timed:
            posting = Employee.objects.get(staff_number=person.staff_number).postings.active_on(person.starts_on).get()
            _time(posting, person, by)
        return plan, keep_import(groups, prior, filename, by=by)


def _employee(person):
    return Employee.objects.create(
        staff_number=person.staff_number,
        first_name=person.first_name,
        last_name=person.last_name,
        children_since=person.children_since,
    )


def _leave_place(employee, person):
    """The posting of before ends the day before; one that began the same day or later was an earlier version."""
    employee.postings.filter(starts_on__gte=person.starts_on).delete()
    for before in employee.postings.touching(person.starts_on, person.ends_on):
        before.ends_on = person.starts_on - timedelta(days=1)
        before.save()


def _post(employee, person, by):
    posting = Posting.objects.create(
        employee=employee,
        establishment_id=person.house,
        job=person.job,
        category=person.category,
        fte=person.fte,
        weekly_days=person.weekly_days,
        starts_on=person.starts_on,
        ends_on=person.ends_on,
    )
    record("affectation importée", posting, by=by, establishment=posting.establishment)
    _time(posting, person, by)


def _time(posting, person, by):
    if person.days:
        dates = {"starts_on": person.starts_on, "ends_on": person.ends_on}
        keep_roster(posting, person.days, weeks=person.weeks, by=by, **dates)
