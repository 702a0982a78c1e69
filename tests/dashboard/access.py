"""Who opens what: the home and the search are everyone's, a dashboard is for who reads its aggregates."""

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


GRID = [
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
