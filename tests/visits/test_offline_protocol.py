"""What a device sends is written once, field by field; what cannot be written is kept and shown. C3, C4, C9, C10."""

import datetime
import json
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from establishments.models import JournalEntry
from projects.models import ActionItem
from tests.visits.factories import ActionFactory, GridFactory, VisitFactory
from tests.visits.pages import item_field
from visits.models import FieldChange, ObservationGrid, Visit
from visits.offline.forgetting import KEPT, forget_settled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def client(client, coordinator):
    client.force_login(coordinator)
    return client


def change(name, value, base="", **more):
    return {"key": str(uuid.uuid4()), "name": name, "base": base, "value": value, **more}


@pytest.fixture
def send(client, creche):
    """send(key, *changes): the answer of the server to a draft of `creche`, decoded."""

    def post(key, *changes, status=200, **more):
        data = {"etablissement": creche.pk, "changes": json.dumps(changes), **more}
        answer = client.post(reverse("visits:draft_save", args=[key]), data, headers={"accept": "application/json"})
        assert answer.status_code == status, answer.content
        return answer.json()

    return post


def outcomes(answer):
    return list(answer["results"].values())


def test_a_visit_begun_out_of_reach_arrives_field_by_field(send, creche, coordinator, grid):
    key = uuid.uuid4()
    fact = item_field(grid, "item-1", "fact")
    answer = send(key, change("visited_on", "2026-03-16"), change("summary", "Une équipe posée."), grid=grid.pk)
    assert outcomes(answer) == ["applied", "applied"]
    send(key, change(fact, "Sept enfants."), change("starts_at", "09:30"))
    visit = Visit.objects.get()
    assert (visit.client_uuid, visit.establishment, visit.coordinator) == (key, creche, coordinator)
    assert (visit.visited_on, visit.summary) == (datetime.date(2026, 3, 16), "Une équipe posée.")
    assert (visit.starts_at, visit.grid) == (datetime.time(9, 30), grid)
    assert visit.observations.get().fact == "Sept enfants."
    assert JournalEntry.objects.about(visit).get().verb == "visite saisie"


def test_c3_what_is_sent_again_after_a_slow_answer_is_one_visit_and_one_change(send, grid):
    key, first, second = uuid.uuid4(), change("summary", "Un"), change("summary", "Un, deux", base="Un")
    send(key, first)
    send(key, second)
    edition = Visit.objects.get().edition
    for _ in range(3):
        assert outcomes(send(key, first)) == ["applied"]
    visit = Visit.objects.get()
    assert (visit.summary, visit.edition, FieldChange.objects.count()) == ("Un, deux", edition, 2)


def test_c3_the_key_of_a_change_is_unique_in_the_database(send, coordinator, grid):
    answer = send(uuid.uuid4(), change("summary", "Un"))
    row = FieldChange.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        FieldChange.objects.create(
            visit_id=answer["visit"], key=row.key, name="x", outcome="late", made_by=coordinator
        )


def test_c4_ten_fields_at_once_are_all_there(send, grid):
    texts = {"directing": "Alice", "sections_seen": "bébés", "interview": "Un", "decisions": "Deux",
             "summary": "Trois", "context_note": "Quatre", "present_walkers": "12", "staff_other": "0",
             "kind": "thematic", "next_visit_on": "2026-05-05"}  # fmt: skip
    answer = send(uuid.uuid4(), *[change(name, value) for name, value in texts.items()])
    assert outcomes(answer) == ["applied"] * 10
    visit = Visit.objects.get()
    assert (visit.directing, visit.present_walkers, visit.staff_other, visit.kind) == ("Alice", 12, 0, "thematic")


def test_c10_different_fields_of_two_devices_merge(send, visit):
    before = visit.decisions
    assert outcomes(send(visit.client_uuid, change("summary", "A", base=visit.summary))) == ["applied"]
    assert outcomes(send(visit.client_uuid, change("decisions", "B", base=before))) == ["applied"]
    visit.refresh_from_db()
    assert (visit.summary, visit.decisions) == ("A", "B")


