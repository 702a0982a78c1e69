"""The weekly CRA: drafted from the facts, rewritten, sent once, frozen, consolidated; no sentence without a source."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import sources
from core.models import Notification
from dashboard.indexing import rebuild
from dashboard.models import WeeklyLine, WeeklyReport
from dashboard.texts import entries_matching
from dashboard.weekly.drafting import current_week, draft, draft_all, draft_missed, is_still_late, remind_late, run
from dashboard.weekly.facts import Week, thursday_of
from dashboard.weekly.page import views_of
from establishments.workflow import StaleVersion, TransitionRefused
from tests.factories import TerritoryFactory
from tests.pdf_reading import extract_text
from tests.visits.factories import ActionFactory, VisitFactory

THURSDAY = datetime.date(2026, 3, 12)
IN_WEEK = datetime.date(2026, 3, 10)


@pytest.fixture
def week(creche, coordinator, pole, pole_head):
    """A visit of the creche on the Tuesday of the week."""
    return VisitFactory(establishment=creche, coordinator=coordinator, visited_on=IN_WEEK)


@pytest.fixture
def report(week, pole):
    return draft(pole, THURSDAY)


def text(report, key):
    return report.lines.get(key=key).text


@pytest.mark.parametrize(
    ("day", "thursday"),
    [(9, 12), (12, 12), (13, 19), (15, 19), (16, 19)],
)
def test_a_week_ends_on_its_thursday(day, thursday):
    assert thursday_of(datetime.date(2026, 3, day)) == datetime.date(2026, 3, thursday)


def test_the_week_runs_from_friday_to_thursday(pole):
    week = Week(pole.pk, THURSDAY)
    assert (week.first, week.following.first) == (datetime.date(2026, 3, 6), datetime.date(2026, 3, 13))
    assert Week.of(week.key) == week


def test_the_draft_says_what_happened_in_the_territory_that_week_and_nothing_else(
    report, creche, far_creche, coordinator
):
    assert text(report, "visites") == "1 visite a été réalisée dans 1 établissement."
    VisitFactory(establishment=far_creche, coordinator=coordinator, visited_on=IN_WEEK)
    VisitFactory(establishment=creche, coordinator=coordinator, visited_on=datetime.date(2026, 3, 13))
    report.refresh()
    assert text(report, "visites") == "1 visite a été réalisée dans 1 établissement."
    VisitFactory(establishment=creche, coordinator=coordinator, visited_on=datetime.date(2026, 3, 6))
    report.refresh()
    assert text(report, "visites") == "2 visites ont été réalisées dans 1 établissement."


def test_every_drafted_sentence_quotes_a_source_that_opens(report):
    (view,) = views_of([report])
    lines = [line for section in view.sections for line in section.lines]
    assert len(lines) == report.lines.count() == 9
    assert all(line.quoted and all(source.url for source in line.quoted) for line in lines)
    assert not any(line.is_stale for line in lines)


def test_drafting_twice_gives_one_report_and_the_same_lines(report, pole):
    before = list(report.lines.values())
    again = draft(pole, THURSDAY)
    assert (again.pk, list(again.lines.values())) == (report.pk, before)
    assert WeeklyReport.objects.count() == 1


def test_a_source_that_moves_marks_its_sentence_and_no_other(report, creche, coordinator):
    VisitFactory(establishment=creche, coordinator=coordinator, visited_on=IN_WEEK)
    assert sources.moved(report.document) == {"visites"}
    report.refresh()
    assert sources.moved(report.document) == set()


def test_a_sentence_rewritten_keeps_its_text_and_is_said_to_be_stale(report, creche, coordinator, pole_head):
    report.rewrite(by=pole_head, seen=report.version, texts={"visites": "Une belle visite."}, left_out=set(), added={})
    assert sources.moved(report.document) == set()
    VisitFactory(establishment=creche, coordinator=coordinator, visited_on=IN_WEEK)
    report.refresh()
    line = report.lines.get(key="visites")
    assert line.text == "Une belle visite."
    assert line.proposed == "2 visites ont été réalisées dans 1 établissement."
    assert sources.moved(report.document) == {"visites"}


def test_emptying_a_text_takes_the_proposed_one_again(report, pole_head):
    report.rewrite(by=pole_head, seen=1, texts={"visites": "Autre chose."}, left_out=set(), added={})
    report.rewrite(by=pole_head, seen=2, texts={"visites": ""}, left_out=set(), added={})
    assert text(report, "visites") == "1 visite a été réalisée dans 1 établissement."


def test_two_people_rewriting_at_once_lose_nothing(report, pole_head):
    report.rewrite(by=pole_head, seen=1, texts={"visites": "Le premier."}, left_out=set(), added={})
    with pytest.raises(StaleVersion):
        report.rewrite(by=pole_head, seen=1, texts={"visites": "Le second."}, left_out=set(), added={})
    assert text(report, "visites") == "Le premier."


def test_the_page_gives_back_what_was_typed_when_somebody_saved_meanwhile(client, report, pole_head):
    client.force_login(pole_head)
    report.rewrite(by=pole_head, seen=1, texts={"visites": "Le premier."}, left_out=set(), added={})
    page = client.post(
        reverse("dashboard:weekly_edit", args=[report.pk]), {"version": 1, "texte-visites": "Le second."}
    ).content.decode()
    assert "Le second." in page
    assert "Quelqu’un a enregistré ce CRA" in page


def test_the_form_rewrites_leaves_out_and_adds(client, report, pole_head):
    client.force_login(pole_head)
    url = reverse("dashboard:weekly_edit", args=[report.pk])
    data = {"version": 1, "texte-visites": "Une seule visite.", "sans-conges": "on", "ajout-suite": "Grève jeudi."}
    assert client.post(url, data).status_code == 302
    client.post(url, data)  # the same form again: an older version, nothing twice
    assert text(report, "visites") == "Une seule visite."
    assert report.lines.get(key="conges").is_left_out
    assert list(report.lines.filter(author=pole_head).values_list("section", "text")) == [("suite", "Grève jeudi.")]


def test_a_sent_report_is_frozen_by_the_database(report, pole_head):
    report.send(by=pole_head)
    line = report.lines.first()
    for change in (
        lambda: WeeklyReport.objects.filter(pk=report.pk).update(version=9),
        lambda: WeeklyLine.objects.filter(pk=line.pk).update(text="Autre"),
        lambda: WeeklyLine.objects.filter(pk=line.pk).delete(),
        lambda: WeeklyLine.objects.create(
            report=report, key="x", section="suite", position=1, text="Autre", author=pole_head
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    report.refresh()
    with pytest.raises(TransitionRefused):
        report.rewrite(by=pole_head, seen=1, texts={}, left_out=set(), added={})


def test_two_clicks_send_once_and_tell_those_above_once(report, pole_head, central, division_head):
    report.send(by=pole_head)
    with pytest.raises(TransitionRefused, match="Déjà traité"):
        WeeklyReport.objects.get(pk=report.pk).send(by=pole_head)
    told = Notification.objects.filter(event=f"weekly-{report.pk}-sent").values_list("user", flat=True)
    assert set(told) == {central.pk, division_head.pk}


def test_a_report_emptied_of_its_sentences_is_not_sent(report, pole_head):
    everything = set(report.lines.values_list("key", flat=True))
    report.rewrite(by=pole_head, seen=1, texts={}, left_out=everything, added={})
    with pytest.raises(TransitionRefused, match="rien à envoyer"):
        report.send(by=pole_head)
    assert WeeklyReport.objects.get().is_editable


def test_what_is_sent_says_later_that_its_facts_moved_and_keeps_its_text(report, creche, coordinator, pole_head):
    report.send(by=pole_head)
    said = list(report.lines.values_list("text", flat=True))
    ActionFactory(
        establishment=creche, due_on=IN_WEEK, created_at=datetime.datetime(2026, 3, 9, 9, tzinfo=datetime.UTC)
    )
    VisitFactory(establishment=creche, coordinator=coordinator, visited_on=IN_WEEK)
    assert sources.moved(report.document) == {"visites", "actions"}
    assert list(report.lines.values_list("text", flat=True)) == said


def test_the_scheduler_drafts_on_thursday_for_whoever_holds_a_territory(week, pole, direction, central):
    assert draft_all(THURSDAY - datetime.timedelta(days=1)) == 0
    assert draft_all(THURSDAY) == 2
    assert draft_all(THURSDAY) == 2
    assert set(WeeklyReport.objects.values_list("territory", "last_on")) == {
        (pole.pk, THURSDAY),
        (direction.pk, THURSDAY),
    }


def test_a_thursday_slept_through_is_drafted_the_day_after_and_its_author_told(week, pole, pole_head):
    friday = THURSDAY + datetime.timedelta(days=1)
    assert run(friday) == (1, 1)
    assert run(friday + datetime.timedelta(days=1))[0] == 0
    (report,) = WeeklyReport.objects.all()
    assert (report.territory, report.last_on) == (pole, THURSDAY)
    assert Notification.objects.filter(user=pole_head, event=f"weekly-{report.pk}-late").count() == 1
    assert draft_missed(THURSDAY) == 0


def test_the_author_alone_is_reminded_once_and_no_longer_when_it_is_sent(report, pole_head, central):
    friday = THURSDAY + datetime.timedelta(days=1)
    assert remind_late(THURSDAY) == 0
    for _ in range(3):
        remind_late(friday)
    (told,) = Notification.objects.filter(event=f"weekly-{report.pk}-late")
    assert told.user == pole_head
    assert is_still_late(told)
    report.send(by=pole_head)
    assert not is_still_late(told)


@pytest.mark.parametrize(("day", "thursday"), [(12, 12), (13, 12), (18, 12), (19, 19), (11, 5)])
def test_the_week_to_write_is_the_one_that_just_ended(day, thursday):
    assert current_week(datetime.date(2026, 3, day)) == datetime.date(2026, 3, thursday)


def test_the_direction_reads_every_report_received_and_who_is_awaited(client, report, direction, central, pole_head):
    whole = draft(direction, THURSDAY)
    client.force_login(central)
    page = client.get(whole.get_absolute_url()).content.decode()
    assert "Pas encore reçu" in page
    assert report.territory.name in page
    report.rewrite(by=pole_head, seen=1, texts={"visites": "Une belle visite."}, left_out={"conges"}, added={})
    report.send(by=pole_head)
    page = client.get(whole.get_absolute_url()).content.decode()
    assert "Pas encore reçu" not in page
    assert "Une belle visite." in page
    assert page.count("Aucun congé n’a été décidé.") == 1  # the direction's own; the pôle left it out


def test_central_services_do_not_write_in_the_name_of_a_pole(client, report, central):
    assert not WeeklyReport.objects.visible_to(central, "write_weekly").filter(pk=report.pk).exists()


def test_the_pdf_says_what_the_page_says(client, report, pole_head):
    client.force_login(pole_head)
    url = reverse("dashboard:weekly_pdf", args=[report.pk])
    draft_text = extract_text(client.get(url).content)
    assert "PROJET" in draft_text
    report.send(by=pole_head)
    sent = client.get(url).content
    assert "PROJET" not in extract_text(sent)
    for line in report.lines.all():
        assert " ".join(line.text.split()) in " ".join(extract_text(sent).split())
    assert client.get(url).content == sent


def test_a_report_once_sent_is_found_by_its_words_and_no_draft_is(report, pole_head, central, neighbour):
    today = datetime.date(2026, 3, 17)
    assert list(entries_matching(pole_head, "visite réalisée", today)) == []
    report.send(by=pole_head)
    assert [entry.url for entry in entries_matching(central, "visites réalisées", today)] == [
        report.get_absolute_url()
    ]
    assert list(entries_matching(neighbour, "visites réalisées", today)) == []
    list(rebuild())
    assert len(entries_matching(central, "visites réalisées", today)) == 1


def test_ten_territories_cost_the_queries_of_one(client, caspe, central, direction, report, pole_head):
    client.force_login(central)
    whole = draft(direction, THURSDAY)
    report.send(by=pole_head)
    counts = []
    for batch in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get(whole.get_absolute_url())
        counts.append(len(captured))
        for number in range(9):
            place = TerritoryFactory(kind="pole", code=f"p-{batch}-{number}", name=f"Pôle {number}", parent=caspe)
            other = draft(place, THURSDAY)
            other.send(by=pole_head)
    assert counts[0] == counts[1] <= 25
