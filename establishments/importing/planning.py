"""What an import would do, row by row, before anything is written."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.text import slugify

from core.french import NONE, normalise, number, short_date

from ..models import Authorisation, Establishment, Territory
from ..vocabulary import said
from . import positions
from .candidates import Candidate, Notice, Reject
from .profiles import Profile
from .provenance import hand_made
from .register import Known, Register

CODE_LENGTH = 60
METRES_TOLERATED = 0


@dataclass(frozen=True)
class Order:
    """What was asked. `by` None is the command line: no perimeter."""

    profile: Profile
    source: str
    today: date
    opened_on: date | None = None
    partial: bool = False
    overwrite: bool = False
    by: Any = None

    @property
    def reason(self) -> str:
        """How the history names what this source wrote."""
        return f"import {self.source}"[:100]


@dataclass(frozen=True)
class Change:
    """One field of an establishment that would change."""

    name: str
    label: str
    before: str
    after: str


@dataclass
class Step:
    """What a row does: creates, changes, or nothing."""

    candidate: Candidate
    known: Known | None
    territory: Territory | None = None
    changes: list[Change] = field(default_factory=list)
    code: str = ""

    @property
    def creates(self) -> bool:
        return self.known is None

    @property
    def writes(self) -> bool:
        return self.creates or bool(self.changes)


@dataclass
class Plan:
    order: Order
    steps: list[Step]
    rejects: list[Reject]
    notices: list[Notice]
    has_outlines: bool
    has_tree: bool

    @property
    def created(self) -> list[Step]:
        return [step for step in self.steps if step.creates]

    @property
    def updated(self) -> list[Step]:
        return [step for step in self.steps if not step.creates and step.changes]

    @property
    def unchanged_count(self) -> int:
        return len(self.steps) - len(self.created) - len(self.updated)

    @property
    def is_refused(self) -> bool:
        """All or nothing: one reject stops everything, unless a partial import was asked for."""
        return bool(self.rejects) and not self.order.partial

    @property
    def writes(self) -> bool:
        return not self.is_refused and any(step.writes for step in self.steps)

    @property
    def fingerprint(self) -> str:
        """The same for the same effects: what was shown is what is confirmed."""
        effects = [
            (step.candidate.key, step.creates, [(change.name, change.after) for change in step.changes])
            for step in self.steps
            if step.writes
        ]
        return hashlib.sha256(repr((effects, self.rejects)).encode()).hexdigest()


def make_plan(order: Order, candidates: list[Candidate], rejects: list[Reject]) -> Plan:
    """Compare the rows with the register. The number of queries does not depend on the number of rows."""
    codes = [entered_code(candidate) for candidate in candidates]
    register = Register.read(order.source, order.today, codes, order.by)
    plan = Plan(order, [], list(rejects), [], bool(register.outlines), bool(register.codes))
    steps = [_step(order, register, candidate) for candidate in candidates]
    hand = hand_made(order, [step.known.establishment for step in steps if step.known and step.changes])
    for step in steps:
        refusal = _out_of_reach(register, step) or _closed_too_soon(order, step)
        if refusal:
            plan.rejects.append(refusal)
            continue
        plan.notices.extend([*step.candidate.notices, *_keep_hand_made(order, step, hand)])
        plan.notices.extend([*_placing(register, step), *_position(register, step)])
        plan.steps.append(step)
    plan.rejects.sort(key=lambda each: each.line)
    plan.notices.extend(_same_address(plan.created))
    plan.notices.extend(_absent(register, candidates))
    return plan


def _step(order: Order, register: Register, candidate: Candidate) -> Step:
    known = register.known.get(candidate.key) or register.by_code.get(entered_code(candidate))
    territory = _wanted_territory(register, candidate, known)
    if known is None:
        return Step(candidate, None, territory, code=_free_code(register, candidate))
    step = Step(candidate, known, None, _differences(order, candidate, known))
    current = known.attachment.territory if known.attachment else None
    if territory and territory != current and _may_move(order, step, current, territory):
        step.territory = territory
        step.changes.append(Change("territory", "rattachement", str(current or NONE), str(territory)))
    return step


def _is_closed(order: Order, candidate: Candidate, known: Known) -> bool:
    """A house closed for good keeps its last sector and its last places: nothing begins after the closing."""
    closed_on = candidate.values.get("closed_on") or known.establishment.closed_on
    return closed_on is not None and closed_on <= order.today


def entered_code(candidate: Candidate) -> str:
    return slugify(candidate.code)[:CODE_LENGTH]


def opening_day(order: Order, candidate: Candidate) -> date:
    """The day given by the file, else by the person, else by the profile, else today."""
    given = candidate.values.get("opened_on") or order.opened_on
    return given or candidate.fallbacks.get("opened_on") or order.today


def _closed_too_soon(order: Order, step: Step) -> Reject | None:
    candidate = step.candidate
    closed_on = candidate.values.get("closed_on")
    opened_on = candidate.values.get("opened_on") or (step.known and step.known.establishment.opened_on)
    if closed_on is None or closed_on >= (opened_on or opening_day(order, candidate)):
        return None
    return Reject(candidate.line, "closed_on", short_date(closed_on), "la date de fermeture précède l’ouverture")


def _wanted_territory(register: Register, candidate: Candidate, known: Known | None) -> Territory | None:
    if candidate.sector:
        return register.codes.get(slugify(candidate.sector)) or register.waiting
    postcode = candidate.values.get("postcode") or (known.establishment.postcode if known else "")
    return register.territory_for(postcode)


def _may_move(order: Order, step: Step, current: Territory | None, wanted: Territory) -> bool:
    """Out of the waiting place freely; from one sector to another when the file names it, or when the house moved.

    What a person attached is kept all the same: see `_keep_hand_made`.
    """
    if step.known.was_attached and _is_closed(order, step.candidate, step.known):
        return False
    if current is None:
        return True
    if wanted.kind != Territory.Kind.SECTOR:
        return False
    return current.kind != Territory.Kind.SECTOR or bool(step.candidate.sector) or _moved(step)


def _moved(step: Step) -> bool:
    return any(change.name == "postcode" for change in step.changes)


def _free_code(register: Register, candidate: Candidate) -> str:
    wanted = candidate.code or f"{candidate.values['name']} {candidate.values.get('postcode', '')}"
    base = slugify(wanted.replace("’", " ").replace("/", "-"))[:CODE_LENGTH].strip("-") or "etablissement"
    code, rank = base, 1
    while code in register.taken:
        rank += 1
        code = f"{base[: CODE_LENGTH - len(str(rank)) - 1]}-{rank}"
    register.taken.add(code)
    return code


def _differences(order: Order, candidate: Candidate, known: Known) -> list[Change]:
    """Fields that the file gives and that differ; what it leaves blank is left as it is."""
    changes: list[Change] = []
    for name, after in candidate.values.items():
        before = getattr(known.establishment, name)
        if before != after:
            changes.append(Change(name, Establishment._meta.get_field(name).verbose_name, shown(before), shown(after)))
    places = known.authorisation.places if known.authorisation else None
    if candidate.places not in (None, places) and not _is_closed(order, candidate, known):
        label = Authorisation._meta.get_field("places").verbose_name
        changes.append(Change("places", label, shown(places), shown(candidate.places)))
    if not known.has_key:
        changes.append(Change("key", "clé d’import", NONE, candidate.key))
    return changes


def shown(value: Any) -> str:
    if value in (None, ""):
        return NONE
    return short_date(value) if isinstance(value, date) else str(value)


def _out_of_reach(register: Register, step: Step) -> Reject | None:
    """The row of another perimeter, or of an unknown sector."""
    line, candidate = step.candidate.line, step.candidate
    if candidate.sector and slugify(candidate.sector) not in register.codes:
        return Reject(line, "secteur", candidate.sector[:120], "aucun territoire ne porte ce code")
    if register.own_territories is None:
        return None
    reason = str(said("{establishment.ce} est hors de votre périmètre"))
    outside = Reject(line, "ligne", candidate.title[:120], reason)
    if step.known and step.known.establishment.pk not in register.own_establishments:
        return outside
    if step.creates and step.territory is None or step.territory and step.territory.pk not in register.own_territories:
        return outside
    return None


def _keep_hand_made(order: Order, step: Step, hand: set[tuple[int, str]]) -> Iterable[Notice]:
    """What a person corrected stays, unless the import was told to overwrite; a blank is always filled."""
    if order.overwrite or step.known is None:
        return
    pk, attachment = step.known.establishment.pk, step.known.attachment
    waited = attachment is not None and attachment.territory.kind != Territory.Kind.SECTOR
    kept = [
        change
        for change in step.changes
        if (pk, change.name) in hand and change.before != NONE and not (change.name == "territory" and waited)
    ]
    step.changes = [change for change in step.changes if change not in kept]
    names = {change.name for change in kept}
    if "postcode" in names and not step.candidate.sector:  # its sector came from a postcode that is not followed
        step.changes = [change for change in step.changes if change.name != "territory"]
    if not any(change.name == "territory" for change in step.changes):
        step.territory = None
    for change in kept:
        text = (
            f"{change.label}\u00a0: «\u00a0{change.before}\u00a0» gardé, le fichier dit «\u00a0{change.after}\u00a0»"
        )
        yield Notice("kept", step.candidate.line, f"{step.known.establishment}, {text}")


def _placing(register: Register, step: Step) -> Iterable[Notice]:
    candidate = step.candidate
    if step.creates and "kind" not in candidate.values and "kind" not in candidate.fallbacks:
        yield Notice(
            "assumed", candidate.line, f"{candidate.title}\u00a0: type absent, «\u00a0crèche collective\u00a0»"
        )
    attached = step.known.attachment.territory if step.known and step.known.attachment else None
    target = step.territory or attached
    if register.codes and (target is None or target.kind != Territory.Kind.SECTOR):
        yield Notice("no_sector", candidate.line, candidate.title)


def _position(register: Register, step: Step) -> Iterable[Notice]:
    """A point outside the outline of its address is said, with the distance; the address is believed."""
    candidate = step.candidate
    if "latitude" not in candidate.values:
        yield Notice("no_point", candidate.line, candidate.title)
        return
    if not register.outlines:
        return
    values, territory = candidate.values, step.territory
    if territory is None and step.known and step.known.attachment:
        territory = step.known.attachment.territory
    nearby = territory.postcodes.split() if territory else []
    code = territory.code if territory and territory.kind == Territory.Kind.SECTOR else ""
    outline = register.outline_for(candidate.insee, values.get("postcode", ""), code, values.get("city", ""), *nearby)
    if outline is None:
        yield Notice("unchecked", candidate.line, candidate.title)
        return
    latitude, longitude = float(values["latitude"]), float(values["longitude"])
    metres = positions.distance(outline.geometry, latitude, longitude)
    if metres > METRES_TOLERATED:
        around = ", ".join(each.name for each in register.outlines_around(latitude, longitude)) or "aucun contour"
        far = f"{number(round(metres))}\u00a0m" if metres >= 1 else "moins d’un mètre"
        text = f"{candidate.title}\u00a0: à {far} du contour «\u00a0{outline.name}\u00a0», dans «\u00a0{around}\u00a0»"
        yield Notice("misplaced", candidate.line, text)


def _same_address(steps: list[Step]) -> Iterable[Notice]:
    groups = defaultdict(list)
    for step in steps:
        street = normalise(step.candidate.values.get("street", ""))
        if any(character.isdigit() for character in street):
            groups[street, step.candidate.values.get("postcode", "")].append(step.candidate)
    for group in groups.values():
        if len(group) > 1:
            names = Counter(each.values["name"] for each in group)
            text = "\u202f; ".join(f"{name} (ligne {_line(group, name)})" for name in names)
            yield Notice("same_address", group[0].line, text)


def _line(group: list[Candidate], name: str) -> str:
    return ", ".join(str(each.line) for each in group if each.values["name"] == name)


def _absent(register: Register, candidates: list[Candidate]) -> Iterable[Notice]:
    """Known from this source and not in the file: nothing is closed or deleted by an import."""
    given = {candidate.key for candidate in candidates}
    for key, known in register.known.items():
        if key not in given and known.establishment.closed_on is None:
            yield Notice("absent", 0, str(known.establishment))
