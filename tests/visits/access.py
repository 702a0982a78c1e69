"""Who may open each page of the visits, and who gets 403 or 404."""

from tests.visits.access_doubles import rows as double_rows
from tests.visits.access_events import rows as event_rows
from tests.visits.access_frameworks import rows as framework_rows
from tests.visits.access_inspections import rows as inspection_rows
from tests.visits.access_offline import rows as offline_rows
from tests.visits.access_reviews import rows as review_rows
from tests.visits.access_rules import rows as rule_rows
from tests.visits.access_sensitive import rows as sensitive_rows
from tests.visits.factories import GridFactory, ObservationFactory, VisitFactory
from tests.visits.tour_factories import MONDAY
from visits.models import BusyPeriod, CalendarFeed, TourPlan, Visit

INSIDE = [
    "coordinator",
    "colleague",
    "pole_head",
    "division_head",
    "central",
    "assistant",
    "health_lead",
    "director",
    "administrator",
]
OUTSIDE = ["neighbour", "former", "far_director", "elected", "nobody", "superuser"]
FULL = ["coordinator", "pole_head", "division_head", "assistant"]
LOGGERS = ["coordinator", "pole_head"]


def house_page(status, allowed):
    """A page of the house: 403 for those who know the house without the right, 404 for the others."""
    return {who: status if who in allowed else 403 for who in INSIDE} | dict.fromkeys(OUTSIDE, 404)


def unseen(status, allowed):
    """A visit not transmitted: the director may not even know that it exists."""
    return house_page(status, allowed) | {"director": 404}


def anywhere(allowed, status=200):
    """A page about no record: those who hold the capability over any house."""
    return {who: status if who in allowed else 403 for who in [*INSIDE, *OUTSIDE]}


def nothing(request):
    request.getfixturevalue("creche")
    return ()


def house(request):
    return (request.getfixturevalue("creche").pk,)


def made(**traits):
    def make_args(request):
        coordinator = request.getfixturevalue("coordinator")
        return (VisitFactory(establishment=request.getfixturevalue("creche"), coordinator=coordinator, **traits).pk,)

    return make_args


def practice_seen(request):
    coordinator, grid = request.getfixturevalue("coordinator"), GridFactory(items=1)
    visit = VisitFactory(
        establishment=request.getfixturevalue("creche"), coordinator=coordinator, grid=grid, answered=True
    )
    seen = ObservationFactory(visit=visit, item=grid.items.get(), nature="good_practice")
    stamps = {"validated_by": coordinator, "validated_at": visit.shared_at, "fingerprint": "0" * 64}
    Visit.objects.filter(pk=visit.pk).update(report_status="validated", **stamps)
    return (seen.pk,)


def with_data(make_args, **data):
    return lambda request: (make_args(request), data)


def of_the_house(request):
    return (), {"etablissement": request.getfixturevalue("creche").pk}


def tour(**more):
    """A tour of the coordinator, proposed, with one visit."""

    def make_args(request):
        house, owner = request.getfixturevalue("creche"), request.getfixturevalue("coordinator")
        plan = TourPlan.objects.create(owner=owner, starts_on=MONDAY, status="proposed", **more)
        plan.stops.create(
            establishment=house, day=MONDAY, half_day="morning", due_on=MONDAY, reasons="Due le 23 mars."
        )
        return (plan.pk,)

    return make_args


def stop_of(make_args):
    return lambda request: (TourPlan.objects.get(pk=make_args(request)[0]).stops.get().pk,)


def accepted_tour(request):
    plan = TourPlan.objects.get(pk=tour()(request)[0])
    TourPlan.objects.filter(pk=plan.pk).update(status="accepted", accepted_at="2026-03-17T08:00:00Z")
    return (plan.pk,)


def busy(request):
    day = MONDAY
    return (BusyPeriod.objects.create(person=request.getfixturevalue("coordinator"), starts_on=day, ends_on=day).pk,)


def calendar(request):
    return (CalendarFeed.renew(request.getfixturevalue("coordinator"), "rien")[1],)


def remark(request):
    visit = VisitFactory(
        establishment=request.getfixturevalue("creche"),
        coordinator=request.getfixturevalue("coordinator"),
        answered=True,
    )
    return (visit.remarks.create(position=1, text="Le plan était affiché.").pk,)


def everyone(status):
    """A page about the person herself."""
    return dict.fromkeys([*INSIDE, *OUTSIDE], status)


def mine(status, head=404):
    """A record of the coordinator alone; `head` is what the head of the pôle, who reads her tours, is answered."""
    return dict.fromkeys([*INSIDE, *OUTSIDE], 404) | {"coordinator": status, "pole_head": head}


READERS = [*FULL, "central", "director"]
EVERYWHERE = [*FULL, "colleague", "neighbour"]
CREATORS = [*LOGGERS, "colleague", "neighbour"]
POSTPONED = {"reason": "grève", "to": "2026-04-02", "client_uuid": "2f0d2c1e-9d1b-4f0e-8a35-0a1d0c1f2b3a"}

