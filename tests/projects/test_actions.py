"""Actions as their readers use them: the list, a page, the steps, what two people change at once."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError

from core.attention import DECISION, LATE
from core.models import Notification
from establishments.models import JournalEntry, Level
from establishments.workflow import StaleVersion, TransitionRefused
from projects.attention import attention
from projects.forms import ActionForm
from projects.models import ActionItem
from projects.steps import STEPS, allowed_steps
from tests.factories import TODAY, EstablishmentFactory
from tests.projects.factories import ActionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
LIST = "/actions/"
DAY = datetime.timedelta(days=1)


def typed(establishment, **changes):
    given = {
        "establishment": establishment.pk,
        "title": "Installer des repères au sol",
        "detail": "",
        "kind": "improvement",
        "theme": "Aménagement",
        "origin_kind": "visit",
        "origin_label": "Visite du 10 mars",
        "owner": "",
        "due_on": "2026-04-15",
        "priority": "2",
        "level": "etablissement",
        "client_uuid": str(uuid.uuid4()),
    }
    return given | changes


def page(client, user, url, **query):
    client.force_login(user)
    return client.get(url, query)


def test_the_list_marks_what_is_late_and_shows_the_sector_only(client, coordinator, creche, next_creche):
    ActionFactory(establishment=creche, title="Poser le store", due_on=TODAY - 9 * DAY)
    ActionFactory(establishment=next_creche, title="Ailleurs")
    text = page(client, coordinator, LIST).content.decode()
    assert "Poser le store" in text
    assert "en retard de 9 jours" in text
    assert "Ailleurs" not in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "STORE"}, {"Poser le store"}),
        ({"status": "in_progress"}, {"Relire le projet"}),
        ({"origin": "inspection"}, {"Relire le projet"}),
        ({"priority": "1"}, {"Relire le projet"}),
        ({"late": "oui"}, {"Poser le store"}),
    ],
)
def test_the_list_is_filtered_by_what_the_address_says(client, coordinator, creche, query, found):
    ActionFactory(establishment=creche, title="Poser le store", due_on=TODAY - DAY)
    ActionFactory(
        establishment=creche, title="Relire le projet", status="in_progress", origin_kind="inspection", priority=1
    )
    text = page(client, coordinator, LIST, **query).content.decode()
    assert {title for title in ("Poser le store", "Relire le projet") if f">{title}</a>" in text} == found


def test_a_house_of_another_sector_is_not_a_choice_of_the_filter(client, coordinator, creche, next_creche):
    text = page(client, coordinator, LIST, establishment=next_creche.pk).content.decode()
    assert "Choix invalide" in text
    assert next_creche.name not in text


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods", "pdf"])
def test_the_list_is_exported(client, coordinator, creche, kind):
    ActionFactory(establishment=creche, title="Poser le store")
    response = page(client, coordinator, LIST, export=kind)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    assert len(content) > 100
    assert "attachment" in response.headers["Content-Disposition"]


@pytest.mark.parametrize("url", ["/actions/", "/actions/etablissement/{house}/"])
def test_pages_ask_the_same_queries_for_1_and_30_actions(
    client, coordinator, creche, django_assert_max_num_queries, url
):
    url = url.format(house=creche.pk)
    ActionFactory(establishment=creche, owner=coordinator)
    client.force_login(coordinator)
    with django_assert_max_num_queries(25 if "etab" in url else 12) as few:
        client.get(url)
    ActionFactory.create_batch(29, establishment=creche, owner=coordinator)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(url)


def test_the_page_of_an_action_tells_its_journal(client, coordinator, director, creche):
    action = ActionFactory(establishment=creche, origin_label="Visite du 10 mars")
    action.declare_done(by=director, evidence="Photo au dossier")
    text = page(client, coordinator, action.get_absolute_url()).content.decode()
    assert "Visite du 10 mars" in text
    assert "Action déclarée réalisée, Alice Roux" in text
    assert text.count("Photo au dossier") == 2
    assert "À reprendre" in text


def test_a_link_fills_the_form(client, coordinator, creche):
    query = {"etablissement": creche.pk, "titre": "Relever l’admission", "origine": "indicator", "theme": "Activité"}
    form = page(client, coordinator, "/actions/nouvelle/", **query).context["form"]
    assert form["title"].value() == "Relever l’admission"
    assert form["origin_kind"].value() == "indicator"
    assert str(form["establishment"].value()) == str(creche.pk)


@pytest.mark.parametrize("query", [{"etablissement": "x"}, {"etablissement": "9" * 30}, {"origine": "nulle part"}])
def test_a_bad_link_opens_the_form_all_the_same(client, coordinator, creche, query):
    assert page(client, coordinator, "/actions/nouvelle/", **query).status_code == 200


def test_the_same_form_sent_twice_gives_one_action(client, coordinator, director, creche):
    client.force_login(coordinator)
    sent = typed(creche, owner=director.pk)
    answers = [client.post("/actions/nouvelle/", sent).headers["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    assert ActionItem.objects.get().created_by == coordinator
    assert Notification.objects.get().user == director
    assert JournalEntry.objects.get().verb == "action créée"


def test_somebody_else_cannot_take_the_key_of_a_form(coordinator, pole_head, creche):
    action = ActionFactory.build(establishment=creche, created_by=None)
    action.create_once(by=coordinator)
    again = ActionFactory.build(establishment=creche, created_by=None, client_uuid=action.client_uuid)
    with pytest.raises(TransitionRefused, match="déjà servi"):
        again.create_once(by=pole_head)


def test_forged_houses_and_owners_are_invalid_choices(coordinator, neighbour, creche, far_creche):
    form = ActionForm(typed(far_creche), user=coordinator)
    assert "establishment" in form.errors
    form = ActionForm(typed(creche, owner=neighbour.pk), user=coordinator)
    assert "owner" in form.errors


def test_an_owner_must_be_able_to_read_the_action(coordinator, director, creche):
    assert ActionForm(typed(creche, owner=director.pk), user=coordinator).is_valid()
    form = ActionForm(typed(creche, owner=director.pk, level="pole"), user=coordinator)
    assert "ne peut pas lire" in str(form.errors["owner"])


def test_a_due_date_already_over_is_refused(coordinator, creche):
    assert "due_on" in ActionForm(typed(creche, due_on="2026-03-16"), user=coordinator).errors


def test_named_readers_are_not_on_offer(coordinator, creche):
    assert "level" in ActionForm(typed(creche, level=Level.NOMINATIF), user=coordinator).errors


def test_a_change_made_meanwhile_is_shown_and_what_was_typed_is_kept(client, coordinator, pole_head, creche):
    action = ActionFactory(establishment=creche)
    client.force_login(coordinator)
    shown = client.get(f"/actions/{action.pk}/modifier/").context["form"]["version"].value()
    theirs = ActionItem.objects.get(pk=action.pk)
    theirs.due_on = datetime.date(2026, 5, 5)
    theirs.amend(by=pole_head, seen=1)
    mine = {"owner": "", "due_on": "2026-06-06", "priority": "1", "version": shown}
    refused = client.post(f"/actions/{action.pk}/modifier/", mine)
    text = refused.content.decode()
    assert "05/05/2026" in text
    assert 'value="2026-06-06"' in text
    again = mine | {"version": refused.context["form"]["version"].value()}
    assert client.post(f"/actions/{action.pk}/modifier/", again).status_code == 302
    action.refresh_from_db()
    assert (action.due_on, action.priority, action.version) == (datetime.date(2026, 6, 6), 1, 3)
    told = "échéance\u00a0: 05/05/2026 → 06/06/2026\u202f; priorité\u00a0: normale → haute"
    assert JournalEntry.objects.first().note == told


def test_a_closed_action_is_not_amended(coordinator, creche):
    action = ActionFactory(establishment=creche)
    action.abandon(by=coordinator, reason="Doublon")
    with pytest.raises(TransitionRefused, match="abandonnée"):
        action.amend(by=coordinator, seen=1)


def test_a_stale_version_raises_what_is_stored(coordinator, creche):
    action = ActionFactory(establishment=creche)
    with pytest.raises(StaleVersion) as stale:
        action.amend(by=coordinator, seen=7)
    assert stale.value.current == action


@pytest.mark.parametrize("step", ["reopen", "abandon"])
def test_giving_back_or_giving_up_needs_a_reason(coordinator, director, creche, step):
    action = ActionFactory(establishment=creche)
    action.declare_done(by=director)
    with pytest.raises(TransitionRefused):
        getattr(action, step)(by=coordinator, **{"note" if step == "reopen" else "reason": " "})
    action.refresh_from_db()
    assert action.status == ActionItem.Status.DONE


def test_the_director_declares_and_does_not_verify(director, coordinator, creche):
    action = ActionFactory(establishment=creche)
    assert {name for name, shown in allowed_steps(action, director).items() if shown} == {"start", "declare"}
    action.declare_done(by=director)
    shown = {name for name, is_shown in allowed_steps(action, coordinator).items() if is_shown}
    assert shown == {"verify", "reopen", "edit", "abandon"}
    assert set(STEPS) == {"start", "declare", "verify", "reopen", "edit", "assess", "abandon"}


def test_a_text_that_tells_too_much_is_pointed_at_and_kept(client, director, creche):
    action = ActionFactory(establishment=creche)
    client.force_login(director)
    response = client.post(
        f"/actions/{action.pk}/declarer/", {"preuve": "Vu avec la maman de Léa, asthmatique"}, follow=True
    )
    assert "asthmatique" in ActionItem.objects.get().evidence
    assert any("»" in str(message) for message in response.context["messages"])


def test_attention_offers_my_late_actions_and_what_i_may_verify(coordinator, director, creche, next_creche):
    late = ActionFactory(establishment=creche, owner=coordinator, due_on=TODAY - 2 * DAY)
    ActionFactory(establishment=creche, owner=director, due_on=TODAY - 2 * DAY)
    ActionFactory(establishment=next_creche, owner=coordinator, due_on=TODAY - 2 * DAY)
    for _ in range(2):
        ActionFactory(establishment=creche).declare_done(by=director)
    items = attention(coordinator, TODAY)
    assert [(item.weight, item.key) for item in items] == [
        (LATE, f"action-late-{late.pk}"),
        (DECISION, f"actions-to-verify-{creche.pk}"),
    ]
    assert "2 actions à vérifier" in items[1].title
    assert [item.weight for item in attention(director, TODAY)] == [LATE]


def test_attention_asks_the_same_queries_whatever_the_number(coordinator, creche, django_assert_max_num_queries):
    ActionFactory(establishment=creche, owner=coordinator, due_on=TODAY - DAY)
    with django_assert_max_num_queries(14) as few:
        attention(coordinator, TODAY)
    ActionFactory.create_batch(11, establishment=creche, owner=coordinator, due_on=TODAY - DAY)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert len(attention(coordinator, TODAY)) == 12


def test_the_owner_list_offers_the_people_of_the_house(coordinator, director, pole_head, health_lead, creche):
    EstablishmentFactory(sector=creche.sector_on(TODAY))
    offered = set(ActionForm(typed(creche), user=coordinator).fields["owner"].queryset)
    assert offered == {coordinator, director, pole_head, health_lead}


def test_an_abandoned_action_has_its_reason_in_the_database(creche):
    action = ActionFactory.build(establishment=creche, status="abandoned", abandon_reason="")
    with pytest.raises(ValidationError, match="raison"):
        action.validate_constraints()


def test_efficacy_is_said_once_verified_and_never_before(client, coordinator, director, creche):
    action = ActionFactory(establishment=creche)
    with pytest.raises(TransitionRefused):
        action.assess(by=coordinator, effectiveness="effective")
    action.verify(by=coordinator)
    client.force_login(coordinator)
    client.post(f"/actions/{action.pk}/efficacite/", {"avis": "partial", "constat": "Le matin seulement"})
    text = client.get(action.get_absolute_url()).content.decode()
    assert "effet partiel" in text
    assert "Le matin seulement" in text
    client.post(f"/actions/{action.pk}/efficacite/", {"avis": "formidable"})
    assert ActionItem.objects.get().effectiveness == "partial"


def test_an_open_action_has_no_efficacy_in_the_database(creche, coordinator):
    action = ActionFactory.build(establishment=creche, effectiveness="effective", assessed_by=coordinator)
    with pytest.raises(ValidationError, match="efficacité"):
        action.validate_constraints()
