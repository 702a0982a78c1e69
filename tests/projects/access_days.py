"""Who may open the pages of the pedagogical days, of the works and of the closures."""

from establishments import works as rules
from establishments.models import WorksPeriod
from tests.factories import TODAY
from tests.projects.access_words import MANAGERS, TRANSMITTED, WRITERS, answers, anywhere, nothing
from tests.projects.factories import DayFactory, WorksFactory

LISTED = anywhere([*TRANSMITTED, "colleague", "neighbour", "far_director"])
ASKERS = anywhere([*WRITERS, "colleague", "neighbour", "far_director"])


def day(request, **given):
    creche, director = request.getfixturevalue("creche"), request.getfixturevalue("director")
    return (DayFactory(establishment=creche, created_by=director, **given).pk,)


def day_to_advise(request):
    return (*day(request), "advise"), {"texte": "Favorable"}


def day_to_cancel(request):
    return (*day(request), "cancel"), {"texte": "Reportée"}


def works(request):
    return (WorksFactory(establishment=request.getfixturevalue("creche")).pk,)


def works_to_refuse(request):
    return (*works(request), "refuse"), {"texte": "Pas cette année"}


def under_way(request):
    (pk,) = works(request)
    row, by = WorksPeriod.objects.get(pk=pk), request.getfixturevalue("director")
    rules.schedule(row, {"starts_on": TODAY, "ends_on": TODAY, "places": 5, "closes_house": False}, by=by)
    rules.start(row, by=by)
    return row


def line(request):
    row = under_way(request)
    return (row.pk, row.checks.first().pk), {"constat": "Vu"}


def point(request):
    return (under_way(request).pk,), {"point": "Jardin sécurisé"}


GRID = [
    ("projects:day_list", "get", nothing, LISTED),
    ("projects:day_create", "get", nothing, ASKERS),
    ("projects:day_create", "post", nothing, ASKERS),
    ("projects:day_detail", "get", day, answers(200, TRANSMITTED)),
    ("projects:day_report", "get", day, answers(200, WRITERS)),
    ("projects:day_report", "post", day, answers(200, WRITERS)),
    ("projects:day_step", "post", day_to_advise, answers(302, MANAGERS)),
    ("projects:day_step", "post", day_to_cancel, answers(302, WRITERS)),
    ("projects:closure_list", "get", nothing, LISTED),
    ("projects:works_list", "get", nothing, LISTED),
    ("projects:works_create", "get", nothing, ASKERS),
    ("projects:works_create", "post", nothing, ASKERS),
    ("projects:works_detail", "get", works, answers(200, TRANSMITTED)),
    ("projects:works_schedule", "get", works, answers(200, MANAGERS)),
    ("projects:works_schedule", "post", works, answers(200, MANAGERS)),
    ("projects:works_step", "post", works_to_refuse, answers(302, MANAGERS)),
    ("projects:check_add", "post", point, answers(302, WRITERS)),
    ("projects:check_change", "post", line, answers(302, WRITERS)),
]