GRID = [
    ("visits:list", "get", nothing, anywhere([*READERS, "colleague", "neighbour", "far_director"])),
    ("visits:due", "get", nothing, anywhere(EVERYWHERE)),
    ("visits:calendar", "get", nothing, anywhere(EVERYWHERE)),
    ("visits:calendar_pdf", "get", nothing, anywhere(EVERYWHERE)),
    ("visits:agenda", "get", nothing, anywhere(EVERYWHERE)),
    ("visits:agenda_pdf", "get", nothing, anywhere(EVERYWHERE)),
    ("visits:bimesters", "get", nothing, anywhere(EVERYWHERE)),
    ("visits:practices", "get", nothing, anywhere(EVERYWHERE)),
    ("visits:practice_items", "get", nothing, anywhere(EVERYWHERE)),
    ("visits:tours", "get", nothing, anywhere(CREATORS)),
    ("visits:tours", "post", nothing, anywhere(CREATORS)),
    ("visits:tour", "get", tour(), mine(200, head=200)),
    ("visits:tour", "get", accepted_tour, mine(200, head=200)),
    ("visits:tour_pdf", "get", tour(), mine(200, head=200)),
    ("visits:tour_accept", "post", tour(), mine(302, head=403)),
    ("visits:tour_drop", "post", tour(), mine(302, head=403)),
    ("visits:tour_again", "post", tour(), mine(302, head=403)),
    (
        "visits:tour_revise",
        "post",
        with_data(accepted_tour, client_uuid=POSTPONED["client_uuid"]),
        mine(302, head=403),
    ),
    ("visits:tour_urgent", "post", tour(), mine(302, head=403)),
    ("visits:tour_move", "post", stop_of(tour()), mine(302)),
    ("visits:tour_hold", "post", stop_of(tour()), mine(302)),
    ("visits:verify", "get", nothing, everyone(200)),
    ("visits:verify", "post", nothing, everyone(200)),
    ("visits:feed", "get", nothing, everyone(200)),
    ("visits:feed", "post", nothing, everyone(200)),
    ("visits:feed_mode", "post", nothing, everyone(302)),
    ("visits:feed_revoke", "post", nothing, everyone(302)),
    ("visits:feed_ics", "get", calendar, everyone(200)),
    ("visits:busy", "get", nothing, anywhere(CREATORS)),
    ("visits:busy", "post", nothing, anywhere(CREATORS)),
    ("visits:busy_delete", "post", busy, mine(302)),
    ("visits:create", "get", nothing, anywhere(CREATORS, 302)),
    (
        "visits:create",
        "post",
        of_the_house,
        anywhere(LOGGERS, 422) | {"neighbour": 404},
    ),
    ("visits:plan", "get", nothing, anywhere(CREATORS)),
    ("visits:plan", "post", nothing, anywhere(CREATORS)),
    ("visits:establishment_visits", "get", house, house_page(200, READERS)),
    ("visits:detail", "get", made(), unseen(200, FULL)),
    ("visits:detail", "get", made(planned=True), unseen(200, FULL)),
    ("visits:detail", "get", made(shared=True), house_page(200, READERS)),
    ("visits:detail", "get", made(validated=True), house_page(200, READERS)),
    ("visits:report_pdf", "get", made(), unseen(200, FULL)),
    ("visits:report_pdf", "get", made(shared=True), house_page(200, READERS)),
    (
        "visits:report_pdf",
        "get",
        with_data(made(shared=True), lecture="interne"),
        house_page(200, FULL),
    ),
    ("visits:edit", "get", made(), unseen(200, LOGGERS)),
    ("visits:edit", "get", made(shared=True), house_page(302, LOGGERS)),
    ("visits:edit", "post", made(), unseen(422, LOGGERS)),
    ("visits:cancel", "post", with_data(made(planned=True), reason="travaux"), unseen(302, LOGGERS)),
    ("visits:postpone", "post", with_data(made(planned=True), **POSTPONED), unseen(302, LOGGERS)),
    ("visits:share", "post", made(), unseen(302, LOGGERS)),
    ("visits:answer", "post", with_data(made(shared=True), remark="D’accord."), house_page(302, ["director"])),
    ("visits:remark_decide", "post", with_data(remark, decision="accepted"), house_page(302, LOGGERS)),
    ("visits:practice_card", "post", practice_seen, house_page(302, [*LOGGERS, "director"])),
    ("visits:validate", "post", made(answered=True), house_page(302, LOGGERS)),
    *offline_rows(anywhere, unseen, house_page, FULL, LOGGERS, CREATORS),
    *sensitive_rows(INSIDE, OUTSIDE),
    *event_rows(INSIDE, OUTSIDE),
    *inspection_rows(INSIDE, OUTSIDE),
    *review_rows(anywhere, unseen, house_page, nothing, FULL, READERS),
    *double_rows(anywhere, nothing, INSIDE, OUTSIDE),
    *rule_rows(anywhere, nothing, INSIDE, OUTSIDE),
    *framework_rows(anywhere, house_page, nothing, house, FULL, READERS),
]
