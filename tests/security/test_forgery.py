"""Forged ids in forms, and fields that no form declares: a refusal in words, and not one row written."""

import uuid

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import reverse

from establishments.models import CapacityChange, Closure, Document, JournalEntry, Obligation
from projects.models import ActionItem
from staffing.models import LeaveRequest
from tests.establishments.access import document_of
from tests.factories import TODAY
from tests.projects.factories import ActionFactory
from tests.security.world import APPLICATIONS
from tests.staffing.factories import PostingFactory
from tests.test_access import ROWS, built
from tests.visits.factories import GridFactory, VisitFactory
from tests.visits.pages import page_data
from visits.models import ActionCheck, Visit

pytestmark = pytest.mark.usefixtures("today")

WRITTEN = [Visit, ActionItem, LeaveRequest, Closure, CapacityChange, Document, Obligation, JournalEntry]


def counts():
    return {model.__name__: model.objects.count() for model in WRITTEN}


def answered(client, url, data):
    """(status, whether something was written) of a post, undone."""
    with transaction.atomic():
        before = counts()
        response = client.post(url, data)
        wrote = counts() != before
        transaction.set_rollback(True)
    return response, wrote


def foreign_ids(far_creche, neighbour):
    employee = PostingFactory(establishment=far_creche).employee
    return {"house": far_creche.pk, "person": neighbour.pk, "employee": employee.pk}


@pytest.mark.parametrize("reach", ["far_creche", "next_creche"])
def test_a_house_that_is_not_hers_is_an_invalid_choice(
    client, request, reach, creche, far_creche, neighbour, coordinator
):
    house = request.getfixturevalue(reach)
    ids = foreign_ids(house, neighbour)
    client.force_login(coordinator)
    day = TODAY.replace(day=30).isoformat()
    key = str(uuid.uuid4())
    posts = {
        "projects:action_create": {
            "establishment": ids["house"], "title": "Essai", "due_on": day, "kind": "improvement", "priority": "2",
            "origin_kind": "manual", "level": "etablissement", "client_uuid": key,
        },
        "visits:plan": {"establishment": ids["house"], "kind": "regular", "planned_on": day, "client_uuid": key},
        "staffing:leave_create": {
            "employee": ids["employee"], "kind": "annual", "part": "day", "starts_on": day, "ends_on": day,
            "client_uuid": key,
        },
    }  # fmt: skip
    for name, data in posts.items():
        response, wrote = answered(client, reverse(name), data)
        errors = response.context["form"].errors
        assert (response.status_code, wrote, list(errors)) == (200, False, list(data)[:1]), name
        assert house.name not in response.content.decode()
    response, wrote = answered(client, reverse("visits:create"), {"etablissement": ids["house"], "client_uuid": key})
    assert (response.status_code, wrote) == (404 if reach == "far_creche" else 403, False)


def test_a_person_who_reads_nothing_here_is_given_no_action(client, creche, far_creche, neighbour, coordinator):
    action = ActionFactory(establishment=creche)
    client.force_login(coordinator)
    data = {"owner": neighbour.pk, "due_on": "2026-03-30", "priority": "1", "version": action.version}
    response, wrote = answered(client, reverse("projects:action_edit", args=[action.pk]), data)
    assert (response.status_code, wrote) == (200, False)
    assert "owner" in response.context["form"].errors
    assert neighbour.last_name not in response.content.decode()


def test_the_page_of_a_visit_takes_no_action_owner_nor_item_of_elsewhere(
    client, creche, far_creche, neighbour, coordinator
):
    GridFactory(items=1)
    foreign_item = GridFactory(items=1, status="draft", code="ailleurs").items.get()
    theirs = ActionFactory(establishment=far_creche, title="zzfar")
    client.force_login(coordinator)
    page = client.get(reverse("visits:create"), {"etablissement": creche.pk})
    sent = page_data(page)
    owner = next(name for name in sent if name.endswith("-owner"))
    refused = client.post(reverse("visits:create"), sent | {owner: neighbour.pk})
    assert refused.status_code == 422
    assert not Visit.objects.exists()
    forged = {
        f"a-{theirs.pk}-state": "verified", f"a-{theirs.pk}-note": "x", f"r-{theirs.pk}-title": "",
        f"r-{theirs.pk}-due_on": "2026-03-30", f"r-{theirs.pk}-level": "public",
        f"r-{theirs.pk}-client_uuid": str(theirs.client_uuid),
        f"o-{foreign_item.pk}-rating": "strength", f"o-{foreign_item.pk}-level": "public",
    }  # fmt: skip
    accepted = client.post(reverse("visits:create"), sent | forged)
    assert accepted.status_code == 302
    visit = Visit.objects.get()
    assert not ActionCheck.objects.exists()
    assert not visit.observations.filter(item=foreign_item).exists()
    assert ActionItem.objects.get(pk=theirs.pk).title == "zzfar"


