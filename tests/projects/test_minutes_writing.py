"""Minutes that act: each line has its object, once; nothing typed is lost; no action without its line."""

import datetime
import random

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from core.models import Notification
from establishments.workflow import StaleVersion, TransitionRefused
from projects.line_matching import match
from projects.meeting_steps import publish
from projects.minutes_writing import LinesRemoved, live_lines, orphans, write
from projects.models import ActionItem, Decision, MinuteLine
from tests.factories import UserFactory
from tests.projects.meeting_factories import MeetingFactory, SeriesFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TEXT = """Bienvenue à tous.
décision : fermer à 18 h le vendredi
action : @alice afficher le protocole avant le 3 avril
"""
D = datetime.date


@pytest.fixture
def meeting(creche, sector, director, coordinator):
    series = SeriesFactory(territory=sector, people=[director, coordinator])
    return MeetingFactory(series=series, created_by=coordinator)


def save(meeting, text, by, **given):
    meeting.refresh_from_db()
    return write(meeting, text, by=by, seen=given.pop("seen", meeting.lock), **given)


def test_lines_typed_become_objects_linked_to_their_line(meeting, coordinator, director, sector):
    done = save(meeting, TEXT, coordinator)
    assert (done.made, done.unclear) == (2, [])
    action, decision = ActionItem.objects.get(), Decision.objects.get()
    assert (action.title, action.owner, action.due_on) == ("Afficher le protocole", director, D(2026, 4, 3))
    assert (action.territory, action.origin_kind) == (sector, "meeting")
    assert decision.text == "Fermer à 18 h le vendredi"
    assert [line.number for line in live_lines(meeting)] == [2, 3]
    assert action.minute_line.meeting == decision.line.meeting == meeting
    assert Notification.objects.get(event__contains="confiée").user == director


def test_the_same_text_saved_again_changes_nothing(meeting, coordinator):
    save(meeting, TEXT, coordinator)
    done = save(meeting, "Un mot de plus.\n" + TEXT, coordinator)
    assert (done.made, done.changed, done.removed) == (0, 0, 0)
    assert (ActionItem.objects.count(), Decision.objects.count(), MinuteLine.objects.count()) == (1, 1, 2)


def test_an_edited_line_changes_the_same_object(meeting, coordinator, director):
    save(meeting, TEXT, coordinator)
    before = ActionItem.objects.get()
    text = TEXT.replace("afficher le protocole avant le 3 avril", "afficher le protocole signé avant le 10 avril")
    save(meeting, text.replace("@alice", f"@{coordinator.first_name}"), coordinator)
    after = ActionItem.objects.get()
    assert (after.pk, after.client_uuid) == (before.pk, before.client_uuid)
    assert (after.title, after.due_on) == ("Afficher le protocole signé", D(2026, 4, 10))
    assert after.owner == coordinator


def test_a_line_taken_away_asks_first_and_saves_nothing(meeting, coordinator):
    save(meeting, TEXT, coordinator)
    with pytest.raises(LinesRemoved) as asked:
        save(meeting, "Bienvenue à tous.", coordinator)
    meeting.refresh_from_db()
    assert meeting.minutes == TEXT
    assert {line.kind for line in asked.value.lines} == {"decision", "action"}
    done = save(meeting, "Bienvenue à tous.", coordinator, removed=[line.key for line in asked.value.lines])
    assert done.removed == 2
    assert ActionItem.objects.get().status == "abandoned"
    assert "Ligne retirée" in ActionItem.objects.get().abandon_reason
    assert Decision.objects.get().status == "dropped"
    assert orphans() == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("action : @inconnue ranger avant le 3 avril", "Personne ne répond à «\u00a0@inconnue\u00a0»"),
        ("action : @alice ranger avant le 31/02/2027", "n’existe pas"),
        ("action : @alice ranger", "Il manque l’échéance"),
        ("action : ranger avant le 3 avril", "Il manque la personne"),
        ("action : @alice ranger avant le 3 mars 2026", "déjà passée"),
        ("décision :", "Il manque ce qui est décidé"),
    ],
)
def test_what_is_not_understood_is_kept_as_text_and_said_in_french(meeting, coordinator, line, said):
    done = save(meeting, line, coordinator)
    assert said in " ".join(done.unclear[0].problems)
    assert meeting.minutes == line
    assert not ActionItem.objects.exists()


def test_a_first_name_that_two_people_bear_is_asked_again(meeting, coordinator, director):
    twin = UserFactory(first_name="Alice", last_name="Morel")
    director.mandates.get()
    twin.mandates.create(role="director", establishment=director.mandates.get().establishment, starts_on=D(2020, 1, 1))
    meeting.series.members.add(twin)
    done = save(meeting, TEXT, coordinator)
    assert "Alice Morel ou Alice Roux" in done.unclear[0].problems[0]
    save(meeting, TEXT.replace("@alice", "@alice.roux"), coordinator)
    assert ActionItem.objects.get().owner == director


def test_several_people_of_one_line_are_told_in_the_action(meeting, coordinator, director):
    save(meeting, f"action : @alice et @{coordinator.first_name} ranger avant le 3 avril", coordinator)
    action = ActionItem.objects.get()
    assert action.owner == director
    assert action.detail == f"Avec {coordinator}."


def test_an_action_over_keeps_its_words_and_says_so(meeting, coordinator):
    save(meeting, TEXT, coordinator)
    ActionItem.objects.get().verify(by=coordinator)
    done = save(meeting, TEXT.replace("le protocole avant", "le protocole relu avant"), coordinator)
    assert [line.kind for line in done.closed] == ["action"]
    assert ActionItem.objects.get().title == "Afficher le protocole"


