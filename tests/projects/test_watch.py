"""The watch: a notice names its source, directors say that they read it, who did not is reminded once."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from core.models import Notification, SearchEntry
from establishments.models import JournalEntry
from establishments.workflow import TransitionRefused
from projects.attention import attention
from projects.models import WatchNotice, WatchReading
from projects.recurring import recall_watch
from tests.factories import TODAY
from tests.pdf_reading import extract_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def notice_of(territory, by, **given):
    facts = {"title": "Température des salles", "text": "Vingt-six degrés au plus.", "source": "Arrêté du 3 mars"}
    return WatchNotice(territory=territory, source_on=datetime.date(2026, 3, 3), **facts | given).prepare(by=by)


@pytest.fixture
def notice(pole, pole_head, creche, next_creche, far_creche, director, far_director):
    return notice_of(pole, pole_head)


def keys(user):
    return {item.key for item in attention(user, TODAY)}


def test_directors_of_the_territory_are_told_and_say_that_they_read(client, notice, pole_head, director, far_director):
    assert keys(director) == set(), "a draft is nobody's"
    notice.publish(by=pole_head)
    assert keys(director) == {f"watch-{notice.pk}"}
    assert keys(far_director) == set()
    assert [row.user for row in Notification.objects.all()] == [director]
    client.force_login(director)
    for _ in range(2):
        assert client.post(f"{notice.get_absolute_url()}lue/").status_code == 302
    assert keys(director) == set()
    assert WatchReading.objects.get().read_by == director
    assert JournalEntry.objects.filter(verb="note de veille lue").count() == 1


def test_who_did_not_read_is_shown_to_who_publishes(client, notice, pole_head, director, creche, next_creche):
    notice.publish(by=pole_head)
    notice.acknowledge([creche], by=director)
    client.force_login(pole_head)
    context = client.get(notice.get_absolute_url()).context
    assert [row.establishment for row in context["read"]] == [creche]
    assert context["unread"] == [next_creche]
    client.force_login(director)
    assert client.get(notice.get_absolute_url()).context["unread"] == [], "she is not shown the others"


def test_the_reminder_leaves_once_for_those_who_did_not_read(notice, pole_head, director, creche, time_machine):
    notice.publish(by=pole_head)
    for day in (23, 24, 25, 31):  # published on Tuesday 17: five working days are over on the 24th
        time_machine.move_to(datetime.datetime(2026, 3, day, 9, tzinfo=datetime.UTC))
        recall_watch.enqueue()
        told = Notification.objects.filter(event=f"veille-{notice.pk}-rappel")
        assert told.count() == (day >= 24)
    notice.refresh_from_db()
    assert notice.reminded_on == datetime.date(2026, 3, 24)


def test_who_read_it_is_not_reminded(notice, pole_head, director, creche, time_machine):
    notice.publish(by=pole_head)
    notice.acknowledge([creche], by=director)
    time_machine.move_to(datetime.datetime(2026, 3, 25, 9, tzinfo=datetime.UTC))
    recall_watch.enqueue()
    assert not Notification.objects.filter(event__endswith="rappel").exists()


def test_a_notice_withdrawn_is_read_no_more_and_leaves_the_search(notice, pole_head, director, creche):
    notice.publish(by=pole_head)
    assert SearchEntry.objects.filter(subject="projects.watchnotice").count() == 1
    notice.withdraw(by=pole_head, text="Abrogé")
    assert not SearchEntry.objects.filter(subject="projects.watchnotice").exists()
    with pytest.raises(TransitionRefused, match="retirée"):
        notice.acknowledge([creche], by=director)


def test_a_notice_without_source_is_refused(client, notice, pole, pole_head):
    client.force_login(pole_head)
    sent = {"territory": pole.pk, "kind": "legal", "title": "X", "text": "Y", "source": "", "source_on": "2026-03-01"}
    assert "source" in client.post("/projets/veille/nouvelle/", sent).context["form"].errors
    with pytest.raises(IntegrityError), transaction.atomic():
        WatchNotice.objects.update(source="")
    with pytest.raises(IntegrityError), transaction.atomic():
        WatchNotice.objects.update(status="published")


def test_two_publications_at_once_tell_once(notice, pole_head):
    again = WatchNotice.objects.get()
    notice.publish(by=pole_head)
    with pytest.raises(TransitionRefused, match="Déjà traité"):
        again.publish(by=pole_head)


def test_a_draft_changed_meanwhile_shows_both(client, notice, pole_head):
    client.force_login(pole_head)
    url = f"{notice.get_absolute_url()}modifier/"
    sent = {"kind": "health", "text": "Mon texte", "source": "JO", "source_on": "2026-03-01", "version": 0}
    sent |= {"client_uuid": str(notice.client_uuid)}
    assert client.post(url, sent | {"title": "Le premier"}).status_code == 302
    page = client.post(url, sent | {"title": "Le mien"}).content.decode()
    assert "Le premier" in page
    assert "Le mien" in page


def test_the_paper_says_who_read(client, notice, pole_head, director, creche, next_creche):
    notice.publish(by=pole_head)
    notice.acknowledge([creche], by=director)
    client.force_login(pole_head)
    text = extract_text(client.get(f"{notice.get_absolute_url()}note.pdf").content)
    assert "Arrêté du 3 mars" in text
    assert text.index(creche.name) < text.index(next_creche.name)


def test_the_list_asks_the_same_queries_for_1_and_30_rows(
    client, notice, pole, pole_head, django_assert_max_num_queries
):
    client.force_login(pole_head)
    with django_assert_max_num_queries(12) as few:
        assert client.get("/projets/veille/").status_code == 200
    facts = {"territory": pole, "title": "X", "text": "Y", "source": "JO", "source_on": TODAY, "created_by": pole_head}
    WatchNotice.objects.bulk_create(WatchNotice(**facts) for _ in range(29))
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/projets/veille/")
