"""Who may open each page of the actions, and who gets 403 or 404."""

from django.utils import timezone

from projects.models import ActionItem, EstablishmentProject
from tests.factories import TODAY
from tests.projects import (
    access_arbitrations,
    access_days,
    access_meetings,
    access_network,
    access_orders,
    access_practices,
    access_requests,
    access_watch,
)
from tests.projects.access_words import (
    DOERS,
    MANAGERS,
    READERS,
    TRANSMITTED,
    UNKNOWN_DRAFT,
    WRITERS,
    answers,
    anywhere,
    nothing,
)
from tests.projects.factories import ActionFactory, VersionFactory, known_law


def action(request, **given):
    return (ActionFactory(establishment=request.getfixturevalue("creche"), **given).pk,)


def declared(request):
    (pk,) = action(request)
    ActionItem.objects.get(pk=pk).declare_done(by=request.getfixturevalue("director"))
    return (pk,)


def verified(request):
    (pk,) = action(request)
    ActionItem.objects.get(pk=pk).verify(by=request.getfixturevalue("coordinator"))
    return (pk,), {"avis": "effective"}


def by_house(request):
    request.getfixturevalue("creche")
    return ("etablissement",)


def house(request):
    return (request.getfixturevalue("creche").pk,)


def with_reason(make_args):
    return lambda request: (make_args(request), {"raison": "Reste à acheter les rideaux"})


def law(request):
    house = request.getfixturevalue("creche")
    known_law()
    return house


def version(request, **given):
    return (VersionFactory(establishment=law(request), number=1, written=True, **given).pk,)


def in_force(request):
    stamps = {"judged_on": TODAY, "decided_by": request.getfixturevalue("director"), "decided_at": timezone.now()}
    (pk,) = version(request)
    EstablishmentProject.objects.filter(pk=pk).update(status="in_force", starts_on=TODAY, revise_on=TODAY, **stamps)
    return (pk,)


def two_versions(request):
    (pk,) = in_force(request)
    return (VersionFactory(establishment=request.getfixturevalue("creche"), number=2, status="proposed").pk, pk)


def proposed_step(request):
    (pk,) = version(request, status="proposed", proposed_by=request.getfixturevalue("director"))
    return (pk, "give_opinion"), {"texte": "Favorable"}


def begun(request):
    return (law(request).pk, "project")


CREATORS = [*MANAGERS, "colleague", "neighbour"]
GRID = [
    ("projects:action_list", "get", nothing, anywhere([*READERS, "colleague", "neighbour", "far_director"])),
    ("projects:action_create", "get", nothing, anywhere(CREATORS)),
    ("projects:action_create", "post", nothing, anywhere(CREATORS)),
    ("projects:action_detail", "get", action, answers(200, READERS)),
    ("projects:action_edit", "get", action, answers(200, MANAGERS)),
    ("projects:action_edit", "post", action, answers(200, MANAGERS)),
    ("projects:action_start", "post", action, answers(302, DOERS)),
    ("projects:action_declare", "post", action, answers(302, DOERS)),
    ("projects:action_verify", "post", declared, answers(302, MANAGERS)),
    ("projects:action_reopen", "post", with_reason(declared), answers(302, MANAGERS)),
    ("projects:action_abandon", "post", with_reason(action), answers(302, MANAGERS)),
    ("projects:action_assess", "post", verified, answers(302, MANAGERS)),
    ("projects:action_board", "get", nothing, anywhere([*READERS, "colleague", "neighbour", "far_director"])),
    ("projects:action_pivot", "get", by_house, anywhere([*READERS, "colleague", "neighbour", "far_director"])),
    ("projects:action_bulk", "get", nothing, anywhere(CREATORS)),
    ("projects:action_bulk", "post", nothing, anywhere(CREATORS)),
    ("projects:establishment_actions", "get", house, answers(200, READERS)),
    ("projects:action_plan_pdf", "get", house, answers(200, READERS)),
    ("projects:project_list", "get", nothing, anywhere([*TRANSMITTED, "colleague", "neighbour", "far_director"])),
    ("projects:project_detail", "get", in_force, answers(200, TRANSMITTED)),
    ("projects:project_edit", "get", version, answers(200, WRITERS) | UNKNOWN_DRAFT),
    ("projects:project_edit", "post", version, answers(200, WRITERS) | UNKNOWN_DRAFT),
    ("projects:project_attach", "get", version, answers(200, WRITERS) | UNKNOWN_DRAFT),
    ("projects:project_attach", "post", version, answers(200, WRITERS) | UNKNOWN_DRAFT),
    ("projects:project_pdf", "get", in_force, answers(200, TRANSMITTED)),
    ("projects:project_differences", "get", two_versions, answers(200, TRANSMITTED)),
    ("projects:project_step", "post", proposed_step, answers(302, MANAGERS)),
    ("projects:establishment_projects", "get", house, answers(200, TRANSMITTED)),
    ("projects:project_begin", "post", begun, answers(302, WRITERS)),
]
GRID += (
    access_days.GRID
    + access_network.GRID
    + access_arbitrations.GRID
    + access_orders.GRID
    + access_requests.GRID
    + access_watch.GRID
    + access_meetings.GRID
)
GRID += access_practices.GRID
