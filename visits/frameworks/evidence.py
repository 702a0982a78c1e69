"""From a framework to what was seen: the points of the grids that cite it, directly or through a mapping.

A point of a grid cites a point of a framework by its reference (« charte 2 ») or by having its key. A parent gathers
what cites its children. A mapping is read in both directions, one step.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from core.french import sentence_list

from ..models import Framework, FrameworkItem, FrameworkMapping, GridItem, Observation, ObservationGrid, Visit

Relation = FrameworkMapping.Relation
NARROWER = "plus étroit"
BACKWARDS = {Relation.EQUIVALENT: "équivalent", Relation.PARTIAL: "partiel", Relation.BROADER: NARROWER}
DIRECT = ""


@dataclass(frozen=True)
class Link:
    """A point of another framework and how it relates to ours; `via` is how it is said."""

    code: str
    key: str
    title: str
    relation: str

    @property
    def via(self) -> str:
        return f"{self.title} ({self.relation})"


@dataclass
class Around:
    """What surrounds a point: points of other frameworks, and the points of grids that observe it."""

    links: list[Link] = field(default_factory=list)
    grid_items: list[GridItem] = field(default_factory=list)

    @property
    def grids(self) -> list[str]:
        return sorted({item.grid.title for item in self.grid_items})


@dataclass(frozen=True)
class Evidence:
    """One line of an establishment: the last thing seen on a point, and through what. Dates None when never seen."""

    reference: str
    title: str
    seen_on: date | None = None
    rating: str = ""
    nature: str = ""
    observed: str = ""
    via: str = ""
    count: int = 0
    visit: int | None = None


def around(framework: Framework) -> dict[str, Around]:
    """What surrounds each point of a framework, by key. Four queries."""
    items = list(framework.items.all())
    found = {item.key: Around() for item in items}
    names = _names_of_others(framework)
    for mapping in _mappings_of(framework):
        if mapping.framework_id == framework.pk:
            key, code, other, said = mapping.key, mapping.other_code, mapping.other_key, mapping.get_relation_display()
        else:
            key, code, other = mapping.other_key, mapping.framework.code, mapping.key
            said = BACKWARDS[mapping.relation]
        if key in found and (code, other) in names:
            found[key].links.append(Link(code, other, names[code, other], said))
    cited = cited_by(GridItem.objects.filter(grid__status=ObservationGrid.Status.ACTIVE).select_related("grid"))
    for item in items:
        for one in {i.key: i for i in (item, *_children(item, items))}.values():
            for grid_item in cited(one.reference, one.key):
                if grid_item not in found[item.key].grid_items:
                    found[item.key].grid_items.append(grid_item)
    return found


def _children(item, items):
    return [one for one in items if one.parent_key == item.key]


def _mappings_of(framework):
    """Its own, and those of the versions in force of others that name it."""
    ours = Q(framework=framework)
    theirs = Q(other_code=framework.code) & ~Q(framework__code=framework.code)
    latest = FrameworkMapping.objects.filter(ours | theirs).select_related("framework").order_by("pk")
    newest: dict[str, int] = {}
    for mapping in latest:
        code = mapping.framework.code
        newest[code] = max(newest.get(code, 0), mapping.framework.version)
    return [
        mapping
        for mapping in latest
        if mapping.framework_id == framework.pk or mapping.framework.version == newest[mapping.framework.code]
    ]


def _names_of_others(framework) -> dict[tuple[str, str], str]:
    """{(code, key): « charte 2 »} of the points of the last version of every other framework."""
    rows = FrameworkItem.objects.exclude(framework__code=framework.code).order_by("framework__version")
    found = rows.values_list("framework__code", "key", "reference", "title")
    return {(code, key): reference or title for code, key, reference, title in found}


def cited_by(grid_items):
    """A function (reference, key) -> the points of grids that cite a point, from one reading of `grid_items`."""
    by_reference, by_key = defaultdict(list), defaultdict(list)
    for item in grid_items:
        by_key[item.key].append(item)
        for reference in filter(None, (part.strip() for part in item.reference.split(","))):
            by_reference[reference].append(item)

    def cited(reference: str, key: str):
        return [*by_reference.get(reference, []), *(i for i in by_key.get(key, []) if reference != i.reference)]

    return cited


def evidence(house, framework, user, today) -> list[Evidence]:
    """The last observation of each point in one house, direct ones first, then through mappings."""
    items, surroundings = list(framework.items.all()), around(framework)
    others = _others(framework)
    seen = _seen(house, user, today)
    made = []
    for item in items:
        direct = [row for one in (item, *_children(item, items)) for row in seen(one.reference, one.key)]
        routes = [(DIRECT, direct)]
        for link in surroundings[item.key].links:
            reference, kids = others.get((link.code, link.key), ("", ()))
            rows = [row for ref, key in [(reference, link.key), *kids] for row in seen(ref, key)]
            routes.append((link.via, rows))
        made.append(_line(item, routes))
    return made


def _line(item, routes) -> Evidence:
    """Direct evidence wins over what a mapping brings, whatever its date: a mapping is an approximation."""
    for via, rows in routes:
        if rows:
            last = max(rows, key=lambda row: (row["visit__visited_on"], row["pk"]))
            return Evidence(
                reference=item.reference,
                title=item.title,
                seen_on=last["visit__visited_on"],
                rating=str(Observation.Rating(last["rating"]).label),
                nature=str(Observation.Nature(last["nature"]).label) if last["nature"] else "",
                observed=last["item__title"],
                via=via,
                count=len({row["visit"] for row in rows}),
                visit=last["visit"],
            )
    return Evidence(item.reference, item.title)


def _others(framework):
    """{(code, key): (its reference, [(reference, key) of its children])} of the last version of the others."""
    rows = FrameworkItem.objects.exclude(framework__code=framework.code).select_related("framework")
    found, kids = {}, defaultdict(list)
    for item in sorted(rows, key=lambda one: one.framework.version):
        found[item.framework.code, item.key] = item.reference
        if item.parent_key:
            kids[item.framework.code, item.parent_key].append((item.reference, item.key))
    return {where: (reference, tuple(dict.fromkeys(kids[where]))) for where, reference in found.items()}


def _seen(house, user, today):
    """A function (reference, key) -> the rated observations of the house that cite it, as rows. One query."""
    rows = (
        Observation.objects.visible_to(user)
        .filter(visit__establishment=house, visit__status=Visit.Status.DONE, visit__visited_on__lte=today)
        .exclude(rating=Observation.Rating.NOT_OBSERVED)
        .order_by()
        .values("pk", "visit", "visit__visited_on", "rating", "nature", "item__title", "item__key", "item__reference")
    )
    by_reference, by_key = defaultdict(list), defaultdict(list)
    for row in rows:
        by_key[row["item__key"]].append(row)
        for reference in filter(None, (part.strip() for part in row["item__reference"].split(","))):
            by_reference[reference].append(row)
    return lambda reference, key: list(
        {row["pk"]: row for row in [*by_reference.get(reference, []), *by_key.get(key, [])]}.values()
    )


def grids_said(surrounding: Around) -> str:
    """ "Dix principes de la charte (1 point), La journée (2 points)" """
    counts = defaultdict(int)
    for item in surrounding.grid_items:
        counts[item.grid.title] += 1
    return sentence_list([f"{title} ({n} point{'s' if n > 1 else ''})" for title, n in sorted(counts.items())])
