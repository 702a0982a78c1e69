"""The demonstration: a synthetic city, its houses and three years of work, the same for the same three arguments.

Nothing is real: the city lies in the sea, its streets, houses and people are invented; no child, no family, no health.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from core.planner import refresh_statistics
from establishments.models import Establishment, JournalEntry, JournalHead, record

from . import (
    absences,
    activity,
    appraisals,
    archive,
    attendance,
    calendars,
    chronicle,
    city,
    development,
    doubles,
    happenings,
    houses,
    meetings,
    needs,
    network,
    people,
    places,
    posts,
    records,
    relay,
    reviews,
    rosters,
    rounds,
    rules,
    syntheses,
    teams,
    weeklies,
)
from .prints import counts, empreinte
from .world import SIZES, World

VERB = "démonstration chargée"
NOTE = "Taille {size}, graine {seed}, au {today}, empreinte {print}"
_NOTE = re.compile(r"Taille (\w+), graine (-?\d+), au ([\d-]+), empreinte ([0-9a-f]{64})")


class DemoRefused(Exception):
    """The demonstration cannot be loaded here; the message says why, in French."""


@dataclass(frozen=True)
class Demo:
    """A demonstration in place: what it was made from, and the print of what was written then."""

    size: str
    seed: int
    today: date
    empreinte: str


def in_place():
    """The demonstration that this database holds, or None."""
    entry = JournalEntry.objects.filter(verb=VERB).order_by("-number").first()
    found = entry and _NOTE.fullmatch(entry.note)
    return Demo(found[1], int(found[2]), date.fromisoformat(found[3]), found[4]) if found else None


def load(size, seed, today, password, *, default_today):
    """(Demo, created): write the demonstration, or recognise the one in place. Raises DemoRefused otherwise.

    `today` None asks for no day in particular: `default_today` for a new demonstration, any for one in place.
    """
    present = in_place()
    if present is None and Establishment.objects.exists():
        raise DemoRefused(
            "Cette base contient déjà des établissements : la démonstration ne se charge que dans une base vide."
        )
    if present is not None:
        if (present.size, present.seed) != (size, seed) or today not in (None, present.today):
            raise DemoRefused(
                f"Une autre démonstration est en place (taille {present.size}, graine {present.seed}, "
                f"au {present.today:%d/%m/%Y}) : choisissez une base vide."
            )
        return present, False
    return _create(size, seed, today or default_today, password), True


@transaction.atomic
def _create(size, seed, today, password):
    JournalHead.locked()
    world = World(SIZES[size], seed, today)
    city.build(world)
    houses.build(world)
    people.build(world, password)
    calendars.build(world)
    teams.build(world)
    rosters.build(world)
    places.build(world)
    rounds.build(world)
    archive.write(world)
    records.build(world)
    network.build(world)
    activity.build(world)
    attendance.build(world)
    relay.build(world)
    happenings.build(world)
    meetings.build(world)
    appraisals.build(world)
    development.build(world)
    doubles.build(world)
    needs.build(world)
    posts.build(world)
    absences.build(world)
    reviews.build(world)
    rules.build(world)
    chronicle.write(world)
    syntheses.build(world)  # after the journal, which their facts read
    weeklies.build(world)
    refresh_statistics()
    made = Demo(size, seed, today, empreinte())
    note = NOTE.format(size=size, seed=seed, today=today.isoformat(), print=made.empreinte)
    record(VERB, world.direction, by=None, note=note, territory=world.direction)
    return made


__all__ = ["SIZES", "Demo", "DemoRefused", "counts", "in_place", "load"]
