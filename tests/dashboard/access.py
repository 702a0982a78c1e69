"""Who opens what: the home and the search are everyone's, a dashboard is for who reads its aggregates."""

import datetime

from dashboard.models import WeeklyReport

WHO = [
    *("coordinator", "colleague", "neighbour", "former", "pole_head", "division_head", "central", "assistant"),
    *("health_lead", "director", "far_director", "administrator", "elected", "nobody", "superuser"),
]
ALL = dict.fromkeys(WHO, 200)
SECTOR = {
    **dict.fromkeys(WHO, 404),
    "coordinator": 200,
    "colleague": 403,
    "pole_head": 200,
    "division_head": 200,
    "central": 200,
    "assistant": 200,
    "administrator": 403,
}
POLE = {**SECTOR, "coordinator": 403}
HOUSE = {**dict.fromkeys(WHO, 200), **dict.fromkeys(["neighbour", "former", "far_director", "elected"], 404)}
HOUSE |= dict.fromkeys(["nobody", "superuser"], 404)
DIVISION = {**dict.fromkeys(WHO, 404), "division_head": 200, "central": 200, "administrator": 403}


def nothing(request):
    return ()


def moment(request):
    return (), {"jusqua": "2026-03-17T08:00:00+00:00"}


def sector(request):
    request.getfixturevalue("creche")
    return (request.getfixturevalue("sector").pk,)


def house(request):
    return (request.getfixturevalue("creche").pk,)


def pole(request):
    request.getfixturevalue("creche")
    return (request.getfixturevalue("pole").pk,)


def division(request):
    request.getfixturevalue("creche")
    return (request.getfixturevalue("caspe").pk,)


WEEKLY_READERS = {
    **dict.fromkeys(WHO, 404),
    **dict.fromkeys(["pole_head", "division_head", "central", "assistant"], 200),
}
DRAFT = {**dict.fromkeys(WHO, 404), "pole_head": 200}
WEEKLY_WRITERS = {**WEEKLY_READERS, **dict.fromkeys(["division_head", "central", "assistant"], 403)}
THURSDAY = datetime.date(2026, 3, 12)


def weekly(request, **traits):
    request.getfixturevalue("creche")
    return WeeklyReport.objects.create(territory=request.getfixturevalue("pole"), last_on=THURSDAY, **traits)


def draft(request):
    return (weekly(request).pk,)


def sent(request):
    report = weekly(request)
    report.refresh()
    report.send(by=request.getfixturevalue("pole_head"))
    return (report.pk,)


def pole_to_draft(request):
    return (), {"territoire": request.getfixturevalue("pole").pk}


def posted(make_args):
    return lambda request: (make_args(request), {})


FILES = {**dict.fromkeys(WHO, 403), **dict.fromkeys(["coordinator", "colleague", "neighbour", "pole_head"], 200)}
FILES |= dict.fromkeys(["division_head", "assistant"], 200)

GRID = [
    ("dashboard:warnings", "get", nothing, FILES),
    ("dashboard:weekly_list", "get", nothing, ALL),
    ("dashboard:weekly_draft", "post", pole_to_draft, {**dict.fromkeys(WHO, 404), "pole_head": 302}),
    ("dashboard:weekly", "get", draft, DRAFT),
    ("dashboard:weekly", "get", sent, WEEKLY_READERS),
    ("dashboard:weekly_pdf", "get", draft, DRAFT),
    ("dashboard:weekly_pdf", "get", sent, WEEKLY_READERS),
    ("dashboard:weekly_edit", "get", draft, DRAFT),
    ("dashboard:weekly_edit", "get", sent, {**WEEKLY_WRITERS}),
    ("dashboard:weekly_edit", "post", posted(draft), DRAFT),
    ("dashboard:weekly_refresh", "post", posted(draft), {**DRAFT, "pole_head": 302}),
    ("dashboard:weekly_send", "post", posted(draft), {**DRAFT, "pole_head": 302}),
    ("dashboard:weekly_send", "post", posted(sent), {**WEEKLY_WRITERS, "pole_head": 302}),
    ("dashboard:establishment", "get", house, HOUSE),
    ("dashboard:home", "get", nothing, ALL),
    ("dashboard:attention_all", "get", nothing, ALL),
    ("dashboard:seen", "post", moment, dict.fromkeys(WHO, 302)),
    ("dashboard:search", "get", nothing, ALL),
    ("dashboard:texts", "get", nothing, ALL),
    ("dashboard:territory", "get", sector, SECTOR),
    ("dashboard:territory", "get", pole, POLE),
    ("dashboard:territory", "get", division, DIVISION),
]
