"""Series, call for subjects, agenda that fits, what comes back, handing out: as the people of the network use them."""

import datetime
import random
import uuid

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from core.models import Notification
from establishments.models import JournalEntry
from establishments.workflow import TransitionRefused
from projects.agenda import Wanted, fit
from projects.attention import attention
from projects.feed import feed_events
from projects.meeting_page import agenda_of, undone
from projects.meeting_paper import paper_of
from projects.meeting_steps import hold, publish, send
from projects.minutes_writing import write
from projects.models import ActionItem, Decision, Meeting, MeetingSeries, Subject
from tests.factories import TODAY
from tests.projects.meeting_factories import MeetingFactory, SeriesFactory, SubjectFactory

DAY = datetime.timedelta(days=1)
TEXT = "décision : fermer à 18 h le vendredi\naction : @alice afficher le protocole avant le 30 avril"


@pytest.fixture
def series(db, today, creche, sector, director, coordinator):
    return SeriesFactory(territory=sector, people=[director, coordinator], title="Responsables de Belleville")


def meeting_of(series, **given):
    return MeetingFactory(series=series, **given)


def held(series, by, held_on=TODAY, text=TEXT):
    meeting = meeting_of(series, held_on=held_on)
    write(meeting, text, by=by, seen=1)
    hold(meeting, by=by)
    return meeting


@given(st.lists(st.integers(1, 90), max_size=12), st.integers(15, 240), st.integers(0, 60))
def test_the_kept_subjects_always_fit_in_their_order(minutes, length, follow_up):
    wanted = [Wanted(key, size) for key, size in enumerate(minutes)]
    budget = fit(wanted, length=length, follow_up=follow_up)
    assert budget.used == budget.follow_up + sum(minutes[key] for key in budget.kept) <= length
    assert sorted([*budget.kept, *budget.postponed]) == list(range(len(minutes)))
    assert list(budget.kept) == sorted(budget.kept)
    used = budget.follow_up
    for key, size in enumerate(minutes):  # a postponed one would not have fitted at its turn
        assert (key in budget.kept) == (used + size <= length)
        used += size if key in budget.kept else 0


