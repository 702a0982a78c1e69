"""Hostile query strings and forms on every page: an answer, a refusal, never an error 500."""

import uuid
from urllib.parse import quote

import pytest
from django.contrib.admin import site
from django.db import transaction
from django.urls import reverse

from establishments.models import Role
from tests.factories import MandateFactory
from tests.projects.factories import ActionFactory
from tests.security.world import body_of
from tests.test_access import ROWS, built
from tests.visits.factories import GridFactory, VisitFactory
from tests.visits.pages import page_data
from visits.models import Visit

pytestmark = pytest.mark.usefixtures("today")

LONG = "9" * 10_000  # more digits than Python reads, more letters than a server takes in a line
HOSTILE = {
    "nul": "a\x00b",
    "long number": LONG,
    "long text": "é" * 3_000,
    "half a character": "%ED%A0%80",
    "year 1": "0001-01-01",
    "year 9999": "9999-12-31",
    "infinite": "1e400",
    "negative": "-1",
    "beyond 64 bits": "9223372036854775808",
    "superscript": "²",
    "template": "{{ 7|add:7 }}{% csrf_token %}%s%n",
    "quotes": "' OR 1=1 -- \" \\",
}
PARAMETERS = [
    *("q", "page", "tri", "export", "au", "mois", "jour", "annee", "date", "lecture", "territoire", "territory"),
    *("establishment", "etablissement", "kind", "category", "state", "places", "management_mode", "coordinator"),
    *("status", "report_status", "owner", "priority", "level", "origin_kind", "employee", "due", "freshness"),
    *("due_on_min", "due_on_max", "happened_on_after", "happened_on_before", "from", "to", "period_min"),
    *("titre", "origine", "source", "theme", "precision", "echeance", "next", "retour", "demandes", "until"),
]
# What forms carry beside the fields found on their page.
TYPED = ["client_uuid", "version", "etablissement", "grid", "reason", "to", "raison", "preuve", "remark", "demandes"]
TYPED += ["jusqua", "retour", "theme", "relire", "garder", "kind", "starts_on", "ends_on", "places", "establishment"]
ALONE = {"nul", "long number", "year 1", "year 9999", "beyond 64 bits"}  # tried in one field, the others being right


def rows_of(method):
    """One row a page: the first of the grid."""
    first = {}
    for row in ROWS:
        name, asked, make_args, _ = row.values
        if asked == method:
            first.setdefault(name, pytest.param(name, make_args, id=name))
    return list(first.values())


def hostile_query(names, value):
    if value.startswith("%"):
        return "&".join(f"{name}={value}" for name in names)
    return "&".join(f"{name}={quote(value)}" for name in names)


@pytest.mark.parametrize(("page", "make_args"), rows_of("get"))
def test_no_query_string_breaks_a_page(client, request, page, make_args, coordinator):
    args, data = built(make_args(request))
    client.force_login(coordinator)
    url = reverse(page, args=args)
    for case, value in HOSTILE.items():
        names = PARAMETERS if len(value) < 1000 else PARAMETERS[:12]
        response = client.get(f"{url}?{hostile_query(names, value)}")
        assert response.status_code < 500, (case, url)
        body_of(response)
    repeated = "&".join(f"q={number}&page={number}&tri=name" for number in range(300))
    for query in (repeated, f"%00=1&{'k' * 2000}=1&=&&&%ff=%ff"):
        response = client.get(f"{url}?{query}")
        assert response.status_code < 500
        body_of(response)


def form_fields(client, url):
    """The names of the fields of the page's forms, as a browser would find them."""
    response = client.get(url)
    entry = (response.context or {}).get("entry") if response.status_code == 200 else None
    form = (response.context or {}).get("form") if response.status_code == 200 else None
    forms = entry.forms if entry else [form] if hasattr(form, "fields") else []
    return [form.add_prefix(name) for form in forms for name in form.fields]


