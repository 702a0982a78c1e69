"""Who may open each page of the teams and leaves, and who gets 403 or 404."""

from tests.projects.access import answers, anywhere, house, nothing
from tests.staffing.factories import LeaveFactory, PostingFactory

READERS = ["coordinator", "pole_head", "assistant", "director"]
PROPOSERS = ["coordinator", "pole_head", "director"]
DECIDERS = ["coordinator", "pole_head"]
FAR = ["colleague", "neighbour"]


def leave(request):
    creche = request.getfixturevalue("creche")
    return (LeaveFactory(person=PostingFactory(establishment=creche)).pk,)


def refused(request):
    return leave(request), {"reason": "ratio"}


def proposed_by_the_coordinator(request):
    creche, coordinator = (request.getfixturevalue(name) for name in ("creche", "coordinator"))
    return (LeaveFactory(person=PostingFactory(establishment=creche), proposed_by=coordinator).pk,)


def selection(request):
    (pk,) = leave(request)
    return (), {"demandes": [pk]}


GRID = [
    ("staffing:leave_list", "get", nothing, anywhere([*READERS, *FAR, "far_director"])),
    ("staffing:leave_create", "get", nothing, anywhere([*PROPOSERS, *FAR, "far_director"])),
    ("staffing:leave_create", "post", nothing, anywhere([*PROPOSERS, *FAR, "far_director"])),
    ("staffing:leave_bulk_grant", "post", selection, anywhere([*DECIDERS, *FAR])),
    ("staffing:leave_detail", "get", leave, answers(200, READERS)),
    ("staffing:leave_grant", "post", leave, answers(302, DECIDERS)),
    ("staffing:leave_refuse", "post", refused, answers(302, DECIDERS)),
    ("staffing:leave_cancel", "post", proposed_by_the_coordinator, answers(302, ["coordinator"])),
    ("staffing:establishment_team", "get", house, answers(200, READERS)),
]
