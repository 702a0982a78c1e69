"""Who opens what: the home and the search are everyone's, a dashboard is for who reads its aggregates."""

import datetime

from core.models import Job
from dashboard.models import Batch, Synthesis, WeeklyReport
from tests.projects import access as access_actions
from tests.projects import access_meetings

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
    **dict.fromkeys(["coordinator", "colleague", "neighbour"], 200),  # coordinators of the circonscription
}
DRAFT = {**dict.fromkeys(WHO, 404), "pole_head": 200}
WEEKLY_WRITERS = {who: 403 if status == 200 else status for who, status in WEEKLY_READERS.items()}
WEEKLY_WRITERS |= {"pole_head": 200}
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

SYNTHESIS_WRITERS = {**dict.fromkeys(WHO, 404), **dict.fromkeys(["coordinator", "pole_head", "central"], 200)}
SUBMITTED = {**SYNTHESIS_WRITERS, "division_head": 200}
SYNTHESIS_READERS = {**SUBMITTED, "assistant": 200}
# A house's own document: its director and whoever reads what is transmitted.
TOLD_TO_HOUSE = {**SYNTHESIS_READERS, "director": 200}
SHEET = {**dict.fromkeys(WHO, 404), **dict.fromkeys(["pole_head", "division_head", "central", "assistant"], 200)}
SHEET |= {"coordinator": 200, "elected": 200}
FEBRUARY = {"starts_on": datetime.date(2026, 2, 1), "ends_on": datetime.date(2026, 2, 28)}


def synthesis(request, variant="synthese", level="interne", **place):
    request.getfixturevalue("creche")
    place = place or {"territory": request.getfixturevalue("sector")}
    document = Synthesis(variant=variant, level=level, **FEBRUARY, **place)
    return document.open(by=request.getfixturevalue("coordinator"))


def synthesis_draft(request):
    return (synthesis(request).pk,)


def synthesis_submitted(request):
    document = synthesis(request)
    document.submit(by=request.getfixturevalue("coordinator"))
    return (document.pk,)


def approved(request, **traits):
    document = synthesis(request, **traits)
    document.submit(by=request.getfixturevalue("coordinator"))
    document.approve(by=request.getfixturevalue("pole_head"))
    return (document.pk,)


def synthesis_of_house(request):
    return approved(request, level="etablissement", establishment=request.getfixturevalue("creche"))


def sheet(request):
    return approved(request, variant="fiche-elu", level="elu")


def reason(request):
    return synthesis_submitted(request), {"reason": "À reprendre."}


def to_write(request):
    return (), {"territoire": request.getfixturevalue("sector").pk}


WRITING = {**dict.fromkeys(WHO, 403), **dict.fromkeys(["coordinator", "colleague", "neighbour"], 200)}
WRITING |= {"pole_head": 200, "central": 200}
MOVED = {who: 302 if status == 200 else status for who, status in SYNTHESIS_WRITERS.items()}
APPROVERS = {**dict.fromkeys(WHO, 404), "coordinator": 403}
APPROVERS |= dict.fromkeys(["pole_head", "division_head", "central"], 302)
AGAIN = {**MOVED, **dict.fromkeys(["division_head", "assistant"], 403)}

BALANCE = {**dict.fromkeys(WHO, 403), **dict.fromkeys(["coordinator", "colleague", "neighbour", "pole_head"], 200)}
BALANCE_OF = {**dict.fromkeys(WHO, 404), "coordinator": 200, "pole_head": 200}


def her_month(request):
    return (request.getfixturevalue("coordinator").pk,)


def batch(request):
    request.getfixturevalue("creche")
    place = request.getfixturevalue("sector")
    asked = Batch(owner=request.getfixturevalue("coordinator"), kind="houses", territory=place, **FEBRUARY)
    asked.job = Job.objects.create(owner=asked.owner, label="Lot")
    asked.save()
    return (asked.pk,)


HERS = {**dict.fromkeys(WHO, 404), "coordinator": 200}


def suggested(request):
    """The house was never visited: whoever reads its file may put that on the agenda, or set it aside."""
    (pk,) = access_meetings.coming(request)
    return (pk, "set-aside"), {"cle": "visit-late"}


GRID = [
    ("dashboard:batch_create", "get", nothing, WRITING),
    ("dashboard:batch_create", "post", nothing, WRITING),
    ("dashboard:batch", "get", batch, HERS),
    ("dashboard:batch_booklet", "get", batch, dict.fromkeys(WHO, 404)),
    ("dashboard:batch_resume", "post", posted(batch), {**HERS, "coordinator": 302}),
    ("dashboard:balance", "get", nothing, BALANCE),
    ("dashboard:balance_of", "get", her_month, BALANCE_OF),
    ("dashboard:balance_pdf", "get", her_month, BALANCE_OF),
    ("dashboard:synthesis_list", "get", nothing, ALL),
    ("dashboard:synthesis_create", "get", to_write, WRITING),
    ("dashboard:synthesis_create", "post", nothing, WRITING),
    ("dashboard:synthesis", "get", synthesis_draft, SYNTHESIS_WRITERS),
    ("dashboard:synthesis", "get", synthesis_submitted, SUBMITTED),
    ("dashboard:synthesis", "get", approved, SYNTHESIS_READERS),
    ("dashboard:synthesis", "get", synthesis_of_house, TOLD_TO_HOUSE),
    ("dashboard:synthesis", "get", sheet, SHEET),
    ("dashboard:synthesis_edit", "get", synthesis_draft, SYNTHESIS_WRITERS),
    ("dashboard:synthesis_edit", "post", posted(synthesis_draft), SYNTHESIS_WRITERS),
    ("dashboard:synthesis_refresh", "post", posted(synthesis_draft), MOVED),
    ("dashboard:synthesis_submit", "post", posted(synthesis_draft), MOVED),
    ("dashboard:synthesis_send_back", "post", reason, APPROVERS),
    ("dashboard:synthesis_approve", "post", posted(synthesis_submitted), APPROVERS),
    ("dashboard:synthesis_edit_again", "post", posted(approved), AGAIN),
    ("dashboard:synthesis_pdf", "get", synthesis_draft, SYNTHESIS_WRITERS),
    ("dashboard:synthesis_pdf", "get", synthesis_of_house, TOLD_TO_HOUSE),
    ("dashboard:synthesis_odt", "get", synthesis_draft, SYNTHESIS_WRITERS),
    ("dashboard:synthesis_odt", "get", sheet, SHEET),
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
    ("dashboard:action", "get", access_actions.action, access_actions.answers(200, access_actions.READERS)),
    ("dashboard:meeting", "get", access_meetings.coming, access_meetings.READ),
    ("dashboard:suggestion_step", "post", suggested, access_meetings.MOVED),
    ("dashboard:home", "get", nothing, ALL),
    ("dashboard:attention_all", "get", nothing, ALL),
    ("dashboard:seen", "post", moment, dict.fromkeys(WHO, 302)),
    ("dashboard:search", "get", nothing, ALL),
    ("dashboard:texts", "get", nothing, ALL),
    ("dashboard:territory", "get", sector, SECTOR),
    ("dashboard:territory", "get", pole, POLE),
    ("dashboard:territory", "get", division, DIVISION),
]
