"""Requests of the field: who owns them, the clock in working days, the relay, the answer told around, the twins."""

import datetime
import uuid

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from core.models import Notification, SearchEntry
from dashboard.indexing import rebuild
from establishments.models import JournalEntry, Mandate, Role
from establishments.workflow import TransitionRefused
from projects.attention import attention
from projects.likeness import ALIKE, alike, stems_of
from projects.models import ServiceRequest
from projects.recurring import recall_requests
from projects.relay import told_by
from projects.request_page import figures_of
from tests.conftest import holder
from tests.factories import TODAY
from tests.pdf_reading import extract_text
from tests.projects.factories import RequestFactory

DAY = datetime.timedelta(days=1)


@pytest.fixture
def question(today, creche, director, coordinator, pole_head):
    return ServiceRequest(establishment=creche, title="Qui répare le portail ?", delay_days=10).ask(by=director)


def keys(user, day=TODAY):
    return {item.key for item in attention(user, day)}


def test_a_question_goes_to_the_closest_person_who_may_answer(question, coordinator):
    assert question.owner == coordinator
    assert Notification.objects.get(event=f"demande-{question.pk}-posee").user == coordinator
    assert keys(coordinator) >= {f"request-{question.pk}"}


def test_a_coordinator_asks_her_head(today, sector, creche, coordinator, assistant, pole_head):
    asked = ServiceRequest(territory=sector, title="Deux réunions le même jour").ask(by=coordinator)
    assert asked.owner == pole_head


def test_an_interim_comes_before_the_one_she_replaces(today, creche, sector, director, coordinator, colleague):
    Mandate.objects.create(
        user=colleague,
        role="coordinator",
        territory=sector,
        starts_on=TODAY,
        ends_on=TODAY + 30 * DAY,
        is_interim=True,
    )
    assert ServiceRequest(establishment=creche, title="Clés").ask(by=director).owner == colleague


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "days", "due"),
    [
        ((2026, 3, 17), 10, (2026, 3, 31)),
        ((2026, 4, 3), 1, (2026, 4, 7)),  # Easter Monday is the 6th
        ((2026, 5, 7), 3, (2026, 5, 13)),  # 8 May is a holiday
        ((2026, 5, 13), 1, (2026, 5, 15)),  # Ascension is the 14th
        ((2026, 7, 10), 2, (2026, 7, 15)),
        ((2026, 12, 24), 5, (2027, 1, 4)),
    ],
)
def test_the_delay_is_counted_in_french_working_days(time_machine, creche, director, asked, days, due):
    time_machine.move_to(datetime.datetime(*asked, 9, tzinfo=datetime.UTC))
    found = ServiceRequest(establishment=creche, title="Clés", delay_days=days).ask(by=director)
    assert found.due_on == datetime.date(*due)
    assert found.days_late(found.due_on) == 0
    assert found.days_late(found.due_on + DAY) == 1


def test_the_same_question_sent_twice_is_one(client, today, creche, director, coordinator):
    sent = {"establishment": creche.pk, "title": "Le portail", "delay_days": 5, "client_uuid": str(uuid.uuid4())}
    client.force_login(director)
    for _ in range(2):
        assert client.post("/projets/demandes/nouvelle/", sent).status_code == 302
    assert ServiceRequest.objects.count() == 1
    assert JournalEntry.objects.filter(verb="demande posée").count() == 1


def test_a_director_asks_for_her_house_and_no_other(client, today, creche, far_creche, director):
    sent = {"establishment": far_creche.pk, "title": "X", "delay_days": 5, "client_uuid": str(uuid.uuid4())}
    client.force_login(director)
    page = client.post("/projets/demandes/nouvelle/", sent)
    assert "establishment" in page.context["form"].errors
    assert "territory" not in page.context["form"].fields


def test_a_name_of_a_child_is_pointed_at(client, today, creche, director):
    sent = {"establishment": creche.pk, "title": "Une place", "text": "La maman de Léa est malade."}
    sent |= {"delay_days": 5, "client_uuid": str(uuid.uuid4())}
    client.force_login(director)
    page = client.post("/projets/demandes/nouvelle/", sent, follow=True)
    assert "Retirez" in page.content.decode()


def test_a_relay_gives_the_question_to_somebody_else(question, coordinator, pole_head):
    question.relay(by=coordinator, owner=pole_head, seen=coordinator.pk, service="Service technique")
    assert (question.status, question.owner, question.service) == ("relayed", pole_head, "Service technique")
    assert f"request-{question.pk}" in keys(pole_head)
    assert f"request-{question.pk}" not in keys(coordinator)


