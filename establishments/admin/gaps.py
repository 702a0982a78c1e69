"""What is missing in the register, house by house: « points à régler » of the index and of the list."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from core.periods import active_on

from ..models import Authorisation, Directorship, OpeningHours, SectorAttachment, Territory
from ..vocabulary import words


@dataclass(frozen=True)
class Gap:
    """One point to settle: `slug` is its value in the filter of the list."""

    slug: str
    label: str
    count: int = 0


def _dated(model, day, **more):
    return Exists(model.objects.filter(active_on(day), establishment=OuterRef("pk"), **more))


def conditions(day):
    """{slug: (label, condition true for the houses concerned)} on a day."""
    sector = words()["sector"].singular
    kind = Territory.Kind.SECTOR
    return {
        "sans-secteur": (f"sans {sector}", ~_dated(SectorAttachment, day, territory__kind=kind)),
        "sans-places": ("sans places connues", ~_dated(Authorisation, day)),
        "sans-horaires": ("sans horaires", ~_dated(OpeningHours, day)),
        "sans-direction": ("sans direction", ~_dated(Directorship, day, position=Directorship.Position.DIRECTOR)),
        "autorisation-echue": ("autorisation échue", _dated(Authorisation, day, expires_on__lt=day)),
    }


def with_gap(houses, slug, day):
    """Houses open that day that have this point to settle."""
    return houses.open_on(day).filter(conditions(day)[slug][1])


def gaps(houses, day):
    """Every kind of point with the number of houses concerned, in one query."""
    found = {slug: Count("pk", filter=Q(condition)) for slug, (_, condition) in conditions(day).items()}
    counts = houses.open_on(day).order_by().aggregate(**{slug.replace("-", "_"): n for slug, n in found.items()})
    return [Gap(slug, label, counts[slug.replace("-", "_")]) for slug, (label, _) in conditions(day).items()]
