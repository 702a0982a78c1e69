"""The sources of a text, for one reader: those whose rows she does not read are named and open nothing."""

from collections.abc import Iterable, Set
from dataclasses import replace

from django.urls import reverse

from establishments.models import Capability

from .lines import LineView, SectionView

# The lists of facts (dashboard.telling.links) that ask for a right of their own.
LISTS = {"projects:action_list": Capability.VIEW_ACTIONS, "staffing:leave_list": Capability.VIEW_STAFF}


def sections_for(sections: Iterable[SectionView], held: Set[Capability]) -> tuple[SectionView, ...]:
    """The same sections, the addresses that `held` does not open left out."""
    closed = tuple(reverse(name) for name, capability in LISTS.items() if capability not in held)
    if Capability.VIEW_AGGREGATES not in held:
        closed = ("/",)
    return tuple(
        replace(section, lines=tuple(_without(line, closed) for line in section.lines)) for section in sections
    )


def _without(line: LineView, closed: tuple[str, ...]) -> LineView:
    quoted = [replace(source, url="") if source.url.startswith(closed) else source for source in line.quoted]
    return replace(line, quoted=tuple(quoted))
