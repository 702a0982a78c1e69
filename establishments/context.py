"""What every page receives: words, pack, navigation, perimeters, unread notifications, theme."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from core.addresses import address
from core.compiled import rows_once
from core.models import Notification

from .charter import charter_of
from .models import CAPABILITIES, Capability, Mandate, Role, Territory
from .vocabulary import current_pack, words

THEMES = {"clair": "light", "sombre": "dark"}

# label (a word of the pack when it starts with a dot), URL name, icon, capability that makes it useful
NAVIGATION = [
    ("Accueil", "dashboard:home", "home", None),
    (".establishment", "establishments:list", "building", Capability.SUMMARY),
    (".visit", "visits:list", "clipboard", Capability.READ_TRANSMITTED),
    ("Événements", "visits:events", "alert", Capability.VIEW_EVENTS),
    ("Contrôles", "visits:inspections", "tool", Capability.VIEW_INSPECTIONS),
    ("Vigilance", "dashboard:warnings", "eye", Capability.VIEW),
    ("Analyses", "visits:reviews", "document", Capability.READ_TRANSMITTED),
    ("Équipes et congés", "staffing:leave_list", "people", Capability.VIEW_STAFF),
    ("Indicateurs", "indicators:overview", "chart", Capability.VIEW_AGGREGATES),
    (".action", "projects:action_list", "check", Capability.VIEW_ACTIONS),
    ("Projets", "projects:project_list", "folder", Capability.READ_TRANSMITTED),
    ("Réunions", "projects:meeting_list", "calendar", Capability.JOIN_MEETINGS),
    ("Dossiers sensibles", "visits:sensitive_list", "folder", Capability.OPEN_SENSITIVE),
    ("Synthèses", "dashboard:synthesis_list", "document", Capability.READ_ELECTED),
    ("Mon bilan", "dashboard:balance", "chart", Capability.HAVE_BALANCE),
    ("CRA", "dashboard:weekly_list", "document", Capability.READ_SYNTHESES),
    ("Administration", "admin:index", "edit", Capability.MANAGE_REGISTER),
]


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    icon: str
    current: bool


@dataclass(frozen=True)
class Perimeter:
    label: str
    url: str
    current: bool


def active_mandates(request):
    """The user's mandates of the day, read once a request."""
    if not hasattr(request, "active_mandates"):
        request.active_mandates = _mandates(request.user, timezone.localdate())
    return request.active_mandates


@rows_once
def _mandates(user, today):
    return Mandate.objects.held_by(user, Role.values, today).select_related("territory", "establishment")


@rows_once
def _unread(user):
    return Notification.objects.filter(user=user).unread().order_by().values("user").annotate(n=Count("pk"))


def unread_count(user):
    return sum(row["n"] for row in _unread(user))


def held_capabilities(request):
    return set().union(*(CAPABILITIES[mandate.role] for mandate in active_mandates(request)))


def navigation(request):
    """The entries that the user may open; the current one is the longest address that begins the page's."""
    held = held_capabilities(request)
    shown = [
        (words()[label[1:]].caps if label.startswith(".") else label, address(name), icon)
        for label, name, icon, capability in NAVIGATION
        if capability is None or capability in held
    ]
    begun = [url for _, url, _ in shown if request.path == url or (url != "/" and request.path.startswith(url))]
    current = max(begun, key=len, default="")
    return tuple(NavItem(label, url, icon, url == current) for label, url, icon in shown)


def perimeters(request):
    """The territories and houses of the user's mandates, widest first, each as far as her role opens it."""
    found = {}
    for mandate in active_mandates(request):
        place, held = mandate.territory or mandate.establishment, CAPABILITIES[mandate.role]
        if mandate.territory and Capability.VIEW_AGGREGATES in held:
            url = address("dashboard:territory", place.pk)
        elif Capability.SUMMARY not in held:
            continue
        elif mandate.territory:
            url = f"{address('establishments:list')}?territory={place.pk}"
        else:
            url = address("establishments:detail", place.pk)
        rank = Territory.RANK.index(mandate.territory.kind) if mandate.territory else 9
        found[url] = (rank, Perimeter(str(place), url, request.path.startswith(url)))
    return tuple(perimeter for _, perimeter in sorted(found.values(), key=lambda pair: (pair[0], pair[1].label)))


def alerts_url(request):
    """What an open page asks for the alerts to take in charge; "" for whoever takes none."""
    return address("visits:alerts_now") if Capability.HANDLE_EVENT in held_capabilities(request) else ""


def page(request):
    context = {
        "words": words(),
        "pack": (pack := current_pack()),
        "charter": charter_of(pack),
        "today": timezone.localdate(),
        "theme": THEMES.get(request.COOKIES.get("theme", ""), ""),
        "nav": (),
        "perimeters": (),
        "unread_count": 0,
        "alerts_url": "",
    }
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        context["nav"] = SimpleLazyObject(lambda: navigation(request))
        context["perimeters"] = SimpleLazyObject(lambda: perimeters(request))
        context["unread_count"] = SimpleLazyObject(lambda: unread_count(user))
        context["alerts_url"] = SimpleLazyObject(lambda: alerts_url(request))
    return context
