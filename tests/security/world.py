"""Twin sectors: in each of three houses one record of every model, each text a word of its own.

A canary word says where it was written ("own", "nxt", "far") and, looked up in `World.words`, in which field and for
which readers: "open" (identity, calendar), "shared" (transmitted), "inside" (the pôle), "staff", "named" (nobody).
"""

import datetime
import re
from dataclasses import dataclass, field

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models

from core.models import Job, Notification
from establishments.models import (
    Authorisation,
    CapacityChange,
    Closure,
    Document,
    Level,
    Obligation,
    OpeningProject,
    PastIdentity,
    SharedRole,
    record,
)
from indicators.models import MonthlyActivity
from projects.models import ActionItem, GoodPractice, ServiceRequest
from staffing.models import Employee, LeaveRequest, Posting
from tests.factories import TODAY, DirectorshipFactory, UserFactory
from tests.security.rooms import furnish
from visits.inspections.search import index_inspection
from visits.models import (
    ActionCheck,
    ActionOrigin,
    Finding,
    FindingCheck,
    FindingCorrection,
    Inspection,
    Observation,
    Visit,
    VisitResponse,
)

APPLICATIONS = ["core", "establishments", "indicators", "staffing", "projects", "visits", "dashboard"]
CANARY = re.compile(r"zz(?:own|nxt|far)\d{4}")
DAY = datetime.timedelta(days=1)
SHARED_AT = datetime.datetime(2026, 3, 11, 16, 0, tzinfo=datetime.UTC)
# Columns that hold no text of a person: computed, technical, or shown as a code.
TECHNICAL = {"code", "search_name", "search_text", "postcode", "siret", "email", "password", "fingerprint", "digest"}
TECHNICAL |= {"url", "event", "content_type", "file", "result", "postcodes", "key", "city"}


