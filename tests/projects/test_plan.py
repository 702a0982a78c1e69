"""« Plan d’actions »: the object, the tab, the paper."""

import datetime

import pytest

from establishments.models import Level
from projects.models import ActionItem
from projects.plan import action_plan
from tests.factories import TODAY
from tests.pdf_reading import extract_text, words_of
from tests.projects.factories import ActionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = datetime.timedelta(days=1)


@pytest.fixture
def actions(creche, coordinator, director):
    made = {
        "late": ActionFactory(establishment=creche, title="Poser le store", due_on=TODAY - 3 * DAY, owner=director),
        "soon": ActionFactory(establishment=creche, title="Relire le projet", origin_label="Réunion de mars"),
        "inside": ActionFactory(establishment=creche, title="Revoir le binôme", level=Level.POLE),
        "declared": ActionFactory(establishment=creche, title="Acheter des tapis"),
        "closed": ActionFactory(establishment=creche, title="Afficher la charte"),
    }
    made["declared"].declare_done(by=director, evidence="Facture")
    made["closed"].verify(by=coordinator, evidence="Vu")
    return made


def titles(lines):
    return [line.title for line in lines]


def test_the_plan_opens_on_what_is_late_and_ends_with_what_is_closed(actions, creche, coordinator):
    plan = action_plan(creche, ActionItem.objects.visible_to(coordinator), TODAY)
    assert titles(plan.open) == ["Poser le store", "Relire le projet", "Revoir le binôme"]
    assert plan.open[0].late == "en retard de 3 jours"
    assert titles(plan.declared) == ["Acheter des tapis"]
    assert titles(plan.closed) == ["Afficher la charte"]
    assert plan.sentence == "3 actions ouvertes, dont 1 en retard\u202f; 1 réalisée à vérifier\u202f; 1 close."


def test_the_plan_of_the_house_has_no_internal_action(actions, creche, coordinator, director):
    everything = ActionItem.objects.visible_to(coordinator)
    assert "Revoir le binôme" not in titles(action_plan(creche, everything, TODAY, shared_only=True).open)
    assert "Revoir le binôme" not in titles(action_plan(creche, ActionItem.objects.visible_to(director), TODAY).open)


def test_the_tab_folds_what_is_closed(client, actions, creche, coordinator):
    client.force_login(coordinator)
    text = client.get(f"/actions/etablissement/{creche.pk}/").content.decode()
    assert "en retard de 3 jours" in text
    folded = text.partition("<summary>Actions closes (1)</summary>")[2]
    assert "Afficher la charte" in folded
    assert "Poser le store" not in folded


@pytest.mark.parametrize(("who", "query", "inside"), [
    ("coordinator", "", True),
    ("coordinator", "?lecture=etablissement", False),
    ("director", "", False),
])  # fmt: skip
def test_the_paper_tells_what_its_reader_may_read(client, request, actions, creche, who, query, inside):
    client.force_login(request.getfixturevalue(who))
    response = client.get(f"/actions/etablissement/{creche.pk}/plan.pdf{query}")
    text = words_of(extract_text(response.content))
    for expected in ("Poser le store", "en retard de 3 jours", "Réunion de mars", "Facture", "Alice Roux"):
        assert expected in text
    assert ("Revoir le binôme" in text) is inside
    assert ("Interne au service" if inside else "Transmis à l’établissement") in text
    assert b"Revoir le bin" not in response.content
    assert "plan-d-actions-creche-les-lilas-2026-03-17.pdf" in response.headers["Content-Disposition"]
