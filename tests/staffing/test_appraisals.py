"""Annual appraisals: convened and notified in time, sealed, read by three and by nobody else, erased by rule."""

import datetime
import uuid

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.models import Notification, SearchEntry
from establishments.models import JournalEntry
from establishments.workflow import TransitionRefused
from staffing.appraisals import rules
from staffing.appraisals.attention import appraisals_to_treat
from staffing.appraisals.page import lines_of
from staffing.models import Appraisal, AppraisalObjective
from staffing.recurring import purge_appraisals
from tests.factories import TODAY, DirectorshipFactory, EstablishmentFactory, UserFactory
from tests.pdf_reading import extract_text
from tests.staffing.appraising import NOTICE, convened, held, notified, objective

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
CANARY = "hermine-safran-7731"
DAY = datetime.timedelta(days=1)


@pytest.fixture
def peer(sector):
    """Another director of the same sector."""
    user = UserFactory(first_name="Rose", last_name="Peyre")
    DirectorshipFactory(establishment=EstablishmentFactory(name="Crèche Jourdain", sector=sector), person=user)
    return user


@pytest.fixture
def deputy(creche):
    user = UserFactory(first_name="Anne", last_name="Vidal")
    DirectorshipFactory(establishment=creche, person=user, position="deputy")
    return user


def at(day, hour=9):
    return datetime.datetime.combine(day, datetime.time(hour), datetime.UTC)


def test_a_meeting_within_eight_days_is_refused_and_the_eighth_day_holds(creche, director, coordinator):
    with pytest.raises(TransitionRefused, match="8 jours avant"):
        convened(creche, director, coordinator, meeting_on=TODAY + NOTICE - DAY)
    assert convened(creche, director, coordinator, meeting_on=TODAY + NOTICE).meeting_on == TODAY + NOTICE


def test_moving_it_gives_the_whole_notice_again(creche, director, coordinator):
    row = convened(creche, director, coordinator)
    with pytest.raises(TransitionRefused):
        row.move(TODAY + NOTICE - DAY, by=coordinator)
    row.move(TODAY + 2 * NOTICE, by=coordinator)
    assert (row.convened_on, row.meeting_on) == (TODAY, TODAY + 2 * NOTICE)


def test_it_is_not_held_before_the_notice_nor_in_the_future(creche, director, coordinator, time_machine):
    row = convened(creche, director, coordinator)
    for day in (TODAY + NOTICE - DAY, TODAY + NOTICE):
        with pytest.raises(TransitionRefused):
            row.hold(day, by=coordinator)
    time_machine.move_to(at(TODAY + NOTICE))
    row.hold(TODAY + NOTICE, by=coordinator)
    assert row.notify_before == TODAY + NOTICE + 15 * DAY


def test_a_report_notified_on_the_sixteenth_day_says_so(creche, director, coordinator, time_machine):
    row = held(creche, director, coordinator, "Bilan.")
    time_machine.move_to(at(row.notify_before + DAY))
    (line,) = lines_of(coordinator, 2026, row.notify_before + DAY)
    assert "à notifier avant" in line.late
    row.notify_report(by=coordinator)
    assert row.late_days == 1


def test_an_empty_report_is_not_notified_and_a_notified_one_no_longer_changes(creche, director, coordinator):
    row = held(creche, director, coordinator)
    with pytest.raises(TransitionRefused, match="vide"):
        row.notify_report(by=coordinator)
    row.write("Bilan.", version=0, by=coordinator)
    row.notify_report(by=coordinator)
    with pytest.raises(TransitionRefused):
        row.write("Autre.", version=1, by=coordinator)


def test_two_people_who_write_at_once_do_not_overwrite_each_other(client, creche, director, coordinator, pole_head):
    row = held(creche, director, coordinator)
    row.write("Celui de la cheffe de pôle.", version=0, by=pole_head)
    client.force_login(coordinator)
    answer = client.post(reverse("staffing:appraisal_write", args=[row.pk]), {"version": 0, "report": "Le mien."})
    page = answer.content.decode()
    assert "Celui de la cheffe de pôle." in page
    assert "Le mien." in page
    row.refresh_from_db()
    assert row.report == "Celui de la cheffe de pôle."


