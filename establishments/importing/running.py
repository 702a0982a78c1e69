"""One import from the file to the register: read, plan, and, when it is confirmed, write and journal."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.spreadsheets import clean_text, is_total, read_table

from ..models import ImportKey, JournalHead, Territory, record
from ..vocabulary import described
from .applying import apply_plan
from .candidates import Candidate, Reject, read_candidates
from .planning import Order, Plan, make_plan
from .profiles import Profile, UnknownProfile, detect, header_index, load_profile

MAX_ROWS = 20_000


@dataclass(frozen=True)
class Reading:
    """A file, read: what it is, its rows as candidates, those that cannot be."""

    filename: str
    profile: Profile
    candidates: list[Candidate]
    rejects: list[Reject]


def read_file(file: Any, filename: str, profile_name: str = "") -> Reading:
    """Raises UnreadableFile or UnknownProfile, whose messages are shown as they are."""
    rows = read_table(file, filename, has_header=False, max_rows=MAX_ROWS).rows
    if profile_name:
        profile = load_profile(profile_name)
        header = None if profile.order else header_index(profile, rows)
        if header is None and not profile.order:
            raise UnknownProfile(
                f"Ce fichier n’a pas les colonnes du profil «\u00a0{profile.label}\u00a0». "
                "Laissez Ronde le reconnaître, ou choisissez-en un autre."
            )
    else:
        profile, header = detect(rows)
    headers = () if header is None else tuple(clean_text(cell) for cell in rows[header].cells)
    body = rows if header is None else rows[header + 1 :]
    while body and header is not None and is_total(body[-1]):
        body = body[:-1]
    return Reading(filename, profile, *read_candidates(profile, headers, body))


def order_for(reading: Reading, *, source: str = "", today: date | None = None, **choices: Any) -> Order:
    return Order(reading.profile, source or reading.profile.name, today or timezone.localdate(), **choices)


def prepare(reading: Reading, order: Order) -> Plan:
    """What the import would do. Writes nothing."""
    return make_plan(order, reading.candidates, reading.rejects)


def carry_out(reading: Reading, order: Order, expected: str = "") -> Plan:
    """Do it, in one transaction; nothing is written, not even a line of journal, when nothing changes.

    The plan is made again under the journal's lock: two confirmations at once are one import. With `expected` (the
    fingerprint of the plan that was shown), another plan is given back without being applied: compare them.
    """
    plan = prepare(reading, order)
    if not plan.writes:
        return plan
    with transaction.atomic():
        JournalHead.locked()
        plan = prepare(reading, order)
        if plan.writes and expected in ("", plan.fingerprint):
            apply_plan(plan)
            _journal(reading, plan)
    return plan


def _journal(reading: Reading, plan: Plan) -> None:
    """Told of the source; attached to the direction when there is only one, so that its readers see it."""
    tops = list(Territory.objects.active_on(plan.order.today).filter(kind=Territory.Kind.DIRECTION)[:2])
    note = (
        f"Fichier «\u00a0{reading.filename[:120]}\u00a0»\u00a0: {len(plan.created)} créés, "
        f"{len(plan.updated)} modifiés, {plan.unchanged_count} inchangés, {len(plan.rejects)} rejetés."
    )
    subject = ImportKey(source=plan.order.source, key=reading.filename[:100])
    territory = tops[0] if len(tops) == 1 else None
    record(str(described("establishment", "importé", 2)), subject, by=plan.order.by, note=note, territory=territory)