def test_two_relays_at_once_do_not_cross(question, coordinator, pole_head, assistant):
    question.relay(by=coordinator, owner=pole_head, seen=coordinator.pk)
    with pytest.raises(TransitionRefused, match="Déjà relayée"):
        question.relay(by=assistant, owner=coordinator, seen=coordinator.pk)
    assert question.owner == pole_head


def test_a_question_is_relayed_to_those_above_it_only(client, question, coordinator, neighbour):
    client.force_login(coordinator)
    sent = {"owner": neighbour.pk, "seen": coordinator.pk}
    page = client.post(f"/projets/demandes/{question.pk}/relayer/", sent)
    assert "owner" in page.context["form"].errors


def test_an_answer_is_read_by_every_house_it_is_told_to(
    client, question, coordinator, director, pole, next_creche, far_director
):
    neighbour_house = holder(Role.DIRECTOR, "Inès", "Petit", establishment=next_creche)
    url = question.get_absolute_url()
    client.force_login(neighbour_house)
    assert client.get(url).status_code == 404, "another house does not know the question"
    question.reply(by=coordinator, answer="Le service technique, sous huit jours.", broadcast=pole)
    assert "sous huit jours" in client.get(url).content.decode()
    assert "sous huit jours" in client.get("/recherche/textes/?q=technique").content.decode()
    client.force_login(far_director)
    assert client.get(url).status_code == 404, "the other pôle is not told"
    assert "sous huit jours" not in client.get("/recherche/textes/?q=technique").content.decode()


def test_nobody_answers_twice(question, coordinator, pole_head):
    question.reply(by=coordinator, answer="Lundi.")
    with pytest.raises(TransitionRefused, match="répondue"):
        ServiceRequest.objects.get(pk=question.pk).reply(by=pole_head, answer="Mardi.")
    assert ServiceRequest.objects.get().answer == "Lundi."


def test_the_asker_closes_or_sends_back(question, coordinator, director):
    question.reply(by=coordinator, answer="Lundi.")
    assert f"request-answered-{question.pk}" in keys(director)
    question.contest(by=director, text="Lequel ?")
    assert (question.status, question.owner, question.answer) == ("taken", coordinator, "Lundi.")
    question.reply(by=coordinator, answer="Le lundi 23.")
    question.close(by=director)
    assert question.status == "closed"
    with pytest.raises(DatabaseError, match="constraint"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE projects_servicerequest SET answer = 'autre'")


def test_an_answered_question_without_answer_is_refused_by_the_database(question):
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceRequest.objects.update(status="answered")


def test_one_answer_serves_the_grouped_questions(question, next_creche, colleague, pole_head, director, far_creche):
    twin = RequestFactory(establishment=next_creche, title="Le portail est cassé", asked_by=colleague)
    twin.group(question, by=pole_head)
    assert f"request-{twin.pk}" not in keys(twin.asked_by)
    with pytest.raises(TransitionRefused, match="groupée"):
        twin.reply(by=pole_head, answer="Seule")
    question.reply(by=pole_head, answer="Le service technique.")
    twin.refresh_from_db()
    assert (twin.status, twin.given_answer) == ("answered", "Le service technique.")
    assert Notification.objects.filter(user=colleague, event__startswith=f"demande-{twin.pk}-repondue").exists()
    later = RequestFactory(establishment=next_creche, asked_by=colleague)
    later.group(question, by=pole_head)
    assert later.status == "answered", "the answer is already there"


def test_groups_never_chain(question, next_creche, pole_head):
    first, second = RequestFactory.create_batch(2, establishment=next_creche)
    second.group(first, by=pole_head)
    first.group(question, by=pole_head)
    second.refresh_from_db()
    assert second.same_as == question, "who was grouped with the first follows it"
    with pytest.raises(TransitionRefused):
        question.group(second, by=pole_head)
    with pytest.raises(TransitionRefused):
        question.group(question, by=pole_head)


def test_a_question_of_another_pole_is_not_grouped(client, question, far_creche, coordinator):
    foreign = RequestFactory(establishment=far_creche)
    client.force_login(coordinator)
    answer = client.post(f"/projets/demandes/{question.pk}/grouper/", {"avec": foreign.pk})
    assert answer.status_code == 404
    question.refresh_from_db()
    assert question.same_as is None


def test_questions_with_the_same_words_are_shown_together(client, question, creche, coordinator):
    near = RequestFactory(establishment=creche, title="Réparation du portail : qui s’en charge ?")
    RequestFactory(establishment=creche, title="Combien de jours de formation ?")
    client.force_login(coordinator)
    shown = client.get(question.get_absolute_url()).context["alike"]
    assert [twin.request for twin in shown] == [near]
    assert shown[0].may_group


VOCABULARY = ["portail", "réparer", "famille", "repas", "dortoir", "clé", "badge", "sieste"]
WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=8)


