"""Who may open each page of the needs of staff and of the float pool, and who gets 403 or 404."""

from staffing.models import AgencyBooking
from tests.projects.access import answers, anywhere, house, nothing
from tests.staffing.factories import NeedFactory, approved, sent_from_the_pool, short_staffed

READERS = ["coordinator", "pole_head", "assistant", "director"]
ASKERS = ["coordinator", "pole_head", "director"]
MANAGERS = ["coordinator", "pole_head"]
FAR = ["colleague", "neighbour"]


def need(request):
    return (NeedFactory(establishment=request.getfixturevalue("creche")).pk,)


def agreed(request):
    made = NeedFactory(establishment=request.getfixturevalue("creche"))
    made.agree(by=request.getfixturevalue("coordinator"))
    return (made.pk,)


def refused(request):
    return need(request), {"reason": "Une collègue revient ce jour-là"}


def validated(request):
    made = NeedFactory(establishment=request.getfixturevalue("creche"))
    return (approved(made, *(request.getfixturevalue(who) for who in ("coordinator", "pole_head"))).pk,)


def booking(request, delivered=False):
    (pk,), coordinator = validated(request), request.getfixturevalue("coordinator")
    made = AgencyBooking(need_id=pk, provider="Agence du Parc", hours_ordered=11).order(by=coordinator)
    if delivered:
        made.deliver(by=coordinator, hours_delivered=10)
    return (made.pk,), {"hours": "10"}


def delivered(request):
    return booking(request, delivered=True)


def sent(request):
    creche, coordinator = (request.getfixturevalue(name) for name in ("creche", "coordinator"))
    row = sent_from_the_pool(creche, coordinator)
    return (row.pk,), {"batch": str(row.confirmed_in)}


def week(request):
    sent(request)
    return (), {"semaine": "2026-03-24"}


def simulated(request):
    short_staffed(request.getfixturevalue("creche"))
    return (), {"age": "marche", "places": 1, "jours": ["1", "2"], "de": "08:30", "a": "17:30",
                "des_le": "2026-03-23", "semaines": 2}  # fmt: skip


GRID = [
    ("staffing:need_list", "get", nothing, anywhere([*READERS, *FAR, "far_director"])),
    ("staffing:need_create", "get", nothing, anywhere([*ASKERS, *FAR, "far_director"])),
    ("staffing:need_create", "post", nothing, anywhere([*ASKERS, *FAR, "far_director"])),
    ("staffing:need_detail", "get", need, answers(200, READERS)),
    ("staffing:need_detail", "get", validated, answers(200, READERS)),
    ("staffing:need_pdf", "get", need, answers(200, READERS)),
    ("staffing:need_agree", "post", need, answers(302, MANAGERS)),
    ("staffing:need_approve", "post", agreed, answers(302, ["pole_head"])),
    ("staffing:need_refuse", "post", refused, answers(302, MANAGERS)),
    ("staffing:need_withdraw", "post", need, answers(302, ASKERS)),
    ("staffing:booking_create", "get", validated, answers(200, MANAGERS)),
    ("staffing:booking_create", "post", validated, answers(200, MANAGERS)),
    ("staffing:pool_board", "get", week, anywhere([*MANAGERS, *FAR])),
    ("staffing:pool_board", "post", nothing, anywhere([*MANAGERS, *FAR])),
    ("staffing:pool_undo", "post", sent, answers(302, MANAGERS)),
    ("staffing:admission", "get", simulated, anywhere([*READERS, *FAR, "far_director", "central", "division_head"])),
    ("staffing:establishment_month", "get", house, answers(200, [*READERS, "central", "division_head"])),
    ("staffing:agency_list", "get", nothing, anywhere([*READERS, *FAR, "far_director"])),
    ("staffing:booking_deliver", "post", booking, answers(302, MANAGERS)),
    ("staffing:booking_invoice", "post", delivered, answers(302, MANAGERS)),
    ("staffing:booking_cancel", "post", booking, answers(302, MANAGERS)),
]
