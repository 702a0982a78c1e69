"""One record of each later model in each house of the twin sectors (`furnish`), each text a canary.

Their readers are named by the capability that opens them ("view_events"): `holders` says which of the people of the
grid hold it over which house, from the roles of the architecture, not from the door.
"""

import datetime
from uuid import uuid4

from django.core.files.base import ContentFile

from core.sealing import seal
from dashboard.models import Synthesis, SynthesisLine, WeeklyLine, WeeklyReport
from establishments.models import Role, WorksCheck, WorksPeriod
from establishments.models.roles import CAPABILITIES
from projects.models import (
    Arbitration,
    ArbitrationOption,
    Decision,
    EstablishmentProject,
    LocalAction,
    Meeting,
    MeetingSeries,
    Milestone,
    NetworkEvent,
    OrderAddressee,
    Participation,
    Partner,
    PartnerContact,
    PartnerExchange,
    PedagogicalDay,
    ProjectSection,
    ProjectTarget,
    SeriesMember,
    ServiceOrder,
    Subject,
    TraineePlace,
    TransversalProject,
    WatchNotice,
)
from staffing.models import Absence, AgencyBooking, Employee, LeavePlan, Posting, StaffingNeed
from tests.factories import TODAY
from visits.models import (
    Event,
    EventNotice,
    FunctioningReview,
    Remark,
    ReviewItem,
    SensitiveFile,
    SensitiveNote,
    Visit,
    VisitAttachment,
)

DAY = datetime.timedelta(days=1)
NOON = datetime.datetime(2026, 3, 10, 11, 0, tzinfo=datetime.UTC)
ALL_HOUSES = ("own", "nxt", "far")
# Who of the access grid has which role over which of the three houses.
HELD = {
    "coordinator": (Role.COORDINATOR, ("own",)),
    "colleague": (Role.COORDINATOR, ("nxt",)),
    "neighbour": (Role.COORDINATOR, ("far",)),
    "pole_head": (Role.POLE_HEAD, ("own", "nxt")),
    "assistant": (Role.ASSISTANT, ("own", "nxt")),
    "division_head": (Role.DIVISION_HEAD, ALL_HOUSES),
    "central": (Role.CENTRAL, ALL_HOUSES),
    "administrator": (Role.ADMINISTRATOR, ALL_HOUSES),
    "elected": (Role.ELECTED, ALL_HOUSES),
    "health_lead": (Role.HEALTH_LEAD, ("own",)),
    "director": (Role.DIRECTOR, ("own",)),
    "far_director": (Role.DIRECTOR, ("far",)),
}


def may_read(who: str, where: str, readers: str) -> bool:
    """Whether this person may read what is for `readers` ("view_events", "propose_project|view") in that house."""
    role, houses = HELD.get(who, (None, ()))
    return where in houses and any(wanted in CAPABILITIES[role] for wanted in readers.split("|"))


def furnish(world, where, house, coordinator):
    sector = house.attachments.get().territory
    head = house.directorships.first().person
    _projects(world, where, house, head)
    _works(world, where, house, head)
    _network(world, where, house, sector, coordinator)
    _meetings(world, where, sector, coordinator, head)
    _relay(world, where, sector, coordinator)
    _needs(world, where, house, head)
    _facts(world, where, house, coordinator, head)
    _texts(world, where, house, sector, coordinator)


DOSSIER = "view_aggregates"  # the projects of a house, the partners and actions of its sector


def _projects(world, where, house, head):
    stages = {"status": "proposed", "proposed_by": head, "proposed_at": NOON, "number": 1}
    project = world.make(where, EstablishmentProject, DOSSIER, establishment=house, created_by=head, **stages)
    world.make(where, ProjectSection, DOSSIER, project=project, key="accueil")
    given = {"establishment": house, "held_on": TODAY + 86 * DAY, "families_told_on": TODAY, "created_by": head}
    world.make(where, PedagogicalDay, DOSSIER, **given)
    world.make(where, TraineePlace, DOSSIER, establishment=house, starts_on=TODAY, ends_on=TODAY + 30 * DAY,
               offered=1, created_by=head)  # fmt: skip


def _works(world, where, house, head):
    works = world.make(where, WorksPeriod, DOSSIER, establishment=house, needed_on=TODAY, created_by=head)
    world.make(where, WorksCheck, DOSSIER, works=works)