def test_c10_the_same_field_typed_twice_keeps_both_texts_and_shows_them(client, send, visit):
    base = visit.summary
    send(visit.client_uuid, change("summary", "Premier appareil.", base=base))
    answer = send(visit.client_uuid, change("summary", "Deuxième appareil.", base=base))
    assert outcomes(answer) == ["conflict"]
    (kept,) = answer["kept"]
    assert (kept["value"], kept["theirs"]) == ("Deuxième appareil.", "Premier appareil.")
    visit.refresh_from_db()
    assert visit.summary == "Premier appareil."
    page = client.get(reverse("visits:edit", args=[visit.pk])).content.decode()
    assert "Premier appareil." in page
    assert "Deuxième appareil." in page
    assert "Deuxième appareil." in client.get(visit.get_absolute_url()).content.decode()


def test_typing_on_in_a_disputed_field_updates_the_kept_text_and_writes_over_nothing(send, visit):
    base = visit.summary
    send(visit.client_uuid, change("summary", "L’autre.", base=base))
    send(visit.client_uuid, change("summary", "Le mien", base=base))
    answer = send(visit.client_uuid, change("summary", "Le mien, plus long.", base="Le mien"))
    assert [(kept["value"], kept["theirs"]) for kept in answer["kept"]] == [("Le mien, plus long.", "L’autre.")]
    visit.refresh_from_db()
    assert visit.summary == "L’autre."


@pytest.mark.parametrize(
    ("choice", "expected"),
    [("mine", "Le mien."), ("theirs", "L’autre."), ("both", "Le mien.\n\nL’autre.")],
)
def test_a_person_chooses_between_two_texts(client, send, visit, choice, expected):
    base = visit.summary
    send(visit.client_uuid, change("summary", "L’autre.", base=base))
    answer = send(visit.client_uuid, change("summary", "Le mien.", base=base))
    client.post(reverse("visits:change_settle", args=[answer["kept"][0]["id"]]), {"choix": choice})
    visit.refresh_from_db()
    assert visit.summary == expected
    assert not visit.changes.unsettled().exists()
    row = FieldChange.objects.get(outcome="conflict")
    assert (row.value, row.theirs) == ("Le mien.", "L’autre.")  # what was set aside is not erased


def test_the_page_settles_the_dispute_without_leaving_it(client, send, visit):
    base = visit.summary
    send(visit.client_uuid, change("summary", "L’autre.", base=base))
    answer = send(visit.client_uuid, change("summary", "Le mien.", base=base))
    url = reverse("visits:change_settle", args=[answer["kept"][0]["id"]])
    said = client.post(url, {"choix": "both"}, headers={"accept": "application/json"}).json()
    assert (said["value"], said["kept"]) == ("Le mien.\n\nL’autre.", [])


def test_a_shape_that_makes_no_sense_is_kept_beside_the_visit_and_the_rest_is_written(send, grid):
    key = uuid.uuid4()
    answer = send(key, change("starts_at", "11:00"), change("ends_at", "09:00"), change("summary", "Écrite."))
    assert sorted(outcomes(answer)) == ["applied", "applied", "held"]
    assert [kept["value"] for kept in answer["kept"]] == ["09:00"]
    assert "précède" in answer["kept"][0]["why"]
    visit = Visit.objects.get()
    assert (visit.starts_at, visit.ends_at, visit.summary) == (datetime.time(11), None, "Écrite.")


def test_what_was_held_is_written_once_another_field_makes_it_right(send, grid):
    key = uuid.uuid4()
    send(key, change("starts_at", "11:00"), change("ends_at", "09:00"))
    answer = send(key, change("starts_at", "08:30", base="11:00"))
    assert answer["kept"] == []
    visit = Visit.objects.get()
    assert (visit.starts_at, visit.ends_at) == (datetime.time(8, 30), datetime.time(9))


def test_a_date_refused_does_not_stop_the_visit_from_being_created(send, grid):
    answer = send(uuid.uuid4(), change("visited_on", "2026-13-40"), change("summary", "Là."))
    assert sorted(outcomes(answer)) == ["applied", "held"]
    assert (Visit.objects.get().summary, Visit.objects.get().visited_on) == ("Là.", datetime.date(2026, 3, 17))