@given(WORDS, st.lists(WORDS, max_size=6))
def test_likeness_is_a_share_and_the_same_text_comes_first(words, others):
    wanted = stems_of(" ".join(words))
    texts = [(n, stems_of(" ".join(other))) for n, other in enumerate(others)]
    found = alike(wanted, [*texts, (99, wanted)])
    assert all(ALIKE <= one.share <= 1 for one in found)
    assert [one.share for one in found] == sorted((one.share for one in found), reverse=True)
    if wanted:
        assert found[0].share == 1


def test_too_late_the_owner_is_told_then_her_head_once(question, coordinator, pole_head, time_machine):
    late = question.due_on + DAY
    for day in (late, late, late + 7 * DAY, late + 8 * DAY):
        time_machine.move_to(datetime.datetime(day.year, day.month, day.day, 9, tzinfo=datetime.UTC))
        recall_requests.enqueue()
    told = Notification.objects.exclude(event__contains="posee").order_by("pk")
    assert [row.user for row in told] == [coordinator, pole_head]
    assert f"request-late-{question.pk}" in keys(pole_head, day)
    question.refresh_from_db()
    question.take(by=pole_head)
    assert f"request-late-{question.pk}" not in keys(pole_head, day), "it is hers now"


def test_the_head_is_not_told_on_the_first_day(question, pole_head, time_machine):
    day = question.due_on + DAY
    time_machine.move_to(datetime.datetime(day.year, day.month, day.day, 9, tzinfo=datetime.UTC))
    recall_requests.enqueue()
    question.refresh_from_db()
    assert question.escalated_to is None


def test_the_median_delay_counts_working_days(question, creche, coordinator):
    for days in (1, 2, 9):
        RequestFactory(
            establishment=creche, status="answered", answer="Oui", answered_by=coordinator,
            asked_on=TODAY - 14 * DAY, answered_on=TODAY - (14 - days) * DAY,
        )  # fmt: skip
    figures = figures_of(coordinator, TODAY)
    assert (figures.n_open, figures.n_late, figures.n_answered, figures.median_days) == (1, 0, 3, 2)
    assert figures.services[0].service == "Non relayées"


def test_the_paper_says_the_question_and_its_answer(client, question, coordinator):
    question.reply(by=coordinator, answer="Le service technique.")
    client.force_login(coordinator)
    text = extract_text(client.get(f"/projets/demandes/{question.pk}/demande.pdf").content)
    assert "Qui répare le portail" in text
    assert "Le service technique." in text


def test_the_index_rebuilt_is_the_index_kept(question, coordinator, pole):
    question.reply(by=coordinator, answer="Lundi.", broadcast=pole)
    before = list(SearchEntry.objects.values_list("subject", "object_id", "title", "scope", "scope_id", "words"))
    list(rebuild())
    after = list(SearchEntry.objects.values_list("subject", "object_id", "title", "scope", "scope_id", "words"))
    assert before == after
    assert before[0][3:5] == ("around", pole.pk)


def test_the_list_asks_the_same_queries_for_1_and_30_rows(
    client, today, creche, coordinator, django_assert_max_num_queries
):
    RequestFactory(establishment=creche, owner=coordinator)
    client.force_login(coordinator)
    with django_assert_max_num_queries(12) as few:
        assert client.get("/projets/demandes/").status_code == 200
    RequestFactory.create_batch(29, establishment=creche, owner=coordinator)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/projets/demandes/")


def test_a_coordinator_tells_her_pole_and_the_head_of_the_division_tells_all_hers(
    question, coordinator, division_head, sector, pole, caspe, direction
):
    assert set(told_by(coordinator, question, TODAY)) == {sector, pole}
    assert set(told_by(division_head, question, TODAY)) == {sector, pole, caspe}