def test_an_action_raised_with_the_key_of_another_is_not_theirs(client, creche, far_creche, coordinator):
    """The key of an action of elsewhere gives nothing of it away and changes nothing of it."""
    GridFactory(items=1)
    theirs = ActionFactory(establishment=far_creche, title="zzfar")
    client.force_login(coordinator)
    page = client.get(reverse("visits:create"), {"etablissement": creche.pk})
    row = {"n-libre-1-title": "Peindre", "n-libre-1-due_on": "2026-03-30"}
    sent = page_data(page) | row | {"n-libre-1-client_uuid": str(theirs.client_uuid)}
    answer = client.post(reverse("visits:create"), sent, follow=True)
    assert answer.status_code < 500
    assert "zzfar" not in answer.content.decode()
    assert ActionItem.objects.get(pk=theirs.pk).title == "zzfar"
    assert not theirs.checks.exists()


def test_a_key_of_somebody_else_creates_nothing_and_shows_nothing(client, creche, far_creche, neighbour, coordinator):
    theirs = ActionFactory(establishment=far_creche, title="zzfar", created_by=neighbour)
    client.force_login(coordinator)
    data = {
        "establishment": creche.pk, "title": "À moi", "due_on": "2026-03-30", "kind": "improvement", "priority": "2",
        "origin_kind": "manual", "level": "etablissement", "client_uuid": str(theirs.client_uuid),
    }  # fmt: skip
    response, wrote = answered(client, reverse("projects:action_create"), data)
    assert response.status_code < 500
    assert not wrote
    assert "zzfar" not in response.content.decode()
    assert str(theirs.pk) not in response.headers.get("Location", "")


def test_the_evidence_and_the_host_of_elsewhere_are_invalid_choices(client, creche, far_creche, coordinator):
    evidence = document_of(far_creche, "public")
    client.force_login(coordinator)
    duty, wrote = answered(
        client,
        reverse("establishments:obligation_edit", args=[creche.pk, "water"]),
        {"done_on": "2026-03-01", "evidence": evidence.pk},
    )
    assert (list(duty.context["form"].errors), wrote) == (["evidence"], False)
    closure, wrote = answered(
        client,
        reverse("establishments:closure_add", args=[creche.pk]),
        {"starts_on": "2026-04-01", "ends_on": "2026-04-01", "cause": "works", "part": "day", "host": far_creche.pk},
    )
    assert (list(closure.context["form"].errors), wrote) == (["host"], False)


def test_a_selection_of_leaves_of_elsewhere_decides_none(client, creche, far_creche, director, coordinator):
    theirs = LeaveRequest.objects.create(
        employee=(posting := PostingFactory(establishment=far_creche)).employee, establishment=posting.establishment,
        starts_on=TODAY.replace(day=30), ends_on=TODAY.replace(day=30), proposed_by=director,
    )  # fmt: skip
    client.force_login(coordinator)
    response = client.post(reverse("staffing:leave_bulk_grant"), {"demandes": [theirs.pk], "confirmer": "1"})
    assert response.status_code == 302
    theirs.refresh_from_db()
    assert theirs.status == "proposed"


# --- Mass assignment: every name of every field of every model, posted on every form.

PROTECTED = {
    "status", "report_status", "version", "fingerprint", "facts", "validated_by", "validated_at", "shared_by",
    "shared_at", "created_by", "created_at", "declared_by", "declared_at", "closed_by", "closed_at", "decided_by",
    "decided_at", "proposed_by", "proposed_at", "uploaded_by", "uploaded_at", "digest", "size", "search_name",
    "search_text", "entered_by", "answered_by", "answered_at", "is_superuser", "is_staff", "is_active", "password",
    "number", "previous", "coordinator", "mandate", "user",
}  # fmt: skip
STAMP = "2001-01-01T00:00:00Z"


