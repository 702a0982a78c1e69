"""What the database knows that an import needs: read once, in a number of queries that does not depend on the rows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from core.french import normalise

from ..admin_scope import establishments_of
from ..models import (
    Authorisation,
    Capability,
    Establishment,
    ImportKey,
    Mandate,
    SectorAttachment,
    Territory,
    TerritoryBoundary,
)
from . import positions


@dataclass
class Known:
    """An establishment that the source already gave, as it is today."""

    establishment: Establishment
    attachment: SectorAttachment | None = None
    was_attached: bool = False
    authorisation: Authorisation | None = None
    has_key: bool = True


@dataclass
class Outline:
    """An outline of the map, with the name to say."""

    code: str
    name: str
    geometry: dict[str, Any]


@dataclass
class Register:
    today: date
    known: dict[str, Known]
    by_code: dict[str, Known]
    sectors: dict[str, list[Territory]]
    codes: dict[str, Territory]
    waiting: Territory | None
    outlines: dict[str, Outline]
    own_establishments: set[int] | None = None
    own_territories: set[int] | None = None
    taken: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, source: str, today: date, codes: Iterable[str] = (), by: Any = None) -> "Register":
        """`codes`: those of the file, under which an establishment may have been entered by hand."""
        keys = ImportKey.objects.filter(source=source).select_related("establishment")
        known = {key.key: Known(key.establishment) for key in keys}
        wanted, taken = set(codes) - {""}, set(Establishment.objects.order_by().values_list("code", flat=True))
        entered = Establishment.objects.filter(code__in=wanted & taken) if wanted & taken else []
        by_code = {each.code: Known(each, has_key=False) for each in entered}
        by_id = defaultdict(list)
        for each in [*known.values(), *by_code.values()]:
            by_id[each.establishment.pk].append(each)
        _read_links(by_id, today)
        territories = list(Territory.objects.active_on(today).order_by("pk"))
        tops = [each for each in territories if each.kind == Territory.Kind.DIRECTION]
        register = cls(
            today=today,
            known=known,
            by_code=by_code,
            sectors=_by_postcode(territories),
            codes={each.code: each for each in territories},
            waiting=tops[0] if len(tops) == 1 else None,
            outlines=_read_outlines(),
            taken=taken,
        )
        if by is not None:
            register._limit_to(by)
        return register

    def _limit_to(self, user: Any) -> None:
        """The admin is scoped: an administrator brings in, and changes, only what her mandate covers."""
        capability = Capability.MANAGE_REGISTER
        reached = Mandate.objects.covering_territories(user, capability, self.today)
        self.own_territories = set(reached.values_list("descendant", flat=True))
        mine = establishments_of(user).order_by()
        self.own_establishments = set(mine.values_list("pk", flat=True))

    def territory_for(self, postcode: str) -> Territory | None:
        """The one sector that lists the postcode; the direction, to be sorted out, when none or several do."""
        found = self.sectors.get(postcode, [])
        return found[0] if len(found) == 1 else self.waiting

    def outline_for(self, *codes: str) -> Outline | None:
        return next((self.outlines[key] for code in codes if (key := normalise(code)) in self.outlines), None)

    def outlines_around(self, latitude: float, longitude: float) -> list[Outline]:
        distinct = {outline.code: outline for outline in self.outlines.values()}
        return [each for each in distinct.values() if positions.contains(each.geometry, latitude, longitude)]


def _read_links(by_id: dict[int, list[Known]], today: date) -> None:
    """Attachments and authorisations of the day, else the next ones; none is read when nothing is known."""
    if not by_id:
        return
    for attachment in SectorAttachment.objects.select_related("territory").order_by("starts_on"):
        for each in by_id.get(attachment.establishment_id, ()):
            each.was_attached = True
            if attachment.ends_on is None or attachment.ends_on >= today:
                each.attachment = each.attachment or attachment
    # The terms of the day, or those to come: a house that opens later has only these.
    coming = Authorisation.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today)).order_by("starts_on")
    for authorisation in coming:
        for each in by_id.get(authorisation.establishment_id, ()):
            each.authorisation = each.authorisation or authorisation


def _by_postcode(territories: list[Territory]) -> dict[str, list[Territory]]:
    """The deepest territories that list each postcode."""
    rank, found = Territory.RANK.index, defaultdict(list)
    for territory in territories:
        for postcode in territory.postcodes.replace(",", " ").replace(";", " ").split():
            found[postcode].append(territory)
    return {
        postcode: [each for each in listed if rank(each.kind) == max(rank(other.kind) for other in listed)]
        for postcode, listed in found.items()
    }


def _read_outlines() -> dict[str, Outline]:
    """By code, and by name for the files that give a commune and no code."""
    outlines: dict[str, Outline] = {}
    rows = list(TerritoryBoundary.objects.all())
    for row in rows:
        outlines.setdefault(normalise(row.name), Outline(row.code, row.name or row.code, row.geometry))
    for row in rows:
        outlines[normalise(row.code)] = Outline(row.code, row.name or row.code, row.geometry)
    outlines.pop("", None)
    return outlines
