"""Who may open the pages of the requests."""

import datetime

from projects.models import ServiceRequest
from tests.factories import TODAY
from tests.projects.access_words import TRANSMITTED, answers, anywhere, nothing

DAY = datetime.timedelta(days=1)
LISTED = anywhere([*TRANSMITTED, "colleague", "neighbour", "far_director"])
ASKING = ["coordinator", "pole_head", "division_head", "assistant", "director"]
ASKERS = anywhere([*ASKING, "colleague", "neighbour", "far_director"])
HANDLING = ["coordinator", "pole_head", "division_head", "central", "assistant"]


def asked(request, **given):
    creche, director = request.getfixturevalue("creche"), request.getfixturevalue("director")
    given = {"title": "Qui répare le portail ?", "due_on": TODAY + 9 * DAY, **given}
    return ServiceRequest.objects.create(establishment=creche, asked_by=director, asked_on=TODAY, **given)


def page(request):
    return (asked(request, owner=request.getfixturevalue("coordinator")).pk,)


def to_take(request):
    return (asked(request).pk, "take"), {}


def to_close(request):
    by = request.getfixturevalue("coordinator")
    return (asked(request, status="answered", answer="Lundi", answered_by=by, answered_on=TODAY).pk, "close"), {}


def to_group(request):
    main, other = asked(request), asked(request, title="Le portail ne ferme plus")
    return (other.pk,), {"avec": main.pk}


GRID = [
    ("projects:request_list", "get", nothing, LISTED),
    ("projects:request_create", "get", nothing, ASKERS),
    ("projects:request_create", "post", nothing, ASKERS),
    ("projects:request_detail", "get", page, answers(200, TRANSMITTED)),
    ("projects:request_pdf", "get", page, answers(200, TRANSMITTED)),
    ("projects:request_relay", "get", page, answers(200, HANDLING)),
    ("projects:request_relay", "post", page, answers(200, HANDLING)),
    ("projects:request_reply", "get", page, answers(200, HANDLING)),
    ("projects:request_reply", "post", page, answers(200, HANDLING)),
    ("projects:request_group", "post", to_group, answers(302, HANDLING)),
    ("projects:request_step", "post", to_take, answers(302, HANDLING)),
    ("projects:request_step", "post", to_close, answers(302, ASKING)),
]
