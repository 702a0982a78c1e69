"""Every list of the administration, with 450 rows of what grows: queries, search, record, history, actions (S-104)."""

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core import mail
from django.urls import reverse

from core.models import User
from core.planner import refresh_statistics
from establishments.models import (
    Authorisation,
    CapacityChange,
    Closure,
    Directorship,
    Document,
    Establishment,
    JournalEntry,
    Mandate,
    Obligation,
    OpeningProject,
    Role,
    SectorAttachment,
    SharedRole,
    Territory,
    TerritoryBoundary,
    record,
)
from indicators.models import (
    BudgetLine,
    ContextFigure,
    DailyActivity,
    ExpectedAttendance,
    PlaceOffer,
    PsuTariff,
    PublishedFormula,
    Target,
)
from projects.models import MeetingSeries, OrderAddressee, Partner, SectionRule, ServiceOrder, ServiceRequest
from staffing.models import Employee, Posting, Roster
from tests.factories import LONG_AGO, TODAY, TerritoryFactory
from tests.security.world import body_of
from tests.visits.factories import GridFactory
from visits.models import (
    CountingRule,
    Framework,
    FunctioningReview,
    GridTheme,
    Inspection,
    ObservationGrid,
    Visit,
    VisitKind,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today"), pytest.mark.ignore_template_errors]

MANY = 450
SINCE = {"starts_on": LONG_AGO}
# Reference data: a handful of rows by nature.
FEW = {Territory, TerritoryBoundary, PsuTariff, PublishedFormula, ObservationGrid, GridTheme, CountingRule, Framework}
FEW |= {SectionRule}


def of_houses(houses, people, sector):
    """Rows that hang on a house, one for each."""
    file = {"file": "d.pdf", "size": 14, "content_type": "application/pdf", "uploaded_by": people[0]}
    for n, (house, person) in enumerate(zip(houses, people, strict=True)):
        yield SectorAttachment(establishment=house, territory=sector, **SINCE)
        yield Authorisation(establishment=house, places=30, **SINCE)
        yield CapacityChange(establishment=house, places=2, reason="works", **SINCE)
        yield Closure(establishment=house, cause="works", starts_on=TODAY, ends_on=TODAY)
        yield Obligation(establishment=house, kind="water")
        yield Document(establishment=house, title="Arrêté", digest=f"{n:064d}", level="pole", **file)
        yield OpeningProject(name=f"Maison {n}", territory=sector, places=30, opens_on=TODAY)
        yield SharedRole(function="rsai", person=person, establishment=house, **SINCE)
        yield Target(indicator="admission_rate", establishment=house, goal=80, **SINCE)
        yield PlaceOffer(establishment=house, age_group=PlaceOffer.AgeGroup.values[0], weekday=1, places=2, **SINCE)
        yield DailyActivity(establishment=house, day=TODAY, walkers=(0,) * 16 + (9,) + (0,) * 31).fill()
        yield ExpectedAttendance(establishment=house, weekday=1, **SINCE)
        amounts = {"allotted": 10, "committed": 5, "spent": 2}
        category = BudgetLine.Category.values[0]
        yield BudgetLine(establishment=house, year=2026, category=category, as_of=TODAY, **amounts)
        yield Visit(establishment=house, coordinator=person, created_by=person, status="done", visited_on=TODAY)
        yield FunctioningReview(establishment=house, due_on=TODAY)
        yield Inspection(establishment=house, authority="pmi", held_on=TODAY, subject="Suivi", recorded_by=person)
        yield Partner(territory=sector, name=f"Partenaire {n}", search_name=f"partenaire {n}")
        yield MeetingSeries(territory=sector, title=f"Réunion {n}", created_by=person)
        yield ServiceRequest(establishment=house, title="Question", asked_by=person, owner=person, due_on=TODAY)
        yield ServiceOrder(territory=sector, title=f"Commande {n}", due_on=TODAY, created_by=person)
        yield record_of(house, person)


def record_of(house, person):
    return (house, person)


@pytest.fixture
def many(sector, administrator):
    houses = [Establishment(code=f"c{n}", name=f"Crèche {n}", search_name=f"creche {n}", opened_on=LONG_AGO,
                            management_mode="regie", postcode="75020") for n in range(MANY)]  # fmt: skip
    people = [User(email=f"p{n}@ville.example", last_name=f"Nom{n}", search_name=f"nom{n}") for n in range(MANY)]
    agents = [
        Employee(first_name="Léa", last_name=f"Nom{n}", search_name=f"lea nom{n}", staff_number=f"M{n}")
        for n in range(MANY)
    ]
    for rows in (houses, people, agents):
        type(rows[0]).objects.bulk_create(rows)
    kinds = {}
    for row in of_houses(houses, people, sector):
        if isinstance(row, tuple):
            if len(kinds.setdefault("journal", [])) < 60:
                kinds["journal"].append(row)
        else:
            kinds.setdefault(type(row), []).append(row)
    for house, person in kinds.pop("journal"):
        record("établissement modifié", house, by=person, establishment=house)
    for model, rows in kinds.items():
        model.objects.bulk_create(rows)
    OrderAddressee.objects.bulk_create(OrderAddressee(order=order, territory=sector) for order in kinds[ServiceOrder])
    mandates = [
        Mandate(user=p, role=Role.DIRECTOR, establishment=h, **SINCE) for p, h in zip(people, houses, strict=True)
    ]
    Mandate.objects.bulk_create(mandates)
    Directorship.objects.bulk_create(
        Directorship(establishment=m.establishment, person=m.user, mandate=m, **SINCE) for m in mandates
    )
    Posting.objects.bulk_create(
        Posting(employee=agent, establishment=house, job="eje", category=1, **SINCE)
        for agent, house in zip(agents, houses, strict=True)
    )
    Roster.objects.bulk_create(Roster(posting=posting, **SINCE) for posting in Posting.objects.all())
    figures = [(kind, year) for kind in ContextFigure.Kind.values for year in range(1990, 2101)][:MANY]
    ContextFigure.objects.bulk_create(
        ContextFigure(territory=sector, kind=kind, year=year, value=1, source="Insee") for kind, year in figures
    )
    reference_data(sector)
    refresh_statistics()
    return houses


def reference_data(sector):
    TerritoryFactory(name="Secteur de plus", parent=sector.parent)
    GridFactory()
    Framework.objects.create(code="essai", title="Essai", starts_on=LONG_AGO)
    CountingRule.objects.get_or_create(kind=VisitKind.values[0], starts_on=LONG_AGO)
    indicator = PublishedFormula.Indicator.values[0]
    formula = PublishedFormula._meta.get_field("formula").choices[0][0]
    PublishedFormula.objects.create(indicator=indicator, formula=formula, territory=sector, source="Note", **SINCE)
    TerritoryBoundary.objects.get_or_create(
        code="75120",
        defaults={"name": "Paris 20", "geometry": {"type": "MultiPolygon", "coordinates": []}},
    )


def url_of(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_each_list_of_the_administration_is_quick_searched_and_keeps_its_history(
    client, administrator, many, django_assert_max_num_queries
):
    client.force_login(administrator)
    wrong = []
    for model, page in admin.site._registry.items():
        with django_assert_max_num_queries(7):
            listed = client.get(url_of(model, "changelist")).context_data["cl"]
        least = 1 if model in FEW else 60 if model is JournalEntry else 111 if model is ContextFigure else MANY
        if listed.result_count < least:
            wrong.append((model.__name__, "rows", listed.result_count))
        if not page.search_fields:
            wrong.append((model.__name__, "no search"))
        found = client.get(url_of(model, "changelist"), {"q": "introuvable"})
        if found.status_code != 200 or found.context_data["cl"].result_count:
            wrong.append((model.__name__, "search finds everything"))
        if listed.result_list:
            pk = listed.result_list[0].pk
            history = url_of(model, "history", pk)
            if client.get(history).status_code != 200:
                wrong.append((model.__name__, "history"))
            if history.encode() not in client.get(url_of(model, "change", pk)).content:
                wrong.append((model.__name__, "no history button"))
    assert wrong == []


@pytest.mark.parametrize("words", ["CRÈCHE 449", "creche 449"])
def test_what_belongs_to_a_house_is_found_by_its_name_accents_or_not(client, administrator, many, words):
    client.force_login(administrator)
    owned = [
        m for m, page in admin.site._registry.items() if "establishment__search_name" in page.get_search_fields(None)
    ]
    assert {Authorisation, BudgetLine, PlaceOffer, Target, Visit} <= set(owned)
    found = {
        model.__name__: client.get(url_of(model, "changelist"), {"q": words}).context_data["cl"].result_count
        for model in owned
    }
    assert found == dict.fromkeys(found, 1)


def test_no_action_on_several_rows_changes_or_sends_anything_before_its_preview(
    client, administrator, many, mailoutbox
):
    client.force_login(administrator)
    lines, hurried = JournalEntry.objects.count(), []
    for model, page in admin.site._registry.items():
        picked = [row.pk for row in client.get(url_of(model, "changelist")).context_data["cl"].result_list[:3]]
        for action in page._get_base_actions():
            data = {"action": action[1], ACTION_CHECKBOX_NAME: picked}
            response = client.post(url_of(model, "changelist"), data)
            body_of(response)  # an export is a file: it is closed
            shown = response.status_code == 200
            if not shown or mail.outbox or JournalEntry.objects.count() != lines:
                hurried.append((model.__name__, action[1], response.status_code))
    assert hurried == []
    assert Establishment.objects.filter(closed_on__isnull=False).count() == 0