def test_the_person_reads_the_report_once_notified_and_signs_with_her_reply(client, creche, director, coordinator):
    row = held(creche, director, coordinator, CANARY)
    client.force_login(director)
    assert CANARY not in client.get(row.get_absolute_url()).content.decode()
    row.notify_report(by=coordinator)
    assert CANARY in client.get(row.get_absolute_url()).content.decode()
    client.post(reverse("staffing:appraisal_sign", args=[row.pk]), {"reply": "Je nuance un point."})
    row.refresh_from_db()
    assert (row.status, row.signed_on, row.reply) == ("signed", TODAY, "Je nuance un point.")
    assert all(CANARY not in told.title + told.body for told in Notification.objects.all())


def test_the_person_does_not_read_the_draft_on_paper_either(client, creche, director, coordinator):
    row = held(creche, director, coordinator, CANARY)
    url = reverse("staffing:appraisal_pdf", args=[row.pk])
    for who, expected in ((director, False), (coordinator, True)):
        client.force_login(who)
        answer = client.get(url)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert (CANARY in extract_text(content)) is expected


PAGES = [
    *("/", "/a-traiter/", "/conges/entretiens/", "/conges/entretiens/?export=csv", "/notifications/"),
    *("/recherche/?q={q}", "/recherche/textes/?q={q}", "/conges/", "/etablissements/{house}/"),
    *("/conges/etablissement/{house}/", "/etablissements/{house}/historique/"),
]


@pytest.mark.parametrize("name", ["peer", "deputy", "colleague", "assistant", "division_head", "central"])
def test_a_peer_or_anybody_else_never_hears_of_it(request, client, creche, director, coordinator, name):
    user = request.getfixturevalue(name)
    row = notified(creche, director, coordinator, CANARY)
    objective(row, coordinator, CANARY)
    client.force_login(user)
    for page in ("appraisal", "appraisal_pdf"):
        assert client.get(reverse(f"staffing:{page}", args=[row.pk])).status_code == 404
    assert not Appraisal.objects.visible_to(user).exists()
    for path in PAGES:
        answer = client.get(path.format(q="hermine", house=creche.pk))
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert CANARY.encode() not in content, path
        assert row.get_absolute_url().encode() not in content, path
    assert not Notification.objects.filter(user=user).exists()


def test_nothing_of_it_is_in_clear_in_the_database_nor_searched_nor_in_a_page_of_the_journal(
    creche, director, coordinator, pole_head
):
    row = notified(creche, director, coordinator, CANARY)
    objective(row, coordinator, CANARY)
    for model, column in ((Appraisal, "sealed_report"), (AppraisalObjective, "sealed")):
        for closed in model.objects.values_list(column, flat=True):
            assert CANARY.encode() not in bytes(closed)
    assert not SearchEntry.objects.filter(body__contains=CANARY).exists()
    lines = JournalEntry.objects.filter(subject_kind="staffing.appraisal")
    assert set(lines.values_list("subject", "establishment", "territory")) == {("entretien annuel 2026", None, None)}
    assert not lines.visible_to(pole_head).exists()


def test_nobody_conducts_her_own(client, creche, pole_head, coordinator):
    DirectorshipFactory(establishment=creche, person=coordinator)
    row = convened(creche, coordinator, pole_head)
    client.force_login(coordinator)
    assert client.get(row.get_absolute_url()).status_code == 200
    assert client.post(reverse("staffing:appraisal_hold", args=[row.pk]), {"held_on": TODAY}).status_code == 403
    with pytest.raises(TransitionRefused, match="son propre entretien"):
        row.hold(TODAY, by=coordinator)
    with pytest.raises(TransitionRefused, match="Seule la personne"):
        row.sign("", by=pole_head)


def test_who_is_due_goes_when_convened_and_comes_back_when_cancelled(creche, director, coordinator, peer):
    def due():
        return [line.person for line in lines_of(coordinator, 2026, TODAY) if line.state == "à convoquer"]

    assert sorted(due()) == sorted([str(director), str(peer)])
    row = convened(creche, director, coordinator)
    assert due() == [str(peer)]
    row.cancel(by=coordinator)
    assert len(due()) == 2
    assert lines_of(peer, 2026, TODAY) == []


