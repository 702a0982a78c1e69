"""What was validated, and the journal: no statement of the application's own account changes them. Both engines."""

import pytest
from django.db import DatabaseError, connection, transaction

from establishments.models import JournalEntry, record
from tests.visits.factories import (
    ActionCheckFactory,
    ActionOriginFactory,
    GridFactory,
    ObservationFactory,
    VisitFactory,
    VisitResponseFactory,
)
from visits.models import ActionCheck, ActionOrigin, GridItem, GridTheme, Observation, Visit, VisitResponse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def validated(creche, coordinator):
    """A validated report with everything that hangs on it, frozen when its last row changes status."""
    grid = GridFactory(items=1)
    shared = VisitFactory(establishment=creche, coordinator=coordinator, grid=grid, answered=True)
    ObservationFactory(visit=shared, item=grid.items.get())
    ActionCheckFactory(visit=shared)
    ActionOriginFactory(visit=shared)
    VisitResponseFactory(visit=shared)
    frozen = {"report_status": "validated", "validated_by": coordinator, "validated_at": shared.shared_at}
    Visit.objects.filter(pk=shared.pk).update(**frozen, fingerprint="0" * 64)
    record("compte rendu validé", shared, by=coordinator, establishment=creche)
    return shared


PARTS = [
    (Visit, "summary", "'autre'"),
    (Visit, "report_status", "'draft'"),
    (Visit, "fingerprint", "'x'"),
    (Visit, "facts", "NULL"),
    (Observation, "fact", "'autre'"),
    (Observation, "visit_id", "visit_id"),
    (ActionCheck, "state", "'verified'"),
    (ActionOrigin, "level_when_shared", "'public'"),
    (VisitResponse, "remark", "'autre'"),
    (GridItem, "title", "'autre'"),
    (GridTheme, "title", "'autre'"),
    (JournalEntry, "note", "'autre'"),
    (JournalEntry, "actor_id", "NULL"),
]


def refused(statement):
    with pytest.raises(DatabaseError, match="constraint"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(("model", "column", "value"), PARTS, ids=[f"{m.__name__}.{c}" for m, c, _ in PARTS])
def test_no_update_reaches_a_frozen_row(validated, model, column, value):
    assert model.objects.exists()
    refused(f"UPDATE {model._meta.db_table} SET {column} = {value}")  # noqa: S608 — names of our own tables


@pytest.mark.parametrize("model", list(dict.fromkeys(model for model, _, _ in PARTS)))
def test_no_delete_reaches_a_frozen_row(validated, model):
    before = model.objects.count()
    refused(f"DELETE FROM {model._meta.db_table}")  # noqa: S608 — names of our own tables
    assert model.objects.count() == before > 0


def test_no_row_is_slipped_under_a_frozen_report(validated):
    other = GridFactory(items=1).items.get()
    with pytest.raises(DatabaseError, match="constraint"), transaction.atomic():
        ObservationFactory(visit=validated, item=other)
    draft = ObservationFactory(item=other, visit=VisitFactory(establishment=validated.establishment))
    refused(f"UPDATE visits_observation SET visit_id = {validated.pk} WHERE id = {draft.pk}")  # noqa: S608 — names of our own tables


@pytest.mark.skipif(connection.vendor != "sqlite", reason="INSERT OR REPLACE is SQLite's own")
@pytest.mark.parametrize("model", [JournalEntry, Visit, Observation])
def test_a_replacement_is_a_deletion_and_is_refused_too(validated, model):
    """SQLite fires no DELETE trigger for a replaced row unless `recursive_triggers` is on."""
    refused(f"INSERT OR REPLACE INTO {model._meta.db_table} SELECT * FROM {model._meta.db_table}")  # noqa: S608 — names of our own tables