def test_a_note_without_its_state_waits_for_it(send, creche, visit):
    action = ActionFactory(establishment=creche)
    answer = send(visit.client_uuid, change(f"a-{action.pk}-note", "Vu la peinture."))
    assert [kept["value"] for kept in answer["kept"]] == ["Vu la peinture."]
    assert send(visit.client_uuid, change(f"a-{action.pk}-state", "in_progress"))["kept"] == []
    assert visit.checks.get(action=action).note == "Vu la peinture."


def test_an_action_typed_letter_by_letter_is_one_action(send, visit, grid, director):
    key = uuid.uuid4()
    row = f"x-{key}"
    item = grid.items.get(key="item-2")
    send(visit.client_uuid, change(f"{row}-title", "Fe", item=item.pk), change(f"{row}-due_on", "2026-04-20"))
    send(visit.client_uuid, change(f"{row}-title", "Fermer le local", base="Fe"))
    send(visit.client_uuid, change(f"{row}-owner", str(director.pk)))
    action = ActionItem.objects.get(client_uuid=key)
    assert (action.title, action.due_on, action.owner) == ("Fermer le local", datetime.date(2026, 4, 20), director)
    assert (action.level, visit.raised.get(action=action).item) == ("pole", item)
    send(visit.client_uuid, change(f"{row}-title", "", base="Fermer le local"))
    assert not ActionItem.objects.filter(client_uuid=key).exists()
    send(visit.client_uuid, change(f"{row}-title", "Fermer la porte"))
    assert ActionItem.objects.get(client_uuid=key).title == "Fermer la porte"


def test_a_due_date_without_a_title_waits_for_it(send, visit):
    row = f"x-{uuid.uuid4()}"
    assert [kept["why"] for kept in send(visit.client_uuid, change(f"{row}-due_on", "2026-04-20"))["kept"]] == [
        "Donnez un titre à cette action."
    ]
    assert send(visit.client_uuid, change(f"{row}-title", "Peindre"))["kept"] == []
    assert visit.raised.get(action__title="Peindre").action.due_on == datetime.date(2026, 4, 20)


def test_the_key_of_an_action_of_another_visit_changes_nothing_of_it(send, visit, far_creche):
    theirs = ActionFactory(establishment=far_creche, title="zzfar")
    answer = send(visit.client_uuid, change(f"x-{theirs.client_uuid}-title", "Prise"))
    assert [kept["value"] for kept in answer["kept"]] == ["Prise"]
    theirs.refresh_from_db()
    assert theirs.title == "zzfar"


def test_a_planned_visit_is_begun_by_its_first_change(send, creche, coordinator, grid):
    planned = VisitFactory(planned=True, establishment=creche, coordinator=coordinator)
    send(planned.client_uuid, change("visited_on", "2026-03-17", base="2026-03-17"), change("summary", "Faite."))
    planned.refresh_from_db()
    assert (planned.status, planned.visited_on, planned.summary) == ("done", datetime.date(2026, 3, 17), "Faite.")


def test_c6_a_draft_of_the_former_grid_arrives_on_its_own_version(send, grid):
    ObservationGrid.objects.filter(pk=grid.pk).update(status="retired")
    GridFactory(code=grid.code, version=2)
    send(uuid.uuid4(), change(item_field(grid, "item-1", "fact"), "Ancienne grille."), grid=grid.pk)
    visit = Visit.objects.get()
    assert (visit.grid, visit.observations.get().fact) == (grid, "Ancienne grille.")


@pytest.mark.parametrize("trait", ["shared", "answered", "validated"])
def test_a_text_that_arrives_after_the_report_left_is_kept_apart_and_shown(client, send, creche, coordinator, trait):
    visit = VisitFactory(establishment=creche, coordinator=coordinator, summary="Partie.", **{trait: True})
    answer = send(visit.client_uuid, change("summary", "Trop tard.", base="Partie."))
    assert outcomes(answer) == ["late"]
    visit.refresh_from_db()
    assert visit.summary == "Partie."
    assert "Trop tard." in client.get(visit.get_absolute_url()).content.decode()


