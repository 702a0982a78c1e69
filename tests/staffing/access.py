"""Who may open each page of the teams and leaves, and who gets 403 or 404."""

import datetime

from staffing.models import Absence, DirectionRelay, Interim, LeavePlan, LeaveRequest
from tests.factories import TODAY
from tests.projects.access import answers, anywhere, house, nothing
from tests.projects.access_words import INSIDE, OUTSIDE
from tests.staffing import access_appraisals, access_development, access_needs, access_posts
from tests.staffing.factories import LeaveFactory, PostingFactory, imported

READERS = ["coordinator", "pole_head", "assistant", "director"]
PROPOSERS = ["coordinator", "pole_head", "director"]
DECIDERS = ["coordinator", "pole_head"]
KEEPERS = ["coordinator", "pole_head", "assistant", "director"]
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


def interim(request):
    creche, coordinator = (request.getfixturevalue(name) for name in ("creche", "coordinator"))
    stand_in = PostingFactory(establishment=creche).employee
    return (
        Interim(establishment=creche, employee=stand_in, starts_on=TODAY, ends_on=TODAY).appoint(by=coordinator).pk,
    )


def plan(request, **given):
    creche, director = (request.getfixturevalue(name) for name in ("creche", "director"))
    made = LeavePlan.objects.create(
        establishment=creche,
        starts_on=datetime.date(2026, 4, 1),
        ends_on=datetime.date(2026, 6, 30),
        created_by=director,
    )
    LeaveFactory(person=PostingFactory(establishment=creche), plan=made, **given)
    return (made.pk,)


def sent(request):
    (pk,) = plan(request)
    LeavePlan.objects.get(pk=pk).submit(by=request.getfixturevalue("director"))
    return (pk,), {"reason": "Trop de demandes la même semaine"}


def decided(request):
    (pk,), _ = sent(request)
    LeaveRequest.objects.get(plan=pk).refuse(by=request.getfixturevalue("coordinator"), reason="ratio")
    return (pk,)


def posting(request):
    return (PostingFactory(establishment=request.getfixturevalue("creche")).pk,)


def relay(request):
    creche = request.getfixturevalue("creche")
    person = PostingFactory(establishment=creche).employee
    return (DirectionRelay.objects.create(establishment=creche, employee=person, starts_on=TODAY).pk,)


def absence(request):
    creche, director = (request.getfixturevalue(name) for name in ("creche", "director"))
    given = {"establishment": creche, "kind": "unplanned", "starts_on": TODAY, "ends_on": TODAY, "told_by": director}
    return (Absence.objects.create(employee=PostingFactory(establishment=creche).employee, **given).pk,)


def staff_import(request):
    """A file of the coordinator that touched the crèche alone: those who keep its team take it back."""
    request.getfixturevalue("creche")
    return (imported(request.getfixturevalue("coordinator"), "A1;Lopes;Ana;les-lilas;EJE;01/03/2026").pk,)


def by_keepers(status):
    """`status` for those who keep the house; 404 for those who keep another one; 403 for those who keep none."""
    kept = dict.fromkeys(KEEPERS, status) | dict.fromkeys([*FAR, "far_director"], 404)
    return dict.fromkeys([*INSIDE, *OUTSIDE], 403) | kept


GRID = [
    ("staffing:relay_add", "get", house, answers(200, KEEPERS)),
    ("staffing:relay_add", "post", house, answers(200, KEEPERS)),
    ("staffing:relay_end", "post", relay, answers(302, KEEPERS)),
    ("staffing:absence_add", "get", house, answers(200, KEEPERS)),
    ("staffing:absence_add", "post", house, answers(200, KEEPERS)),
    ("staffing:absence_end", "post", absence, answers(302, KEEPERS)),
    ("staffing:roster_edit", "get", posting, answers(200, KEEPERS)),
    ("staffing:roster_edit", "post", posting, answers(200, KEEPERS)),
    ("staffing:employee_list", "get", nothing, anywhere([*READERS, *FAR, "far_director"])),
    ("staffing:staff_import", "get", nothing, anywhere([*KEEPERS, *FAR, "far_director"])),
    ("staffing:staff_import", "post", nothing, anywhere([*KEEPERS, *FAR, "far_director"])),
    ("staffing:import_list", "get", nothing, anywhere([*KEEPERS, *FAR, "far_director"])),
    ("staffing:import_detail", "get", staff_import, by_keepers(200)),
    ("staffing:import_undo", "post", staff_import, by_keepers(302)),
    ("staffing:compliance", "get", nothing, anywhere([*READERS, *FAR, "far_director", "central", "division_head"])),
    ("staffing:summer", "get", nothing, anywhere([*DECIDERS, *FAR])),
    ("staffing:forecast", "get", nothing, anywhere([*DECIDERS, *FAR])),
    ("staffing:groupings", "get", nothing, anywhere([*DECIDERS, *FAR])),
    ("staffing:plan_list", "get", nothing, anywhere([*READERS, *FAR, "far_director"])),
    ("staffing:plan_create", "get", nothing, anywhere([*PROPOSERS, *FAR, "far_director"])),
    ("staffing:plan_create", "post", nothing, anywhere([*PROPOSERS, *FAR, "far_director"])),
    ("staffing:plan_detail", "get", plan, answers(200, READERS)),
    ("staffing:plan_detail", "get", decided, answers(200, READERS)),
    ("staffing:plan_pdf", "get", plan, answers(200, READERS)),
    ("staffing:plan_line_add", "get", plan, answers(200, PROPOSERS)),
    ("staffing:plan_line_add", "post", plan, answers(200, PROPOSERS)),
    ("staffing:plan_submit", "post", plan, answers(302, PROPOSERS)),
    ("staffing:plan_send_back", "post", sent, answers(302, DECIDERS)),
    ("staffing:plan_close", "post", decided, answers(302, DECIDERS)),
    ("staffing:continuity", "get", nothing, anywhere([*READERS, *FAR, "far_director"])),
    ("staffing:interim_list", "get", nothing, anywhere([*READERS, *FAR, "far_director"])),
    ("staffing:interim_create", "get", nothing, anywhere([*DECIDERS, *FAR])),
    ("staffing:interim_create", "post", nothing, anywhere([*DECIDERS, *FAR])),
    ("staffing:interim_detail", "get", interim, answers(200, READERS)),
    ("staffing:interim_withdraw", "post", interim, answers(302, DECIDERS)),
    ("staffing:leave_list", "get", nothing, anywhere([*READERS, *FAR, "far_director"])),
    ("staffing:leave_create", "get", nothing, anywhere([*PROPOSERS, *FAR, "far_director"])),
    ("staffing:leave_create", "post", nothing, anywhere([*PROPOSERS, *FAR, "far_director"])),
    ("staffing:leave_bulk_grant", "post", selection, anywhere([*DECIDERS, *FAR])),
    ("staffing:leave_detail", "get", leave, answers(200, READERS)),
    ("staffing:leave_grant", "post", leave, answers(302, DECIDERS)),
    ("staffing:leave_refuse", "post", refused, answers(302, DECIDERS)),
    ("staffing:leave_cancel", "post", proposed_by_the_coordinator, answers(302, ["coordinator"])),
    ("staffing:establishment_team", "get", house, answers(200, READERS)),
    ("staffing:organisations", "get", house, answers(200, READERS)),
]
GRID += access_needs.GRID
GRID += access_appraisals.GRID
GRID += access_development.GRID
GRID += access_posts.GRID
