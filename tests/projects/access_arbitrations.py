"""Who may open the pages of the arbitrations: those who propose and decide in the territory."""

import datetime

from projects.models import Arbitration, ArbitrationOption
from tests.core.access import WHO
from tests.factories import TODAY
from tests.projects.access_words import anywhere, nothing

PROPOSING = ["coordinator", "pole_head", "division_head", "central"]
DECIDING = ["pole_head", "division_head", "central"]
LISTED = anywhere([*PROPOSING, "colleague", "neighbour"])
READ = {who: 200 if who in PROPOSING else 404 for who in WHO}
DECIDE = READ | {"coordinator": 403}
CHANGED = {who: 302 if who in PROPOSING else 404 for who in WHO}


def sheet(request, status="draft"):
    request.getfixturevalue("creche"), request.getfixturevalue("far_creche")
    made = Arbitration.objects.create(
        territory=request.getfixturevalue("sector"), title="Fermer le 26 mai ?", status=status,
        decide_before=TODAY + datetime.timedelta(days=9), created_by=request.getfixturevalue("pole_head"),
    )  # fmt: skip
    for title in ("Fermer", "Ouvrir à moitié"):
        option = ArbitrationOption.objects.create(arbitration=made, title=title, starts_on=TODAY, ends_on=TODAY)
    option.houses.add(request.getfixturevalue("creche"))
    return made


def page(request):
    return (sheet(request).pk,)


def to_decide(request):
    return (sheet(request, "proposed").pk,)


def option(request):
    return (sheet(request).options.last().pk,)


def to_propose(request):
    return (sheet(request).pk, "propose"), {}


GRID = [
    ("projects:arbitration_list", "get", nothing, LISTED),
    ("projects:arbitration_create", "get", nothing, LISTED),
    ("projects:arbitration_create", "post", nothing, LISTED),
    ("projects:arbitration_detail", "get", page, READ),
    ("projects:arbitration_pdf", "get", page, READ),
    ("projects:option_add", "get", page, READ),
    ("projects:option_add", "post", page, READ),
    ("projects:option_edit", "get", option, READ),
    ("projects:option_edit", "post", option, READ),
    ("projects:option_remove", "post", option, CHANGED),
    ("projects:arbitration_decide", "get", to_decide, DECIDE),
    ("projects:arbitration_decide", "post", to_decide, DECIDE),
    ("projects:arbitration_step", "post", to_propose, CHANGED),
]