def test_a_word_added_to_the_minutes_takes_back_nothing_decided_on_the_action(meeting, coordinator, director):
    save(meeting, TEXT, coordinator)
    action = ActionItem.objects.get()
    action.due_on, action.owner = D(2026, 4, 20), coordinator
    action.amend(by=coordinator, seen=action.version)
    done = save(meeting, TEXT + "Un mot de plus.\n", coordinator)
    action.refresh_from_db()
    assert (done.changed, action.due_on, action.owner) == (0, D(2026, 4, 20), coordinator)
    save(meeting, TEXT.replace("3 avril", "10 avril"), coordinator)
    action.refresh_from_db()
    assert (action.due_on, action.owner) == (D(2026, 4, 10), coordinator)


def test_a_name_typed_in_full_owns_the_action(meeting, coordinator, director):
    save(meeting, f"action : @{director.first_name} {director.last_name} ranger avant le 3 avril", coordinator)
    action = ActionItem.objects.get()
    assert (action.title, action.owner) == ("Ranger", director)


def test_a_decision_keeps_the_names_as_they_were_typed(meeting, coordinator, director):
    whole = f"@{director.first_name} {director.last_name} pilote le chantier"
    save(meeting, f"décision : {whole}", coordinator)
    assert Decision.objects.get().text == whole


def test_a_slip_in_the_keyword_is_said_and_forbids_handing_out(client, meeting, coordinator):
    client.force_login(coordinator)
    text = "Décison : fermer à 18 h"
    page = client.post(f"/reunions/{meeting.pk}/releve/", {"text": text, "lock": "1"}, follow=True).content.decode()
    assert "Un mot presque juste" in page
    type(meeting).objects.filter(pk=meeting.pk).update(status="held")
    meeting.refresh_from_db()
    with pytest.raises(TransitionRefused, match="presque juste"):
        publish(meeting, by=coordinator)


def test_a_meeting_that_decided_something_is_not_cancelled(meeting, coordinator):
    save(meeting, TEXT, coordinator)
    with pytest.raises(TransitionRefused, match="déjà créé"):
        meeting.cancel(by=coordinator, text="Grève")
    with pytest.raises(LinesRemoved) as asked:
        save(meeting, "", coordinator)
    save(meeting, "", coordinator, removed=[line.key for line in asked.value.lines])
    meeting.cancel(by=coordinator, text="Grève")
    assert meeting.status == "cancelled"


def test_two_writers_keep_both_texts(client, meeting, coordinator, pole_head):
    client.force_login(coordinator)
    url = f"/reunions/{meeting.pk}/releve/"
    write(meeting, "Le texte du chef.", by=pole_head, seen=1)
    with pytest.raises(StaleVersion):
        write(meeting, "Le mien.", by=coordinator, seen=1)
    page = client.post(url, {"text": "Le mien.", "lock": "1"}).content.decode()
    assert "Le texte du chef." in page
    assert "Le mien." in page
    client.post(url, {"text": "Le texte du chef.\nLe mien.", "lock": "2"})
    meeting.refresh_from_db()
    assert meeting.minutes == "Le texte du chef.\nLe mien."


def test_minutes_are_not_written_before_the_agenda_is_sent_nor_after_they_are_handed_out(meeting, coordinator):
    type(meeting).objects.filter(pk=meeting.pk).update(status="preparing")
    with pytest.raises(TransitionRefused):
        save(meeting, TEXT, coordinator)


def test_the_database_keeps_each_line_with_its_object(meeting, coordinator):
    save(meeting, TEXT, coordinator)
    line = MinuteLine.objects.get(kind="action")
    for attempt in (
        line.delete,
        lambda: MinuteLine.objects.filter(pk=line.pk).update(kind="decision"),
        lambda: MinuteLine.objects.filter(pk=line.pk).update(action=None),
        lambda: MinuteLine.objects.create(meeting=meeting, number=9, kind="action", text="Sans objet"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    with pytest.raises(ProtectedError):
        line.action.delete()


THINGS = ["ranger le local", "prévenir les familles", "commander des albums", "relire le protocole", "fixer la date"]


def test_no_orphan_after_forty_random_rewritings(meeting, coordinator):
    chance = random.Random(20260317)
    for _ in range(40):
        picked = chance.sample(THINGS, chance.randrange(0, 5))
        text = "\n".join(
            chance.choice([f"décision : {one}", f"action : @alice {one} avant le 3 avril", f"action : {one}", one])
            for one in picked
        )
        try:
            save(meeting, text, coordinator)
        except LinesRemoved as asked:
            save(meeting, text, coordinator, removed=[line.key for line in asked.lines])
        assert orphans() == []
        alive = {line.text for line in live_lines(meeting)}
        assert len(alive) == live_lines(meeting).count()
    assert ActionItem.objects.count() == MinuteLine.objects.filter(kind="action").count() > 5
    assert Decision.objects.count() == MinuteLine.objects.filter(kind="decision").count() > 5


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (["Ranger", "Prévenir"], ["Prévenir", "Ranger"], [1, 0]),
        (["Ranger le local"], ["Ranger le local à vélos"], [0]),
        (["Acheter les rideaux"], ["Prévenir les familles"], [None]),
        (["Ranger", "Ranger"], ["Ranger", "Ranger", "Ranger"], [0, 1, None]),
        ([], ["Ranger"], [None]),
    ],
)
def test_a_line_is_followed_through_its_rewritings(before, after, found):
    assert match([("action", one) for one in before], [("action", one) for one in after]) == found


def test_a_line_that_changes_its_kind_is_another_line():
    assert match([("action", "Ranger")], [("decision", "Ranger")]) == [None]
