"""What the database itself holds: stamps, frozen reports, frozen grids, one source for each action."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from establishments.models import Capability, Level
from tests.visits.factories import (
    ActionCheckFactory,
    ActionFactory,
    ActionOriginFactory,
    GridFactory,
    ObservationFactory,
    VisitFactory,
    VisitResponseFactory,
)
from visits.models import (
    ActionCheck,
    ActionOrigin,
    GridItem,
    GridTheme,
    Observation,
    ObservationGrid,
    Visit,
    VisitKind,
)

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 3, 17, 9, 0, tzinfo=datetime.UTC)


def refused(action):
    with pytest.raises(IntegrityError), transaction.atomic():
        action()


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "done", "visited_on": None},
        {"status": "planned", "visited_on": datetime.date(2026, 3, 1)},
        {"status": "cancelled", "visited_on": None, "planned_on": datetime.date(2026, 3, 1)},
        {"starts_at": datetime.time(11), "ends_at": datetime.time(9)},
        {"report_status": "shared"},
        {"shared_at": NOW},
        {"report_status": "validated"},
        {"fingerprint": "a" * 64},
        {"answered_at": NOW},
        {"summary_level": "nominatif"},
    ],
    ids="-".join,
)
def test_a_visit_that_makes_no_sense_is_refused_by_the_database_and_by_the_form(changes):
    visit = VisitFactory()
    refused(lambda: Visit.objects.filter(pk=visit.pk).update(**changes))
    for name, value in changes.items():
        setattr(visit, name, value)
    with pytest.raises(ValidationError):
        visit.full_clean()


def test_a_planned_visit_has_no_report_to_share(coordinator):
    planned = VisitFactory(planned=True)
    refused(
        lambda: Visit.objects.filter(pk=planned.pk).update(
            report_status="shared", shared_by=coordinator, shared_at=NOW, answer_due_on=datetime.date(2026, 4, 1)
        )
    )


@pytest.fixture
def validated():
    """A validated visit with one row of each kind, made before it was closed."""
    grid = GridFactory()
    visit = VisitFactory(grid=grid)
    ObservationFactory(visit=visit, item=grid.items.first())
    ActionCheckFactory(visit=visit)
    ActionOriginFactory(visit=visit)
    VisitResponseFactory(visit=visit)
    Visit.objects.filter(pk=visit.pk).update(
        report_status="validated",
        shared_by=visit.coordinator,
        shared_at=NOW,
        answer_due_on=datetime.date(2026, 3, 20),
        validated_by=visit.coordinator,
        validated_at=NOW,
        fingerprint="a" * 64,
    )
    visit.refresh_from_db()
    return visit


def test_a_validated_visit_does_not_change_whoever_asks(validated):
    refused(lambda: Visit.objects.filter(pk=validated.pk).update(summary="réécrite"))
    refused(lambda: Visit.objects.filter(pk=validated.pk).update(report_status="draft"))
    refused(lambda: Visit.objects.filter(pk=validated.pk).delete())
    validated.summary = "réécrite"
    refused(validated.save)


@pytest.mark.parametrize("relation", ["observations", "checks", "raised"])
def test_what_hangs_on_a_validated_visit_does_not_change_either(validated, relation):
    rows = getattr(validated, relation).all()
    field = {"observations": "fact", "checks": "note", "raised": "level_when_shared"}[relation]
    refused(lambda: rows.update(**{field: "public"}))
    refused(rows.delete)


def test_a_response_to_a_validated_visit_does_not_change(validated):
    response = validated.response
    response.remark = "réécrite"
    refused(response.save)


def test_nothing_is_added_nor_moved_to_a_validated_visit(validated):
    item = validated.grid.items.last()
    refused(lambda: Observation.objects.create(visit=validated, item=item))
    other = ObservationFactory(visit=VisitFactory(grid=validated.grid), item=item)
    refused(lambda: Observation.objects.filter(pk=other.pk).update(visit=validated))
    refused(lambda: ActionCheck.objects.create(visit=validated, action=ActionFactory(), state="done"))


def test_a_visit_that_is_not_validated_still_changes():
    visit = VisitFactory(answered=True)
    assert Visit.objects.filter(pk=visit.pk).update(summary="reprise") == 1


def test_a_grid_is_frozen_by_the_first_visit_that_uses_it():
    grid = GridFactory()
    theme, item = grid.themes.get(), grid.items.first()
    ObservationGrid.objects.filter(pk=grid.pk).update(title="Avant usage")
    VisitFactory(grid=grid)
    refused(lambda: ObservationGrid.objects.filter(pk=grid.pk).update(title="Après usage"))
    refused(lambda: GridTheme.objects.filter(pk=theme.pk).update(title="Autre thème"))
    refused(lambda: GridItem.objects.filter(pk=item.pk).update(title="Autre point"))
    refused(lambda: GridItem.objects.create(theme=theme, key="ajout", position=9, title="Ajout"))
    refused(item.delete)


def test_a_used_grid_may_leave_service():
    grid = GridFactory()
    VisitFactory(grid=grid)
    grid.status = ObservationGrid.Status.RETIRED
    grid.save()
    assert not ObservationGrid.objects.active().exists()


def test_only_one_version_of_a_grid_is_in_service():
    grid = GridFactory()
    refused(lambda: GridFactory(code=grid.code, version=2))
    assert GridFactory(code=grid.code, version=2, status="retired").version == 2


def test_an_action_has_exactly_one_source():
    refused(lambda: ActionOrigin.objects.create(action=ActionFactory()))
    origin = ActionOriginFactory()
    refused(lambda: ActionOrigin.objects.create(action=origin.action, visit=VisitFactory()))


def test_one_state_per_action_and_one_observation_per_item():
    check = ActionCheckFactory()
    refused(lambda: ActionCheckFactory(visit=check.visit, action=check.action))
    grid = GridFactory()
    first = ObservationFactory(visit=VisitFactory(grid=grid), item=grid.items.first())
    refused(lambda: ObservationFactory(visit=first.visit, item=first.item))


def test_no_paragraph_of_a_report_has_named_readers():
    grid = GridFactory()
    refused(lambda: ObservationFactory(visit=VisitFactory(grid=grid), item=grid.items.first(), level=Level.NOMINATIF))


def test_appointments_and_remote_visits_never_count():
    for kind in VisitKind.values:
        VisitFactory(kind=kind)
    VisitFactory(is_on_site=False)
    VisitFactory(planned=True)
    counted = sorted(Visit.objects.counting().values_list("kind", flat=True))
    assert counted == ["regular", "review", "taking_office", "thematic", "unannounced"]


def test_the_last_counting_date_of_each_house():
    first, second = VisitFactory(visited_on=datetime.date(2026, 1, 5)), VisitFactory(kind="appointment")
    VisitFactory(establishment=first.establishment, visited_on=datetime.date(2026, 2, 5))
    VisitFactory(establishment=first.establishment, visited_on=datetime.date(2026, 3, 5))
    dates = Visit.objects.last_dates(until=datetime.date(2026, 3, 1))
    assert dates == {first.establishment_id: datetime.date(2026, 2, 5)}
    assert second.establishment_id not in Visit.objects.last_dates()


@pytest.mark.parametrize("state", ["planned", "draft", "shared", "answered", "validated"])
def test_a_director_knows_only_what_was_transmitted(creche, director, coordinator, state):
    traits = {} if state == "draft" else {state: True}
    visit = VisitFactory(establishment=creche, coordinator=coordinator, **traits)
    transmitted = state in {"shared", "answered", "validated"}
    assert Visit.objects.known_to(director).filter(pk=visit.pk).exists() is transmitted
    readable = Visit.objects.visible_to(director, Capability.READ_TRANSMITTED)
    assert readable.filter(pk=visit.pk).exists() is transmitted
    assert Visit.objects.visible_to(coordinator, Capability.READ_TRANSMITTED).filter(pk=visit.pk).exists()


def test_those_who_read_what_is_transmitted_read_no_draft(creche, central):
    draft, shared = VisitFactory(establishment=creche), VisitFactory(establishment=creche, shared=True)
    readable = Visit.objects.visible_to(central, Capability.READ_TRANSMITTED)
    assert set(readable) == {shared}
    assert set(Visit.objects.known_to(central)) == {draft, shared}