def body_of(response):
    """The bytes of an answer, its files closed (`close()` would also end the connection of the test)."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    for close in response._resource_closers:
        close()
    return content


@dataclass
class World:
    """The records of each house and what each canary word stands for: (where, model, field, readers)."""

    words: dict = field(default_factory=dict)
    records: dict = field(default_factory=dict)

    def word(self, where, model, name, readers):
        canary = f"zz{where}{len(self.words):04d}"
        self.words[canary] = (where, model, name, readers)
        return canary

    def texts(self, where, model, readers, given=()):
        """A canary for each text of the model that is not given."""
        fields = [f for f in model._meta.concrete_fields if isinstance(f, (models.CharField, models.TextField))]
        return {
            f.name: self.word(where, model._meta.label, f.name, readers)
            for f in fields
            if f.editable and not f.choices and f.name not in TECHNICAL and f.name not in given
        }

    def make(self, where, model, readers, **given):
        """A record whose texts are canaries, for `readers`."""
        made = model(**self.texts(where, model, readers, given), **given)
        made.save()
        self.records.setdefault((where, model), []).append(made)
        return made

    def of(self, where, model):
        return self.records.get((where, model), [])


def person(world, where, readers="open"):
    return UserFactory(
        first_name=world.word(where, "core.User", "first_name", readers),
        last_name=world.word(where, "core.User", "last_name", readers),
    )


def build(houses, coordinators, grid):
    """`houses` and `coordinators` by "own", "nxt", "far"."""
    world = World()
    for where, house in houses.items():
        _register(world, where, house)
        _team(world, where, house)
        _work(world, where, house, coordinators[where], grid)
        _inspected(world, where, house, coordinators[where])
        furnish(world, where, house, coordinators[where])
    return world


def _register(world, where, house):
    texts = world.texts(where, type(house), "open", given={"name"})
    texts["name"] = f"Crèche {world.word(where, 'establishments.Establishment', 'name', 'open')}"
    for name, value in texts.items():
        setattr(house, name, value[:30])
    house.save()
    world.records[where, type(house)] = [house]
    sector = house.attachments.get().territory
    sector.name = f"Secteur {world.word(where, 'establishments.Territory', 'name', 'open')}"
    sector.save()
    world.records[where, type(sector)] = [sector]
    world.make(
        where, PastIdentity, "open", establishment=house, kind=house.kind, organisation="", management_mode="regie",
        starts_on=datetime.date(2018, 1, 1), ends_on=datetime.date(2019, 12, 31), postcode="75020", city="Paris",
    )  # fmt: skip
    authorisation = house.authorisations.get()
    authorisation.reference = world.word(where, Authorisation._meta.label, "reference", "open")
    authorisation.save()
    world.make(where, CapacityChange, "open", establishment=house, places=3, reason="works", starts_on=TODAY)
    world.make(where, Closure, "open", establishment=house, cause="bridge", starts_on=TODAY, ends_on=TODAY)
    sector_record = world.records[where, type(sector)][0]
    world.make(where, OpeningProject, "open", territory=sector_record, places=30, opens_on=TODAY + 90 * DAY)
    if not house.directorships.exists():
        DirectorshipFactory(establishment=house, person=person(world, where))
    world.make(where, SharedRole, "open", function="nurse", person=person(world, where), territory=sector,
               starts_on=TODAY)  # fmt: skip
    for level, readers in [
        ("public", "shared"),
        ("etablissement", "shared"),
        ("pole", "inside"),
        ("nominatif", "named"),
    ]:
        evidence = world.make(
            where, Document, readers, establishment=house, level=level, digest=f"{where}-{level}", size=14,
            file=ContentFile(b"%PDF-1.7 %%EOF", name="d.pdf"), content_type="application/pdf",
            uploaded_by=house.directorships.first().person,
        )  # fmt: skip
        if level == "pole":
            kept = evidence
    world.make(where, Obligation, "inside", establishment=house, kind="water", done_on=TODAY, evidence=kept)


def _team(world, where, house):
    employee = world.make(where, Employee, "staff")
    world.make(where, Posting, "staff", employee=employee, establishment=house, job="eje", category=1,
               starts_on=datetime.date(2020, 1, 1))  # fmt: skip
    leave = LeaveRequest(employee=employee, establishment=house, starts_on=TODAY + 20 * DAY, ends_on=TODAY + 23 * DAY)
    world.records[where, LeaveRequest] = [leave.propose(by=house.directorships.first().person)]
    world.make(
        where, MonthlyActivity, "open", establishment=house, month=datetime.date(2026, 2, 1), status="submitted",
        authorised_hours=13200, open_hours=11880, contracted_hours=10700, actual_hours=9630, billed_hours=10486,
    )  # fmt: skip


def _work(world, where, house, coordinator, grid):
    first, second = grid.items.all()[:2]
    for level, readers in [("etablissement", "shared"), ("pole", "inside"), ("nominatif", "inside")]:
        action = world.make(
            where, ActionItem, readers, establishment=house, level=level, due_on=TODAY + 9 * DAY,
            created_by=coordinator, owner=coordinator,
        )  # fmt: skip
        record("action créée", action, by=coordinator, establishment=house,
               note=world.word(where, "establishments.JournalEntry", "note", readers))  # fmt: skip
    stamps = {"shared_by": coordinator, "shared_at": SHARED_AT, "answer_due_on": TODAY + DAY}
    _visit(world, where, house, coordinator, "inside", items=(first, second), visited_on=TODAY - 3 * DAY)
    _visit(world, where, house, coordinator, "inside", status="planned", planned_on=TODAY + 5 * DAY)
    _visit(world, where, house, coordinator, "inside", status="cancelled", planned_on=TODAY + 5 * DAY)
    _visit(world, where, house, coordinator, "shared", items=(first, second), visited_on=TODAY - 9 * DAY,
           report_status="shared", **stamps)  # fmt: skip
    asker = house.directorships.first().person
    world.make(where, GoodPractice, "shared", establishment=house, created_by=asker)
    world.make(where, ServiceRequest, "shared", establishment=house, asked_by=asker, due_on=TODAY + 9 * DAY)
    for readers, owner in [("own", coordinator), ("own", house.directorships.first().person)]:
        world.make(where, Notification, f"{readers}:{owner.pk}", user=owner, event=f"essai-{where}")
        world.make(where, Job, f"{readers}:{owner.pk}", owner=owner)


def _inspected(world, where, house, coordinator):
    """An inspection, a finding and what the authority did next: for those who read inspections."""
    mine = {"establishment": house, "authority": "pmi", "held_on": TODAY - 9 * DAY, "recorded_by": coordinator}
    inspection = world.make(where, Inspection, "controls", **mine)
    mine = {"inspection": inspection, "nature": "gap", "due_on": TODAY - DAY, "noted_by": coordinator}
    finding = world.make(where, Finding, "controls", **mine)
    mine = {"finding": finding, "checked_on": TODAY - 2 * DAY, "outcome": "kept", "noted_by": coordinator}
    world.make(where, FindingCheck, "controls", **mine)
    mine = {"finding": finding, "version": 0, "nature": "gap", "must_display": False, "corrected_by": coordinator}
    world.make(where, FindingCorrection, "controls", **mine)
    index_inspection(inspection)


def _visit(world, where, house, coordinator, readers, items=(), **given):
    """A visit with, for each text, the level that its readers may read: one of two stays inside the pôle."""
    given.setdefault("status", "done")
    inner = {"interview": "inside", "decisions": "inside"} if readers == "shared" else {}
    texts = {name: world.word(where, "visits.Visit", name, kind) for name, kind in inner.items()}
    levels = {f"{name}_level": Level.POLE for name in inner}
    reason = {} if given["status"] == "cancelled" else {"status_reason": ""}
    visit = world.make(where, Visit, readers, establishment=house, coordinator=coordinator, grid=items and
                       items[0].grid or None, **texts, **levels, **reason, **given)  # fmt: skip
    for item, level in zip(items, [Level.ETABLISSEMENT, Level.POLE], strict=False):
        kind = "inside" if level == Level.POLE else readers
        world.make(where, Observation, kind, visit=visit, item=item, level=level, rating="acquired")
        # What a draft raises stays inside the pôle; what it follows keeps its own level.
        raised = level if readers == "shared" else Level.POLE
        due = {"establishment": house, "due_on": TODAY + 9 * DAY, "created_by": coordinator}
        action = world.make(where, ActionItem, kind, level=raised, origin_kind="visit", **due)
        ActionOrigin.objects.create(action=action, visit=visit, item=item, level_when_shared=level)
        followed = "inside" if level == Level.POLE else "shared"
        followed = world.make(where, ActionItem, followed, level=level, **due)
        world.make(where, ActionCheck, kind, visit=visit, action=followed, state="in_progress")
    if readers == "shared":
        world.make(where, VisitResponse, "shared", visit=visit, answered_by=house.directorships.first().person)
    return visit


# Models without a text of a person, or shared by all (grids, outlines) or written by the product alone.
WITHOUT_CANARY = {
    "core.RecurringRun", "core.User", "establishments.TerritoryLink", "establishments.SectorAttachment",
    "establishments.TerritoryBoundary", "establishments.Mandate", "establishments.ImportKey",
    "establishments.AuthorisationSlot", "establishments.OpeningHours", "establishments.JournalHead",
    "establishments.JournalEntry", "establishments.Directorship", "establishments.Unavailability",
    "indicators.PsuTariff",
    "indicators.Target",
    "establishments.TakingOfficeStep",
    "visits.ObservationGrid", "visits.GridTheme", "visits.GridItem", "visits.ActionOrigin",
}  # fmt: skip

# Of the later rooms, what holds keys, dates, numbers or a text copied from a record that has its canary.
WITHOUT_CANARY |= {
    "core.Digest", "core.NotificationChoice", "core.SearchEntry", "core.SourceLink", "dashboard.Batch",
    "dashboard.BatchItem", "indicators.BudgetLine", "indicators.ColumnMemory", "indicators.ContextFigure",
    "indicators.DailyActivity", "indicators.ExpectedAttendance", "indicators.ImportLine",
    "indicators.ImportRun", "indicators.PlaceOffer", "indicators.PublishedFormula", "projects.Attendance",
    "projects.MinuteLine", "projects.SeriesMember", "projects.SetAside", "projects.MilestoneReached",
    "projects.ProjectTarget", "projects.SectionRule", "staffing.DirectionRelay", "staffing.FloatAssignment",
    "staffing.PoolProposal", "staffing.Interim", "staffing.Roster", "staffing.RosterSlot", "visits.BusyPeriod",
    "visits.CalendarFeed", "visits.CountingRule", "visits.FieldChange", "establishments.RuleChange",
    "establishments.RuleNotice", "visits.DoubleAnswer", "visits.DoublePoint", "visits.DoubleRating",
    "visits.Framework", "visits.FrameworkItem", "visits.FrameworkMapping", "visits.IssuedReport",
    "visits.PurgeCertificate", "visits.SensitiveReader", "visits.SensitiveReading", "visits.TourLate",
    "visits.TourPlan", "visits.TourStop", "projects.OrderDocument", "projects.WatchReading",
    "projects.PracticeReuse", "visits.PracticeOrigin",
}  # fmt: skip

# Sealed, and kept by tests/staffing/test_appraisals.py.
WITHOUT_CANARY |= {"staffing.Appraisal", "staffing.AppraisalObjective", "staffing.Intervention", "staffing.Training"}
# Numbers and dates (tests/staffing/test_posts.py).
WITHOUT_CANARY |= {"staffing.Post", "staffing.Recruitment", "staffing.AccidentYear", "staffing.DisciplinaryMeeting"}
WITHOUT_CANARY |= {"staffing.OccupationalRisk"}
# Keys and dates of what its own tables keep (tests/staffing/test_staff_imports.py).
WITHOUT_CANARY |= {"staffing.StaffImport", "staffing.StaffImportLine"}


def models_of_the_product():
    found = (model for name in APPLICATIONS for model in apps.get_app_config(name).get_models())
    return {model._meta.label for model in found if not model.__name__.startswith("Historical")}