def _network(world, where, house, sector, coordinator):
    span = {"starts_on": TODAY, "ends_on": TODAY + 30 * DAY, "created_by": coordinator}
    readers = DOSSIER
    project = world.make(where, TransversalProject, readers, territory=sector, status="running", **span)
    world.make(where, Milestone, readers, project=project, starts_on=TODAY, due_on=TODAY + 9 * DAY)
    ProjectTarget.objects.create(project=project, establishment=house)
    world.make(where, LocalAction, DOSSIER, territory=sector, **span)
    event = world.make(where, NetworkEvent, readers, territory=sector, **span)
    world.make(where, Participation, readers, event=event, establishment=house)
    partner = world.make(where, Partner, DOSSIER, territory=sector, kind="caf")
    contact = world.make(where, PartnerContact, DOSSIER, partner=partner)
    world.make(where, PartnerExchange, DOSSIER, partner=partner, contact=contact, held_on=TODAY,
               recorded_by=coordinator)  # fmt: skip


def _meetings(world, where, sector, coordinator, head):
    series = world.make(where, MeetingSeries, "join_meetings", territory=sector, created_by=coordinator)
    for person in (coordinator, head):
        SeriesMember.objects.create(series=series, person=person)
    given = {"series": series, "created_by": coordinator}
    world.make(where, Subject, "join_meetings", series=series, proposed_by=head)
    held = world.make(where, Meeting, "join_meetings", held_on=TODAY - 9 * DAY, status="published",
                      published_by=coordinator, published_at=NOON, **given)  # fmt: skip
    world.make(where, Decision, "join_meetings", meeting=held)
    world.make(where, Meeting, "join_meetings", held_on=TODAY + 9 * DAY, calls_until=TODAY + 3 * DAY, **given)


def _relay(world, where, sector, coordinator):
    given = {"territory": sector, "created_by": coordinator}
    order = world.make(where, ServiceOrder, "read_orders", due_on=TODAY + 9 * DAY, status="sent", sent_on=TODAY,
                       sent_by=coordinator, **given)  # fmt: skip
    world.make(where, OrderAddressee, "read_orders", order=order, territory=sector)
    sheet = world.make(where, Arbitration, "propose_arbitration", decide_before=TODAY + 9 * DAY, **given)
    world.make(where, ArbitrationOption, "propose_arbitration", arbitration=sheet, starts_on=TODAY,
               ends_on=TODAY + 9 * DAY)  # fmt: skip
    world.make(where, WatchNotice, "read_transmitted|publish_watch", source_on=TODAY, status="published",
               published_by=coordinator, published_on=TODAY, **given)  # fmt: skip


def _needs(world, where, house, head):
    hours = {"starts_at": datetime.time(9), "ends_at": datetime.time(12), "half_hours": 2, "refusal": ""}
    proof = {"half_hours": 2, "children": 9, "category_1": False, "stretches": [], "steps": [], "without_hours": 0,
             "computed_on": TODAY.isoformat(), "supposed": "",
             "source": world.word(where, StaffingNeed._meta.label, "proof", "view_staff")}  # fmt: skip
    given = {"establishment": house, "on": TODAY + DAY, "asked_by": head, "proof": proof}
    need = world.make(where, StaffingNeed, "view_staff", **given, **hours)
    world.make(where, AgencyBooking, "view_staff", need=need, hours_ordered=3, ordered_by=head)
    employee = world.make(where, Employee, "view_staff")
    world.make(where, Posting, "view_staff", employee=employee, establishment=house, job="eje", category=1,
               starts_on=datetime.date(2020, 1, 1))  # fmt: skip
    world.make(where, Absence, "view_staff", employee=employee, establishment=house, kind="training",
               starts_on=TODAY + DAY, ends_on=TODAY + DAY, told_by=head)  # fmt: skip
    world.make(where, LeavePlan, "view_staff", establishment=house, season="summer", starts_on=TODAY + 90 * DAY,
               ends_on=TODAY + 150 * DAY, created_by=head)  # fmt: skip