def test_a_series_is_created_once_and_its_members_are_chosen(client, coordinator, director, creche, sector):
    client.force_login(coordinator)
    sent = {"territory": sector.pk, "kind": "directors", "title": "Responsables", "every": "month", "length": "120"}
    sent["client_uuid"] = str(uuid.uuid4())
    first, again = (client.post("/reunions/series/nouvelle/", sent) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    series = MeetingSeries.objects.get()
    client.post(f"/reunions/series/{series.pk}/modifier/", sent | {"members": [director.pk]})
    assert list(series.members.all()) == [director]
    assert JournalEntry.objects.filter(verb="série de réunions créée").count() == 1


def test_somebody_who_works_elsewhere_is_no_choice_of_members(client, coordinator, far_director, series):
    sent = {"kind": "directors", "title": "R", "every": "month", "length": "120", "members": [far_director.pk]}
    client.force_login(coordinator)
    client.post(f"/reunions/series/{series.pk}/modifier/", sent)
    assert far_director not in series.members.all()


def test_a_call_tells_each_member_once_and_subjects_come_once(client, coordinator, director, series):
    client.force_login(coordinator)
    sent = {"held_on": "2026-03-31", "starts_at": "09:30", "length": "120", "follow_up": "10", "place": "Pôle"}
    sent |= {"link": "", "calls_until": "2026-03-26", "client_uuid": str(uuid.uuid4())}
    for _ in range(2):
        answer = client.post(f"/reunions/series/{series.pk}/prevoir/", sent)
        assert answer.status_code == 302, answer.context["form"].errors
    assert Meeting.objects.count() == 1
    assert [row.user for row in Notification.objects.all()] == [director]
    client.force_login(director)
    asked = {"title": "Le plan canicule", "detail": "", "priority": "1", "minutes": "20", "sponsor": ""}
    asked["client_uuid"] = str(uuid.uuid4())
    for _ in range(2):
        assert client.post(f"/reunions/series/{series.pk}/sujet/", asked).status_code == 302
    assert Subject.objects.get().sponsor == director


def test_a_second_meeting_on_the_same_day_is_refused_by_the_form_and_the_database(client, coordinator, series):
    meeting_of(series, held_on=TODAY + DAY, status="preparing")
    sent = {"held_on": str(TODAY + DAY), "starts_at": "14:00", "length": "60", "follow_up": "0", "calls_until": ""}
    client.force_login(coordinator)
    text = client.post(f"/reunions/series/{series.pk}/prevoir/", sent | {"client_uuid": str(uuid.uuid4())})
    assert "déjà une réunion ce jour-là" in text.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        meeting_of(series, held_on=TODAY + DAY, status="preparing")


def test_the_agenda_says_what_overflows_and_postpones_it_when_sent(client, coordinator, director, series):
    meeting = meeting_of(series, status="preparing", held_on=TODAY + DAY, length=60)
    small = SubjectFactory(series=series, minutes=20, priority=2, title="Petit")
    large = SubjectFactory(series=series, minutes=50, priority=1, title="Grand")
    client.force_login(coordinator)
    text = client.get(meeting.get_absolute_url()).content.decode()
    assert "Le temps ne suffit pas" in text
    assert text.index("Grand") < text.index("Petit")
    send(meeting, by=coordinator)
    large.refresh_from_db()
    small.refresh_from_db()
    assert (large.meeting, small.meeting, small.postponed) == (meeting, None, 1)
    assert Notification.objects.get(user=director).event == f"meeting-{meeting.pk}-sent"
    assert list(Subject.objects.all().waiting(series)) == [small]


def test_subjects_change_places_by_buttons_that_need_no_script(client, coordinator, series):
    one, two, three = (SubjectFactory(series=series) for _ in range(3))
    client.force_login(coordinator)
    client.post(f"/reunions/sujets/{three.pk}/place/", {"de": "-1"})
    assert list(Subject.objects.all().waiting(series)) == [one, three, two]
    for _ in range(4):  # at the top nothing moves any more
        client.post(f"/reunions/sujets/{three.pk}/place/", {"de": "-1"})
    assert list(Subject.objects.all().waiting(series)) == [three, one, two]
    client.post(f"/reunions/sujets/{one.pk}/place/", {"de": "n’importe quoi"})
    assert list(Subject.objects.all().waiting(series)) == [three, one, two]


def test_an_empty_agenda_is_not_sent_and_a_coming_meeting_is_not_held(coordinator, series):
    meeting = meeting_of(series, status="preparing", held_on=TODAY + DAY)
    with pytest.raises(TransitionRefused, match="vide"):
        send(meeting, by=coordinator)
    SubjectFactory(series=series)
    send(meeting, by=coordinator)
    with pytest.raises(TransitionRefused, match="prévue le"):
        hold(meeting, by=coordinator)


def test_the_next_agenda_opens_with_exactly_the_undone(coordinator, director, series, sector):
    """Six meetings, thirty lines, whatever became of each; another series says nothing here."""
    chance, expected_actions, expected_decisions = random.Random(7), set(), set()
    for month in range(6):
        lines = [f"action : @alice chose {month}-{n} numéro {n * 7} avant le 30 avril" for n in range(3)]
        lines += [f"décision : règle {month}-{n} du lot {n * 5}" for n in range(2)]
        held(series, coordinator, TODAY - (60 - 7 * month) * DAY, "\n".join(lines))
    for action in ActionItem.objects.all():
        fate = chance.choice(["", "start", "declare_done", "verify", "abandon"])
        if fate:
            getattr(action, fate)(by=coordinator, **({"reason": "Non"} if fate == "abandon" else {}))
        if fate in ("", "start"):
            expected_actions.add(action.pk)
    for decision in Decision.objects.all():
        fate = chance.choice(["", "apply", "drop"])
        if fate:
            getattr(decision, fate)(by=coordinator, text="Vu")
        else:
            expected_decisions.add(decision.pk)
    held(SeriesFactory(territory=sector, people=[director]), coordinator, TODAY - DAY)
    actions, decisions = undone(meeting_of(series, held_on=TODAY + DAY, status="preparing"))
    assert {row.pk for row in actions} == expected_actions
    assert {row.pk for row in decisions} == expected_decisions
    assert expected_actions
    assert expected_decisions
    first = Meeting.objects.filter(series=series).order_by("held_on").first()
    assert not any(rows.exists() for rows in undone(first))


def test_handing_out_waits_for_what_is_unclear_then_freezes_tells_and_lets_find(
    client, coordinator, director, far_director, series
):
    meeting = held(series, coordinator, text=f"{TEXT}\naction : @inconnue ranger avant le 3 avril")
    with pytest.raises(TransitionRefused, match="Ligne 3"):
        publish(meeting, by=coordinator)
    client.force_login(director)
    assert "fermer à 18 h" not in client.get(meeting.get_absolute_url()).content.decode().lower()
    assert not Decision.objects.visible_to(director).exists()
    meeting.refresh_from_db()
    write(meeting, TEXT, by=coordinator, seen=meeting.lock)
    for _ in range(2):
        client.force_login(coordinator)
        client.post(f"/reunions/{meeting.pk}/etape/publish/")
    told = Notification.objects.filter(event=f"meeting-{meeting.pk}-published")
    assert [row.user for row in told] == [director]
    client.force_login(director)
    assert "fermer à 18 h" in client.get(meeting.get_absolute_url()).content.decode().lower()
    assert "vendredi" in client.get("/recherche/", {"q": "vendredi"}).content.decode()
    assert Decision.objects.visible_to(director).exists()
    client.force_login(far_director)
    assert meeting.get_absolute_url() not in client.get("/recherche/", {"q": "vendredi"}).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(minutes="Autre chose")


def test_a_member_who_left_the_territory_reads_nothing_any_more(client, director, series):
    meeting = meeting_of(series)
    director.mandates.update(ends_on=TODAY - DAY)
    client.force_login(director)
    assert client.get(meeting.get_absolute_url()).status_code == 404


def test_treated_subjects_are_taken_up_again_one_by_one(coordinator, series):
    subject = SubjectFactory(series=series)
    meeting = meeting_of(series, status="preparing", held_on=TODAY)
    send(meeting, by=coordinator)
    hold(meeting, by=coordinator)
    subject.refresh_from_db()
    assert subject.status == "treated"
    subject.take_up_again(by=coordinator)
    assert list(Subject.objects.all().waiting(series)) == [subject]


def test_the_roll_is_called_and_printed(client, coordinator, director, series):
    meeting = meeting_of(series, held_on=TODAY)
    client.force_login(coordinator)
    typed = {f"presence-{director.pk}": "present", f"presence-{coordinator.pk}": "n’importe", "autres": "Mme Vidal"}
    client.post(f"/reunions/{meeting.pk}/presence/", typed)
    meeting.refresh_from_db()
    write(meeting, TEXT, by=coordinator, seen=meeting.lock)
    hold(meeting, by=coordinator)
    paper = paper_of(meeting, reads=True)
    assert paper.presence == (("présent·e", ("Alice Roux",)),)
    assert paper.guests == "Mme Vidal"
    assert [line.text for line in paper.decisions] == ["Fermer à 18 h le vendredi"]
    assert [(line.text, line.owner) for line in paper.actions] == [("Afficher le protocole", "Alice Roux")]
    assert client.get(f"/reunions/{meeting.pk}/reunion.pdf").content.startswith(b"%PDF")
    hidden = paper_of(meeting, reads=False)
    assert (hidden.text, hidden.decisions, hidden.presence) == ("", (), ())


def test_what_is_typed_is_read_back_live_and_saves_nothing(client, coordinator, series):
    meeting = meeting_of(series)
    client.force_login(coordinator)
    text = client.post(f"/reunions/{meeting.pk}/releve/apercu/", {"text": TEXT}).content.decode()
    assert "Action pour Alice Roux, avant le 30 avril 2026" in text
    page = client.post(f"/reunions/{meeting.pk}/releve/", {"text": TEXT, "lock": "1", "apercu": "1"}).content.decode()
    assert "Action pour Alice Roux" in page
    assert not ActionItem.objects.exists()


def test_a_line_gone_is_asked_on_the_page_with_the_text_kept(client, coordinator, series):
    meeting = meeting_of(series)
    client.force_login(coordinator)
    url = f"/reunions/{meeting.pk}/releve/"
    client.post(url, {"text": TEXT, "lock": "1"})
    page = client.post(url, {"text": "Seulement ceci.", "lock": "2"}).content.decode()
    assert "Seulement ceci." in page
    key = ActionItem.objects.get().minute_line.key
    assert str(key) in page
    both = [str(line.key) for line in meeting.lines.all()]
    client.post(url, {"text": "Seulement ceci.", "lock": "2", "retirer": both})
    assert ActionItem.objects.get().status == "abandoned"


def test_home_reminds_of_the_call_of_the_agenda_and_of_the_minutes(coordinator, director, series):
    meeting_of(series, status="preparing", held_on=TODAY + 6 * DAY, calls_until=TODAY + 2 * DAY)
    meeting_of(series, status="sent", held_on=TODAY - 4 * DAY)
    kinds = {item.key.rpartition("-")[0] for item in attention(coordinator, TODAY)}
    assert {"meeting-agenda", "meeting-minutes"} <= kinds
    assert "meeting-call" in {item.key.rpartition("-")[0] for item in attention(director, TODAY)}


def test_the_calendar_of_a_member_holds_her_meetings(director, coordinator, far_director, series):
    meeting = meeting_of(series, held_on=TODAY + DAY)
    meeting_of(series, held_on=TODAY + 2 * DAY, status="cancelled", cancel_reason="Grève")
    events = list(feed_events(director, TODAY, TODAY + 9 * DAY))
    assert [(event.key, event.starts) for event in events] == [(f"meeting-{meeting.pk}", meeting.starts)]
    assert not list(feed_events(far_director, TODAY, TODAY + 9 * DAY))


@pytest.mark.parametrize("url", ["/reunions/", "/reunions/series/", "/reunions/decisions/"])
def test_lists_ask_the_same_queries_for_1_and_30_rows(client, coordinator, series, django_assert_max_num_queries, url):
    def fill(n):
        for k in range(n):
            meeting = meeting_of(SeriesFactory(territory=series.territory), held_on=TODAY - k * DAY)
            write(meeting, "décision : fermer", by=coordinator, seen=1)

    fill(1)
    client.force_login(coordinator)
    with django_assert_max_num_queries(12) as few:
        assert client.get(url).status_code == 200
    fill(29)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(url)
    for kind in ("csv", "xlsx", "pdf"):
        answer = client.get(url, {"export": kind})
        assert len(b"".join(answer.streaming_content) if answer.streaming else answer.content) > 100


def test_the_page_of_a_meeting_asks_the_same_queries_for_1_and_30_lines(
    client, coordinator, series, django_assert_max_num_queries
):
    def page(n):
        meeting = meeting_of(series, held_on=TODAY - n * DAY)
        lines = [f"action : @alice chose {k * 13} du lot {k} avant le 30 avril" for k in range(n)]
        write(meeting, "\n".join(lines), by=coordinator, seen=1)
        [SubjectFactory(series=series, meeting=meeting, sponsor=coordinator) for _ in range(n)]
        return meeting.get_absolute_url()

    few, many = page(1), page(30)
    client.force_login(coordinator)
    with django_assert_max_num_queries(25) as asked:
        client.get(few)
    with django_assert_max_num_queries(len(asked.captured_queries)):
        client.get(many)


def test_exports_never_hold_minutes_that_are_not_handed_out(client, division_head, coordinator, series):
    held(series, coordinator, text="décision : secret du bureau")
    client.force_login(division_head)
    for url in ("/reunions/", "/reunions/decisions/"):
        response = client.get(url, {"export": "csv"})
        assert "secret" not in b"".join(response.streaming_content).decode().lower()
    agenda = agenda_of(meeting_of(series, held_on=TODAY + DAY, status="preparing"))
    assert len(agenda.decisions) == 1
