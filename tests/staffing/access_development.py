"""Training and interventions: who reads the teams reads them, who keeps the hours keeps them."""

import uuid
from decimal import Decimal

from staffing.models import Intervention, Training
from staffing.models.development import keep
from tests.factories import TODAY
from tests.projects.access_words import answers, anywhere, nothing

READERS = ["coordinator", "pole_head", "assistant", "director"]
FAR = ["colleague", "neighbour"]
ALL = anywhere([*READERS, *FAR, "far_director"])


def training(house, by, **given):
    row = Training(establishment=house, **{"theme": "safety", "title": "Secours", "hours": 7, "year": 2026} | given)
    return keep(row, uuid.uuid4(), "formation souhaitée", by=by)


def intervention(house, by, **given):
    values = {"function": "rsai", "held_on": TODAY, "hours": Decimal(3)} | given
    return keep(Intervention(establishment=house, **values), uuid.uuid4(), "intervention prévue", by=by)


def two(request):
    return request.getfixturevalue("creche"), request.getfixturevalue("coordinator")


def wished(request):
    return (training(*two(request)).pk,)


def agreed(request):
    row = training(*two(request))
    row.agree(by=request.getfixturevalue("coordinator"))
    return (row.pk,), {"done_on": TODAY}


def planned(request):
    return (intervention(*two(request)).pk,)


def house(request):
    two(request)
    training(*two(request))
    intervention(*two(request))
    return (request.getfixturevalue("creche").pk,)


GRID = [
    ("staffing:hours_due", "get", nothing, ALL),
    ("staffing:training_list", "get", nothing, ALL),
    ("staffing:intervention_list", "get", nothing, ALL),
    ("staffing:training_create", "get", nothing, ALL),
    ("staffing:training_create", "post", nothing, ALL),
    ("staffing:intervention_create", "get", nothing, ALL),
    ("staffing:intervention_create", "post", nothing, ALL),
    ("staffing:establishment_development", "get", house, answers(200, READERS)),
    ("staffing:training_agree", "post", wished, answers(302, ["coordinator", "pole_head"])),
    ("staffing:training_refuse", "post", wished, answers(302, ["coordinator", "pole_head"])),
    ("staffing:training_done", "post", agreed, answers(302, READERS)),
    ("staffing:intervention_done", "post", planned, answers(302, READERS)),
    ("staffing:intervention_cancel", "post", planned, answers(302, READERS)),
]
