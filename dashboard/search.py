"""Search within rights: names of houses, people, staff, territories, visits and actions, then the texts themselves.

Each hit says why it is there; accents, case and punctuation do not matter (core.french.normalise on both sides). At
most nine queries.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from core.filters import LONGEST_SEARCH, MOST_WORDS
from core.french import NBSP, normalise, short_date
from core.periods import active_on
from establishments.models import Capability, Establishment, Mandate, Role, SectorAttachment, Territory, TerritoryLink
from establishments.vocabulary import words
from projects.models import ActionItem
from staffing.models import Employee, Posting
from visits.models import Visit

from .texts import TextHit, hits

SHOWN = 8
SHORTEST = 2
# Who is looked for over a house: those its people call. The others are found by the territory they hold.
CALLED = [Role.COORDINATOR, Role.POLE_HEAD, Role.ASSISTANT]


@dataclass(frozen=True)
class Hit:
    title: str
    note: str
    reason: str
    url: str


@dataclass(frozen=True)
class Group:
    """Hits of one kind; `more_url` opens the whole list, "" when everything is shown."""

    label: str
    hits: tuple[Hit, ...]
    more_url: str = ""


@dataclass(frozen=True)
class Results:
    query: str
    groups: tuple[Group, ...] = ()
    is_too_short: bool = False
    texts: tuple[TextHit, ...] = ()
    more_texts_url: str = ""

    @property
    def count(self) -> int:
        return sum(len(group.hits) for group in self.groups) + len(self.texts)


def search(user, text, today) -> Results:
    """Everything the user may know whose name holds all the words typed."""
    typed = str(text)[:LONGEST_SEARCH].strip()
    wanted = normalise(typed).split()[:MOST_WORDS]
    if not wanted or len("".join(wanted)) < SHORTEST:
        return Results(typed, is_too_short=bool(typed))
    kinds: list[Callable] = [_establishments, _people, _employees, _territories, _visits, _actions]
    groups = (kind(user, wanted, typed, today) for kind in kinds)
    found = tuple(group for group in groups if group.hits)
    passages, has_more = hits(user, typed, today)
    more = _more("dashboard:texts", typed) if has_more else ""
    return Results(typed, found, texts=tuple(passages), more_texts_url=more)


def holding(rows, column, wanted):
    """Rows whose normalised column holds every word."""
    for word in wanted:
        rows = rows.filter(**{f"{column}__contains": word})
    return rows


def _group(label, found: Iterable, hit, more="") -> Group:
    """Nine rows are read to know whether there are more than eight."""
    rows = list(found[: SHOWN + 1])
    return Group(label, tuple(hit(row) for row in rows[:SHOWN]), more if len(rows) > SHOWN else "")


def _more(name, typed):
    return f"{reverse(name)}?{urlencode({'q': typed})}"


def _establishments(user, wanted, typed, today):
    def hit(one):
        named = all(word in normalise(one.name) for word in wanted)
        return Hit(one.name, one.address, "dans le nom" if named else "dans l’adresse", one.get_absolute_url())

    rows = holding(Establishment.objects.visible_to(user, Capability.SUMMARY), "search_name", wanted)
    return _group(words()["establishment"].caps, rows, hit, _more("establishments:list", typed))


def _people(user, wanted, typed, today):
    """Those who hold a mandate over what the user sees; the mandate is what is shown, and nothing else of them."""
    houses = Establishment.objects.visible_to(user, Capability.SUMMARY).order_by().values("pk")
    territories = Territory.objects.visible_to(user, Capability.SUMMARY).order_by().values("pk")
    attached = SectorAttachment.objects.active_on(today).filter(establishment__in=houses).values("territory")
    above = TerritoryLink.objects.filter(descendant__in=attached).values("ancestor")
    reached = Q(establishment__in=houses) | Q(territory__in=territories) | Q(territory__in=above, role__in=CALLED)
    mandates = Mandate.objects.active_on(today).filter(reached, user__is_active=True)
    mandates = holding(mandates, "user__search_name", wanted).select_related("user", "territory", "establishment")

    def hit(mandate):
        place = mandate.establishment
        note = f"{mandate.get_role_display()} · {place or mandate.territory}"
        named = all(word in normalise(str(mandate.user)) for word in wanted)
        mail = f"mailto:{mandate.user.email}"
        return Hit(
            str(mandate.user),
            note,
            "dans le nom" if named else "dans l’adresse électronique",
            place.get_absolute_url() if place else mail,
        )

    return _group("Personnes", mandates.order_by("user__last_name", "user__first_name", "pk"), hit)


def _employees(user, wanted, typed, today):
    rows = holding(Employee.objects.visible_to(user, Capability.VIEW_STAFF), "search_name", wanted)
    postings = Posting.objects.active_on(today).visible_to(user).filter(employee__in=rows.order_by().values("pk"))
    found = postings.select_related("employee", "establishment").order_by(
        "employee__last_name", "employee__first_name", "pk"
    )

    def hit(posting):
        note = f"{posting.get_job_display()} · {posting.establishment}"
        return Hit(
            str(posting.employee),
            note,
            "dans le nom",
            reverse("staffing:establishment_team", args=[posting.establishment_id]),
        )

    return _group(words()["employee"].caps, found, hit)


def _territories(user, wanted, typed, today):
    rows = Territory.objects.visible_to(user, Capability.VIEW_AGGREGATES).filter(active_on(today))

    def hit(one):
        return Hit(one.name, words()[one.kind].cap, "dans le nom", reverse("dashboard:territory", args=[one.pk]))

    return _group("Territoires", holding(rows, "search_name", wanted), hit)


def _visits(user, wanted, typed, today):
    rows = Visit.objects.visible_to(user, Capability.READ_TRANSMITTED).select_related("establishment")

    def hit(visit):
        day = short_date(visit.happens_on)
        note = f"{visit.get_kind_display()} · {visit.get_status_display()}"
        return Hit(
            f"{visit.establishment.name}, {day}",
            note,
            f"{words()['establishment'].singular}{NBSP}: {visit.establishment.name}",
            visit.get_absolute_url(),
        )

    rows = holding(rows, "establishment__search_name", wanted).order_by("-visited_on", "-planned_on", "-pk")
    return _group(words()["visit"].caps, rows, hit, _more("visits:list", typed))


def _actions(user, wanted, typed, today):
    rows = ActionItem.objects.visible_to(user, Capability.VIEW_ACTIONS).select_related("establishment", "territory")

    def hit(action):
        named = all(word in normalise(action.title) for word in wanted)
        return Hit(
            action.title,
            f"{action.place.name} · {action.get_status_display()}",
            "dans le titre" if named else "dans le thème ou le détail",
            action.get_absolute_url(),
        )

    return _group(
        words()["action"].caps, holding(rows, "search_text", wanted), hit, _more("projects:action_list", typed)
    )