def test_the_same_form_twice_convenes_once_and_a_second_one_the_same_year_is_refused(
    client, creche, director, coordinator
):
    client.force_login(coordinator)
    data = {
        "client_uuid": uuid.uuid4(),
        "directorship": director.directorships.get().pk,
        "year": 2026,
        "meeting_on": TODAY + NOTICE,
    }
    for _ in range(2):
        assert client.post(reverse("staffing:appraisal_create"), data).status_code == 302
    assert Appraisal.objects.count() == 1
    assert Notification.objects.filter(user=director).count() == 1
    with pytest.raises(TransitionRefused):
        convened(creche, director, coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appraisal.objects.create(
            establishment=creche, person=director, year=2026, convened_on=TODAY, meeting_on=TODAY,
            led_by=coordinator, client_uuid=uuid.uuid4(),
        )  # fmt: skip


def test_a_director_of_another_sector_is_an_invalid_choice(client, coordinator, next_creche):
    other = DirectorshipFactory(establishment=next_creche)
    client.force_login(coordinator)
    data = {"client_uuid": uuid.uuid4(), "directorship": other.pk, "year": 2026, "meeting_on": TODAY + NOTICE}
    assert client.post(reverse("staffing:appraisal_create"), data).status_code == 200
    assert not Appraisal.objects.exists()


def test_what_becomes_due_is_told_to_who_must_act(creche, director, coordinator):
    row = held(creche, director, coordinator, "Bilan.")
    late = row.notify_before + DAY
    assert [item.button for item in appraisals_to_treat(coordinator, late)] == ["Notifier"]
    assert list(appraisals_to_treat(director, late)) == []
    row.notify_report(by=coordinator)
    assert [item.button for item in appraisals_to_treat(director, late)] == ["Lire et signer"]
    assert list(appraisals_to_treat(coordinator, late)) == []


def test_the_campaign_is_told_from_september_on(coordinator, director, peer):
    assert list(appraisals_to_treat(coordinator, datetime.date(2026, 8, 31))) == []
    (item,) = appraisals_to_treat(coordinator, datetime.date(2026, 9, 1))
    assert item.title == "2 entretiens annuels à convoquer"


def test_the_texts_are_erased_five_years_after_and_the_dates_remain(creche, director, coordinator, time_machine):
    row = notified(creche, director, coordinator, CANARY)
    objective(row, coordinator)
    for day, left in ((rules.keep_until(2026), CANARY), (rules.keep_until(2026) + DAY, "")):
        time_machine.move_to(at(day, 12))
        purge_appraisals.call()
        purge_appraisals.call()
        row.refresh_from_db()
        assert row.report == left
    assert not row.objectives.exists()
    assert row.notified_on == TODAY
    assert JournalEntry.objects.filter(verb="textes d’entretien annuel effacés").count() == 1


def test_a_new_key_opens_the_appraisals_too(creche, director, coordinator, settings, capsys):
    row = notified(creche, director, coordinator, CANARY)
    mine = objective(row, coordinator, CANARY)
    settings.SENSITIVE_KEYS = [(new := Fernet.generate_key().decode()), settings.SENSITIVE_KEYS[0]]
    call_command("reseal")
    settings.SENSITIVE_KEYS = [new]
    assert Appraisal.objects.get().report == AppraisalObjective.objects.get(pk=mine.pk).text == CANARY


def test_the_list_takes_the_same_queries_for_1_and_30(client, sector, coordinator, django_assert_max_num_queries):
    client.force_login(coordinator)
    counts = []
    for number in range(30):
        house = EstablishmentFactory(name=f"Crèche {number}", sector=sector)
        person = DirectorshipFactory(establishment=house).person
        if number % 2 == 0:
            convened(house, person, coordinator)
        if number in (1, 29):
            with django_assert_max_num_queries(12) as captured:
                client.get(reverse("staffing:appraisal_list"))
            counts.append(len(captured))
    assert counts[0] == counts[1]