@pytest.mark.parametrize(("page", "make_args"), rows_of("post"))
def test_no_form_breaks_a_page(client, request, page, make_args, coordinator, director):
    user = director if page in {"visits:answer"} else coordinator
    args, data = built(make_args(request))
    client.force_login(user)
    url = reverse(page, args=args)
    fields = list(dict.fromkeys([*data, *form_fields(client, url), *TYPED]))
    for case, value in HOSTILE.items():
        sent = dict.fromkeys(fields if len(value) < 1000 else fields[:30], value)
        for posted in [sent, *([{**data, name: value} for name in data] if case in ALONE else [])]:
            with transaction.atomic():
                assert client.post(url, posted).status_code < 500, (case, url)
                transaction.set_rollback(True)


@pytest.mark.parametrize("field", ["raison", "preuve"])
def test_a_nul_in_a_reason_is_left_out(client, creche, coordinator, field):
    """PostgreSQL stores no NUL: a text read without a form would be an error 500 there, and only there."""
    action = ActionFactory(establishment=creche)
    client.force_login(coordinator)
    step = "action_abandon" if field == "raison" else "action_verify"
    answer = client.post(reverse(f"projects:{step}", args=[action.pk]), {field: "Travaux\x00 refusés"})
    assert answer.status_code == 302
    action.refresh_from_db()
    assert "Travaux refusés" in (action.abandon_reason, action.evidence)


def test_the_key_of_a_visit_of_another_pole_is_refused_not_an_error(
    client, creche, far_creche, coordinator, neighbour
):
    GridFactory()
    theirs = VisitFactory(establishment=far_creche, coordinator=neighbour, summary="zzfar")
    client.force_login(coordinator)
    page = client.get(reverse("visits:create"), {"etablissement": creche.pk})
    sent = page_data(page) | {"client_uuid": str(theirs.client_uuid), "summary": "À moi"}
    answer = client.post(reverse("visits:create"), sent, follow=True)
    assert answer.status_code < 500
    assert "zzfar" not in answer.content.decode()
    theirs.refresh_from_db()
    assert (theirs.summary, theirs.establishment) == ("zzfar", far_creche)


def test_the_key_of_a_planned_visit_of_another_pole_gives_nothing(client, creche, far_creche, coordinator, neighbour):
    theirs = VisitFactory(establishment=far_creche, coordinator=neighbour, planned=True)
    client.force_login(coordinator)
    sent = {"establishment": creche.pk, "kind": "regular", "planned_on": "2026-03-30"}
    answer = client.post(reverse("visits:plan"), sent | {"client_uuid": str(theirs.client_uuid)})
    assert str(theirs.pk) not in answer.headers.get("Location", "")
    assert answer.status_code < 500
    assert Visit.objects.count() == 1


def admin_lists():
    return [f"{model._meta.app_label}_{model._meta.model_name}" for model in site._registry]


@pytest.mark.ignore_template_errors
def test_no_query_string_breaks_the_administration(client, administrator, creche):
    client.force_login(administrator)
    for name in admin_lists():
        url = reverse(f"admin:{name}_changelist")
        for case, value in HOSTILE.items():
            if len(value) > 1000:
                value = value[:3000]
            for keys in (["q"], ["p"], ["o"], ["id"], ["name"], ["title"], ["territoire", "etat", "manque"], ["e"]):
                answer = client.get(f"{url}?{hostile_query(keys, value)}")
                assert answer.status_code < 500, (name, case, keys)
    for value in HOSTILE.values():
        query = f"app_label=establishments&model_name=mandate&field_name=user&{hostile_query(['term'], value)}"
        assert client.get(f"{reverse('admin:autocomplete')}?{query}").status_code < 500


def test_an_unknown_uuid_is_refused_in_words(client, creche, coordinator):
    client.force_login(coordinator)
    sent = {"establishment": creche.pk, "client_uuid": f"{uuid.uuid4()}\x00"}
    assert client.post(reverse("projects:action_create"), sent).status_code == 200


def test_a_role_that_ends_leaves_the_page_answering(client, creche, coordinator):
    """Two mandates at once, one of them over a house: no page doubles its rows nor breaks."""
    MandateFactory(user=coordinator, role=Role.COORDINATOR, establishment=creche)
    client.force_login(coordinator)
    answer = client.get(reverse("establishments:list"))
    assert answer.context["list"]["page"].paginator.count == 1