def every_field(neighbour, far_creche):
    """A hostile value for each name: forged people, forged houses, stamps of 2001, words."""
    values = {}
    for application in APPLICATIONS:
        for model in apps.get_app_config(application).get_models():
            for field in model._meta.concrete_fields:
                related = field.related_model._meta.model_name if field.is_relation else ""
                forged = {"user": neighbour.pk, "establishment": far_creche.pk}.get(related, 1)
                value = forged if related else STAMP if "Date" in type(field).__name__ else "validated"
                values[field.name] = values[field.attname] = str(value)
    return values | {"is_superuser": "on", "is_staff": "on", "report_status": "validated", "fingerprint": "f" * 64}


def snapshot(skip):
    """{(model, pk): {field: value}} of the protected columns and of the house of each row."""
    found = {}
    for application in APPLICATIONS:
        for model in apps.get_app_config(application).get_models():
            if model.__name__.startswith("Historical") or model._meta.label in skip:
                continue
            names = [f.attname for f in model._meta.concrete_fields if f.name in PROTECTED | {"establishment"}]
            for values in model._base_manager.values("pk", *names):
                found[model._meta.label, values.pop("pk")] = values
    return found


POSTS = [pytest.param(*row.values[:1], row.values[2], id=row.id) for row in ROWS if row.values[1] == "post"]
# The journal is written by every decision, and its head with it.
MOVING = {"establishments.JournalHead", "establishments.JournalEntry"}


@pytest.mark.parametrize(("page", "make_args"), POSTS)
def test_nothing_undeclared_changes(client, request, page, make_args, coordinator, neighbour, far_creche):
    """The step does to rows what it does without the forged fields, and no more."""
    args, data = built(make_args(request))
    client.force_login(coordinator)
    forged = every_field(neighbour, far_creche)
    found = []
    for posted in (data, {**forged, **data}):
        with transaction.atomic():
            client.post(reverse(page, args=args), posted)
            found.append(snapshot(MOVING))
            transaction.set_rollback(True)
    plain, after = found
    for row, values in after.items():
        if row in plain:
            assert values == plain[row], (page, row)
        else:  # a row that only the forged post creates: it is hers, of her house, and has no stamp of hers
            assert STAMP[:4] not in str(values), (page, row)
            assert values.get("establishment_id") != far_creche.pk, (page, row)
            assert neighbour.pk not in [values.get(f"{n}_id") for n in ("created_by", "proposed_by", "uploaded_by")]


def test_a_visit_is_saved_with_nothing_that_its_page_does_not_carry(
    client, creche, far_creche, neighbour, coordinator
):
    GridFactory(items=1)
    client.force_login(coordinator)
    page = client.get(reverse("visits:create"), {"etablissement": creche.pk})
    forged = {**every_field(neighbour, far_creche), **page_data(page)}
    client.post(reverse("visits:create"), forged)
    visit = Visit.objects.get()
    assert (visit.establishment, visit.coordinator, visit.created_by) == (creche, coordinator, coordinator)
    assert (visit.report_status, visit.fingerprint, visit.validated_by, visit.facts) == ("draft", "", None, None)
    assert visit.version == 1
    again = client.get(reverse("visits:edit", args=[visit.pk]))
    client.post(reverse("visits:edit", args=[visit.pk]), {**every_field(neighbour, far_creche), **page_data(again)})
    visit.refresh_from_db()
    assert (visit.establishment, visit.coordinator, visit.report_status) == (creche, coordinator, "draft")


def test_a_planned_visit_of_another_is_not_moved_by_its_key(client, creche, next_creche, colleague, coordinator):
    mine = VisitFactory(establishment=creche, coordinator=coordinator, planned=True)
    theirs = VisitFactory(establishment=next_creche, coordinator=colleague, planned=True)
    client.force_login(coordinator)
    data = {"reason": "grève", "to": "2026-04-02", "client_uuid": str(theirs.client_uuid)}
    response = client.post(reverse("visits:postpone", args=[mine.pk]), data)
    assert response.status_code == 302
    mine.refresh_from_db()
    assert mine.status == "planned"
    assert Visit.objects.count() == 2
