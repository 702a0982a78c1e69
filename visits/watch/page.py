"""What a change of a rule touches, for one reader: thresholds, her houses, points of grids and reviews."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from core.french import capitalise
from establishments.models import Capability, Establishment
from establishments.rule_impact import impact

from ..models import FrameworkItem, GridItem, ObservationGrid
from ..reviews.sections import POINTS

ARTICLE = re.compile(r"[LRD]\. ?\d+(?:-\d+)*")


@dataclass(frozen=True)
class Line:
    """One house: what moves, and who took it into account."""

    establishment: Establishment
    sentence: str
    acknowledged_by: str
    acknowledged_at: datetime | None
    may_acknowledge: bool

    @property
    def name(self):
        return self.establishment.name

    def get_absolute_url(self):
        return self.establishment.get_absolute_url()


def lines_of(change, user) -> list[Line]:
    """The houses touched that the reader may see. Four queries, whatever their number."""
    notices = {one.establishment_id: one for one in change.notices.select_related("acknowledged_by")}
    answering = set(_over(user, Capability.ANSWER_REPORT).values_list("pk", flat=True))
    made = []
    for one in impact(change, _over(user, Capability.SUMMARY)):
        notice = notices.get(one.house.pk)
        done = notice is not None and notice.acknowledged_at is not None
        made.append(
            Line(
                establishment=one.house,
                sentence=one.sentence,
                acknowledged_by=str(notice.acknowledged_by) if done else "",
                acknowledged_at=notice.acknowledged_at if done else None,
                may_acknowledge=not done and one.house.pk in answering and change.status == change.Status.RECORDED,
            )
        )
    return made


def _over(user, capability):
    return Establishment.objects.visible_to(user, capability)


def articles_of(change) -> list[str]:
    """ "CSP R. 2324-46-4, R. 2324-43 I" as ["R. 2324-46-4", "R. 2324-43"]."""
    return list(dict.fromkeys(ARTICLE.findall(change.article)))


def cited_in(change) -> list[tuple[str, list[str]]]:
    """(kind, names) of what cites the article: points of grids, of frameworks, of the functioning review."""
    articles = articles_of(change)
    found = Q(pk__in=[])
    for article in articles:
        found |= Q(reference__contains=article)
    items = FrameworkItem.objects.filter(found).select_related("framework")
    keys = {item.key for item in items} | {item.reference for item in items}
    grids = GridItem.objects.filter(found | Q(key__in=keys) | (Q(reference__in=keys) & ~Q(reference="")))
    grids = grids.filter(grid__status=ObservationGrid.Status.ACTIVE).select_related("grid")
    points = [one.label for one in POINTS if any(_is_in(article, one.reference) for article in articles)]
    names = [
        ("Points des grilles", [f"{one.title} ({one.grid.title})" for one in grids]),
        ("Points des référentiels", [f"{one.title} ({one.framework})" for one in _exact(items, articles)]),
        ("Points de l’analyse de fonctionnement", [capitalise(label) for label in points]),
    ]
    return [(kind, listed) for kind, listed in names if listed]


def _exact(items, articles):
    return [one for one in items if any(_is_in(article, one.reference) for article in articles)]


def _is_in(article, reference) -> bool:
    """R. 2324-46 is not in « R. 2324-46-4 »."""
    return bool(re.search(re.escape(article) + r"(?![\d-])", reference))