def test_a_report_with_two_texts_to_choose_from_is_not_shared(send, visit, coordinator):
    from establishments.workflow import TransitionRefused

    base = visit.summary
    send(visit.client_uuid, change("summary", "A", base=base))
    send(visit.client_uuid, change("summary", "B", base=base))
    with pytest.raises(TransitionRefused, match="les deux textes"):
        Visit.objects.get(pk=visit.pk).share(by=coordinator)


def test_characters_that_databases_refuse_do_not_stop_the_queue(send, grid):
    answer = send(uuid.uuid4(), change("summary", "a\x00b\ud83dc 😀"))
    assert outcomes(answer) == ["applied"]
    assert Visit.objects.get().summary == "ab\ufffdc 😀"


@pytest.mark.parametrize(
    "sent",
    ["", "{}", "[1]", '[{"key": "x"}]', json.dumps([change("", "x")]), json.dumps([change("s", "x")] * 81),
     json.dumps([change("summary", "x" * 200_001)])],
    ids=["nothing", "object", "number", "bad key", "no name", "too many", "too long"],
)  # fmt: skip
def test_what_is_no_list_of_changes_is_refused_in_words(client, creche, sent):
    url = reverse("visits:draft_save", args=[uuid.uuid4()])
    answer = client.post(url, {"etablissement": creche.pk, "changes": sent})
    assert (answer.status_code, "illisible" in answer.json()["error"]) == (400, True)
    assert not Visit.objects.exists()


def test_c9_a_closed_session_is_said_to_scripts_and_shown_to_people(creche):
    url, visitor = reverse("visits:draft_save", args=[uuid.uuid4()]), Client()
    answer = visitor.post(url, {}, headers={"accept": "application/json"})
    assert (answer.status_code, "rien n’est perdu" in answer.json()["error"]) == (401, True)
    assert visitor.post(url, {}).headers["Location"].startswith("/connexion/")


def test_c9_a_stale_token_is_refused_and_a_fresh_one_is_given(creche, coordinator, grid):
    client = Client(enforce_csrf_checks=True)
    client.force_login(coordinator)
    url = reverse("visits:draft_save", args=[uuid.uuid4()])
    data = {"etablissement": creche.pk, "changes": json.dumps([change("summary", "Là.")])}
    assert client.post(url, data, headers={"x-csrftoken": "a" * 64}).status_code == 403
    token = client.get(reverse("visits:offline_session")).json()["csrf"]
    assert client.post(url, data, headers={"x-csrftoken": token}).status_code == 200
    assert Visit.objects.get().summary == "Là."


def test_a_person_finds_her_key_again_and_nobody_else_has_it(client, coordinator, colleague):
    mine = client.get(reverse("visits:offline_session")).json()
    again = client.get(reverse("visits:offline_session")).json()
    client.force_login(colleague)
    theirs = client.get(reverse("visits:offline_session")).json()
    assert mine["keys"] == again["keys"]
    assert mine["user"] == again["user"]
    assert not set(mine["keys"]) & set(theirs["keys"])
    assert mine["user"] != theirs["user"]


def test_the_key_survives_a_change_of_secret(client, coordinator, settings):
    before = client.get(reverse("visits:offline_session")).json()["keys"]
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "autre-secret-" + "x" * 50
    client.force_login(coordinator)
    assert client.get(reverse("visits:offline_session")).json()["keys"][1:] == before


def test_what_is_settled_is_forgotten_after_90_days_and_what_waits_is_not(send, visit):
    base = visit.summary
    send(visit.client_uuid, change("summary", "A", base=base))
    send(visit.client_uuid, change("summary", "B", base=base))
    now = timezone.now()
    assert forget_settled(now + KEPT - datetime.timedelta(minutes=1)) == 0
    assert forget_settled(now + KEPT + datetime.timedelta(minutes=1)) == 1
    assert [row.value for row in visit.changes.all()] == ["B"]