def _facts(world, where, house, coordinator, head):
    given = {"establishment": house, "family": "accident", "severity": 2, "happened_at": NOON, "reported_by": head}
    event = world.make(where, Event, "view_events", **given)
    world.make(where, EventNotice, "view_events", event=event, user=coordinator)
    review = world.make(where, FunctioningReview, "view", establishment=house, due_on=TODAY + 30 * DAY)
    world.make(where, ReviewItem, "view", review=review, position=1, section=1, key="accueil")
    opened = {"status": "drafted", "opened_by": coordinator, "opened_at": NOON}
    FunctioningReview.objects.filter(pk=review.pk).update(**opened, since=TODAY - 700 * DAY, until=TODAY)
    visit = world.of(where, Visit)[0]
    world.make(where, VisitAttachment, "view", visit=visit, key=uuid4(), level="pole",
               file=ContentFile(b"%PDF-1.7 %%EOF", name="p.pdf"), content_type="application/pdf", size=14,
               digest=f"{where}-piece", uploaded_by=coordinator)  # fmt: skip
    shared = world.of(where, Visit)[-1]
    world.make(where, Remark, "read_transmitted", visit=shared, position=1)
    sealed = SensitiveFile(establishment=house, kind="interview", opened_by=head, client_uuid=uuid4())
    sealed.subject = world.word(where, SensitiveFile._meta.label, "subject", "read_sensitive")
    sealed.save()
    world.records[where, SensitiveFile] = [sealed]
    note = SensitiveNote(file=sealed, author=head, client_uuid=uuid4())
    note.sealed = seal(world.word(where, SensitiveNote._meta.label, "text", "read_sensitive"))
    note.save()
    world.records[where, SensitiveNote] = [note]


def _texts(world, where, house, sector, coordinator):
    span = {"starts_on": TODAY - 60 * DAY, "ends_on": TODAY, "variant": "synthese", "author": coordinator}
    for place in ({"establishment": house}, {"territory": sector}):
        text = world.make(where, Synthesis, "write_synthesis", level="interne", **place, **span)
        world.make(where, SynthesisLine, "write_synthesis", synthesis=text, key="a", section="visites", position=1)
    week = world.make(where, WeeklyReport, "write_weekly", territory=sector, last_on=TODAY)
    world.make(where, WeeklyLine, "write_weekly", report=week, section="visites", position=1)


# Pages of one of these records: {model: names of its pages}.
PAGES = {
    EstablishmentProject: ["projects:project_detail", "projects:project_pdf", "projects:project_edit",
                           "projects:project_attach"],
    PedagogicalDay: ["projects:day_detail", "projects:day_report"],
    TraineePlace: ["projects:trainee_edit"],
    WorksPeriod: ["projects:works_detail", "projects:works_schedule"],
    TransversalProject: ["projects:transversal_detail", "projects:transversal_pdf", "projects:transversal_houses",
                         "projects:milestone_add"],
    LocalAction: ["projects:local_detail", "projects:local_report"],
    NetworkEvent: ["projects:event_detail", "projects:event_participate"],
    Partner: ["projects:partner_detail", "projects:contact_add", "projects:exchange_add"],
    MeetingSeries: ["projects:series_detail", "projects:series_edit", "projects:subject_create",
                    "projects:meeting_create"],
    Meeting: ["projects:meeting_detail", "projects:meeting_pdf", "projects:meeting_edit", "projects:minutes_write",
              "dashboard:meeting"],
    ServiceOrder: ["projects:order_detail", "projects:order_pdf", "projects:order_edit", "projects:order_attach"],
    Arbitration: ["projects:arbitration_detail", "projects:arbitration_pdf", "projects:option_add",
                  "projects:arbitration_decide"],
    ArbitrationOption: ["projects:option_edit"],
    WatchNotice: ["projects:watch_detail", "projects:watch_pdf", "projects:watch_edit"],
    StaffingNeed: ["staffing:need_detail", "staffing:need_pdf", "staffing:booking_create"],
    LeavePlan: ["staffing:plan_detail", "staffing:plan_pdf", "staffing:plan_line_add"],
    Event: ["visits:event", "visits:event_pdf"],
    FunctioningReview: ["visits:review", "visits:review_pdf", "visits:review_move", "visits:review_write"],
    SensitiveFile: ["visits:sensitive"],
    VisitAttachment: ["visits:attachment_download"],
    Synthesis: ["dashboard:synthesis", "dashboard:synthesis_edit", "dashboard:synthesis_pdf",
                "dashboard:synthesis_odt"],
    WeeklyReport: ["dashboard:weekly", "dashboard:weekly_edit", "dashboard:weekly_pdf"],
}  # fmt: skip
OF_A_HOUSE = [
    "indicators:day_edit", "indicators:expected_derive", "indicators:expected_edit", "staffing:absence_add",
    "staffing:relay_add", "staffing:establishment_development", "staffing:establishment_posts", "visits:briefing",
    "visits:briefing_pdf",
]  # fmt: skip
OF_A_TERRITORY = ["indicators:territory_pdf"]
