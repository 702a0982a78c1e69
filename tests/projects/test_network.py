"""Transversal projects, partners, local actions, events, trainees: what reaches whom, what is computed."""

import datetime
import uuid

import pytest
from django.db import IntegrityError, transaction

from establishments.models import JournalEntry
from establishments.workflow import TransitionRefused
from projects.adoption import SUBJECTS, adoption_of
from projects.deployment import Deployment, HouseState, deployment_of
from projects.forms.network import ExchangeForm
from projects.gantt import Placed, Step
from projects.models import (
    LocalAction,
    Milestone,
    NetworkEvent,
    Partner,
    PartnerContact,
    PartnerExchange,
    TraineePlace,
    TransversalProject,
)
from staffing.day_book import open_book
from staffing.models import Absence
from tests.factories import TODAY, EstablishmentFactory
from tests.pdf_reading import extract_text
from tests.projects.factories import ActionFactory
from tests.staffing.factories import PostingFactory, expect, worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = datetime.timedelta(days=1)
YEAR = {"starts_on": datetime.date(2026, 1, 5), "ends_on": datetime.date(2026, 12, 18)}


@pytest.fixture
def project(pole, pole_head):
    made = TransversalProject.objects.create(
        territory=pole, title="Lire dès la naissance", created_by=pole_head, rule_kind="creche_collective", **YEAR
    )
    first = Milestone.objects.create(
        project=made, title="Choisir les albums", starts_on=YEAR["starts_on"], due_on=TODAY - 5 * DAY
    )
    Milestone.objects.create(
        project=made, title="Ouvrir le coin lecture", starts_on=TODAY, due_on=TODAY + 20 * DAY, after=first
    )
    return made


def test_a_project_goes_down_to_the_houses_of_its_rule(project, pole_head, creche, next_creche, far_creche, sector):
    EstablishmentFactory(sector=sector, kind="halte_garderie")
    EstablishmentFactory(sector=sector, closed_on=TODAY)
    project.launch(by=pole_head)
    assert {target.establishment for target in project.targets.all()} == {creche, next_creche}
    later = EstablishmentFactory(sector=sector)
    project.refresh_houses(by=pole_head)
    project.refresh_houses(by=pole_head)
    assert {target.establishment for target in project.targets.all()} == {creche, next_creche, later}


def test_a_house_chosen_by_hand_stays_whatever_the_rule(project, pole_head, creche, sector):
    chosen = EstablishmentFactory(sector=sector, kind="halte_garderie")
    project.choose([chosen], by=pole_head)
    project.launch(by=pole_head)
    assert project.targets.get(establishment=chosen).by_rule is False
    assert project.targets.count() == 2


def test_the_state_of_a_house_is_computed_from_its_milestones(project, pole_head, director, creche, next_creche):
    project.launch(by=pole_head)
    first, second = project.milestones.all()
    mine = project.targets.get(establishment=creche)

    def states():
        found = deployment_of(project, project.targets.select_related("establishment").order_by("pk"), TODAY)
        return {house.target.establishment: house.state for house in found.houses}, found.share

    assert states() == ({creche: "late", next_creche: "late"}, 0)
    mine.reach(first, by=director)
    mine.reach(first, by=director)
    assert states() == ({creche: "going", next_creche: "late"}, 0.25)
    mine.reach(second, by=director)
    assert states() == ({creche: "done", next_creche: "late"}, 0.5)
    mine.withdraw(second, by=director)
    assert states()[1] == 0.25
    assert JournalEntry.objects.filter(verb="jalon atteint").count() == 2


def test_a_director_follows_her_house_and_sees_hers_only(client, project, pole_head, director, creche, next_creche):
    client.force_login(director)
    assert client.get(project.get_absolute_url()).status_code == 404, "in preparation"
    project.launch(by=pole_head)
    page = client.get(project.get_absolute_url())
    assert [house.target.establishment for house in page.context["deployment"].houses] == [creche]
    milestone = project.milestones.first()
    url = f"/projets/participations/{project.targets.get(establishment=creche).pk}/jalon/{milestone.pk}/"
    client.post(url, {"constat": "Douze albums"})
    assert client.get(project.get_absolute_url()).context["deployment"].share == 0.5
    other = project.targets.get(establishment=next_creche)
    assert client.post(f"/projets/participations/{other.pk}/jalon/{milestone.pk}/").status_code == 404


def test_the_page_and_the_paper_draw_the_milestones_and_say_the_delay(client, project, pole_head, creche):
    type(creche).objects.filter(pk=creche.pk).update(latitude="48.87", longitude="2.39")
    project.launch(by=pole_head)
    client.force_login(pole_head)
    page = client.get(project.get_absolute_url())
    text = page.content.decode()
    assert "Chemin critique en retard de" in text
    assert page.context["gantt"].rows[0][0] == "Choisir les albums"
    assert "Carte du déploiement" in text
    paper = extract_text(client.get(f"{project.get_absolute_url()}projet.pdf").content)
    assert "Ouvrir le coin lecture" in paper


def test_a_project_without_milestone_is_not_launched(pole, pole_head):
    made = TransversalProject.objects.create(territory=pole, title="Vide", created_by=pole_head, **YEAR)
    with pytest.raises(TransitionRefused, match="jalon"):
        made.launch(by=pole_head)


def test_two_clicks_on_launch_give_one_decision(client, project, pole_head, creche):
    client.force_login(pole_head)
    for _ in range(2):
        page = client.post(f"{project.get_absolute_url()}etape/launch/", follow=True)
    assert "Déjà traité" in page.content.decode()
    assert JournalEntry.objects.filter(verb="projet transversal lancé").count() == 1


@pytest.fixture
def partner(pole):
    return Partner.objects.create(territory=pole, name="PMI du 20e", kind="pmi")


def test_a_contact_who_leaves_keeps_her_history_and_is_suggested_no_more(partner, creche, coordinator, time_machine):
    contact = PartnerContact.objects.create(partner=partner, name="Mme Aubry", starts_on=TODAY - 300 * DAY)
    said = {"partner": partner, "contact": contact, "held_on": TODAY, "summary": "Point annuel"}
    PartnerExchange(**said).keep(by=coordinator)
    assert contact in ExchangeForm(partner=partner, user=coordinator).fields["contact"].queryset
    contact.leave(by=coordinator, day=TODAY)
    contact.leave(by=coordinator, day=TODAY + 9 * DAY)
    time_machine.move_to(datetime.datetime(2026, 3, 18, 9, tzinfo=datetime.UTC))
    assert contact not in ExchangeForm(partner=partner, user=coordinator).fields["contact"].queryset
    assert partner.exchanges.get().contact == contact
    assert PartnerContact.objects.get().ends_on == TODAY


def test_the_directory_tells_the_last_exchange_and_what_is_promised(client, partner, coordinator, creche):
    for day, commitment in [(TODAY - 40 * DAY, "Envoyer le protocole"), (TODAY - 9 * DAY, "")]:
        exchange = PartnerExchange(partner=partner, held_on=day, summary="Échange", commitment=commitment)
        exchange.keep(by=coordinator)
    row = Partner.objects.with_news().get()
    assert (row.last_on, row.n_open) == (TODAY - 9 * DAY, 1)
    client.force_login(coordinator)
    assert "Envoyer le protocole" in client.get(partner.get_absolute_url()).content.decode()
    promised = partner.exchanges.exclude(commitment="").get()
    for _ in range(2):
        client.post(f"/projets/partenaires/{partner.pk}/engagement/{promised.pk}/")
    assert Partner.objects.with_news().get().n_open == 0
    assert JournalEntry.objects.filter(verb="engagement tenu").count() == 1


def test_the_same_exchange_sent_twice_is_one(client, partner, coordinator, creche):
    sent = {"held_on": "2026-03-16", "summary": "Appel", "client_uuid": str(uuid.uuid4())}
    client.force_login(coordinator)
    for _ in range(2):
        assert client.post(f"/projets/partenaires/{partner.pk}/echange/", sent).status_code == 302
    assert PartnerExchange.objects.count() == 1


def test_a_local_action_ends_with_a_number_of_families(client, sector, partner, coordinator, creche, director):
    sent = {"territory": sector.pk, "title": "Bibliothèque au square", "starts_on": "2026-03-02"}
    sent |= {"ends_on": "2026-03-06", "partners": [partner.pk], "houses": [creche.pk]}
    client.force_login(coordinator)
    url = client.post("/projets/locales/nouvelle/", sent | {"client_uuid": str(uuid.uuid4())}).headers["Location"]
    client.post(f"{url}bilan/", {"families": "38", "balance": "À refaire au printemps"})
    action = LocalAction.objects.get()
    assert (action.status, action.families_reached) == ("reported", 38)
    client.force_login(director)
    assert "38" in client.get(url).content.decode(), "her house takes part"
    with pytest.raises(IntegrityError), transaction.atomic():
        LocalAction.objects.update(families_reached=None)


def test_a_forged_house_takes_no_part_in_a_local_action(client, sector, coordinator, creche, far_creche):
    sent = {"territory": sector.pk, "title": "X", "starts_on": "2026-03-02", "ends_on": "2026-03-06"}
    sent |= {"houses": [far_creche.pk], "client_uuid": str(uuid.uuid4())}
    client.force_login(coordinator)
    page = client.post("/projets/locales/nouvelle/", sent)
    assert "houses" in page.context["form"].errors
    assert not LocalAction.objects.exists()


@pytest.fixture
def seminar(pole, pole_head):
    return NetworkEvent.objects.create(
        territory=pole,
        kind="seminar",
        title="Séminaire des équipes",
        starts_on=TODAY + 9 * DAY,
        ends_on=TODAY + 10 * DAY,
        created_by=pole_head,
    )


def test_who_goes_to_a_seminar_is_away_from_the_house(client, seminar, coordinator, creche):
    going, staying = (PostingFactory(establishment=creche).employee for _ in range(2))
    client.force_login(coordinator)
    url = f"/projets/evenements/{seminar.pk}/participer/"
    client.post(url, {"establishment": creche.pk, "away": [going.pk]})
    absence = Absence.objects.get()
    assert (absence.employee, absence.kind, absence.starts_on) == (going, "work", TODAY + 9 * DAY)
    client.post(url, {"establishment": creche.pk, "away": [staying.pk]})
    assert Absence.objects.get().employee == staying
    seminar.cancel(by=coordinator, text="Salle prise")
    assert not Absence.objects.exists()


def test_nobody_is_away_twice_on_the_same_days(seminar, coordinator, creche):
    going = PostingFactory(establishment=creche).employee
    days = {"starts_on": seminar.starts_on, "ends_on": seminar.starts_on}
    Absence.objects.create(employee=going, establishment=creche, kind="training", told_by=coordinator, **days)
    with pytest.raises(TransitionRefused, match="déjà absent"):
        seminar.join(creche, [going], by=coordinator)
    assert not seminar.participations.exists()


def test_an_agent_of_another_house_is_not_sent(client, seminar, coordinator, creche, next_creche):
    stranger = PostingFactory(establishment=next_creche).employee
    client.force_login(coordinator)
    page = client.post(
        f"/projets/evenements/{seminar.pk}/participer/", {"establishment": creche.pk, "away": [stranger.pk]}
    )
    assert "away" in page.context["form"].errors


def covered(house, day):
    """Who the coverage engine counts in the house on a day, and the gaps that it finds."""
    book = open_book([house.pk], day, day)
    counted = {one.person for one in book.house_day(house.pk, day).presences if one.counts}
    return counted, book.assess(house.pk, day)


def test_a_seminar_empties_the_coverage_of_its_days_alone(seminar, coordinator, creche):
    going, staying = worker(creche), worker(creche)
    expect(creche, 5, 8)
    day = seminar.starts_on
    before, gaps_before = covered(creche, day)
    assert before == {going.employee_id, staying.employee_id}
    seminar.join(creche, [going.employee], by=coordinator)
    after, gaps_after = covered(creche, day)
    assert after == {staying.employee_id}
    assert gaps_after != gaps_before
    assert covered(creche, day - 7 * DAY) == (before, covered(creche, day - 7 * DAY)[1])


def test_trainees_change_nothing_in_the_coverage(creche, coordinator):
    worker(creche)
    expect(creche, 5, 8)
    before = covered(creche, TODAY)
    TraineePlace(
        establishment=creche, diploma="CAP AEPE", offered=4, taken=4, starts_on=TODAY, ends_on=TODAY + 30 * DAY
    ).keep(by=coordinator)
    assert covered(creche, TODAY) == before
    assert len(before[0]) == 1, "the agent is there, and she alone"


def test_no_more_trainees_than_places(creche, coordinator):
    places = TraineePlace(
        establishment=creche, diploma="EJE", offered=1, taken=2, starts_on=TODAY, ends_on=TODAY + DAY
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        places.keep(by=coordinator)


@pytest.mark.parametrize(
    ("done", "said"),
    [(0, "0 lieu sur 3 a tout fait"), (1, "1 lieu sur 3 a tout fait"), (2, "2 lieux sur 3 ont tout fait")],
)
def test_the_deployment_agrees_in_french(done, said):
    step = Placed(Step(1, "Albums", TODAY, TODAY, done, 3), "going", TODAY, 0, False)
    houses = tuple(HouseState(None, frozenset({1} if n < done else ()), 1, 0) for n in range(3))
    assert said in Deployment((step,), houses).sentence


def test_adoption_tells_what_stopped_and_ranks_nobody(client, creche, coordinator, sector, time_machine):
    second = EstablishmentFactory(sector=sector, name="Crèche Ancienne")
    time_machine.move_to(datetime.datetime(2025, 11, 3, 9, tzinfo=datetime.UTC))
    ActionFactory(establishment=second).start(by=coordinator)
    time_machine.move_to(datetime.datetime(2026, 3, 16, 9, tzinfo=datetime.UTC))
    ActionFactory(establishment=creche).start(by=coordinator)
    time_machine.move_to(datetime.datetime(2026, 3, 17, 9, tzinfo=datetime.UTC))
    uses = adoption_of(coordinator, TODAY)
    assert [use.establishment for use in uses] == [second, creche], "by name, not by silence"
    assert [use.stopped for use in uses] == [["Actions"], []]
    client.force_login(coordinator)
    text = client.get("/projets/adoption/").content.decode()
    main = text[text.index("<main") : text.index("</main>")]
    assert "interrompu" in main
    assert coordinator.last_name not in main
    assert len({kind for kind, _, _ in SUBJECTS}) == len(SUBJECTS)


def test_adoption_is_counted_by_territory_for_who_reads_aggregates_alone(
    client, creche, far_creche, next_creche, central, coordinator, time_machine
):
    time_machine.move_to(datetime.datetime(2025, 11, 3, 9, tzinfo=datetime.UTC))
    ActionFactory(establishment=creche).start(by=coordinator)
    time_machine.move_to(datetime.datetime(2026, 3, 17, 9, tzinfo=datetime.UTC))
    client.force_login(central)
    page = client.get("/projets/adoption/")
    text = page.content.decode()
    main = text[text.index("<main") : text.index("</main>")]
    counted = {str(one.territory): (one.houses, dict(one.stopped)["Actions"]) for one in page.context["places"]}
    assert counted["Pôle 20e"] == (2, 1)
    assert counted["Pôle 19e"] == (1, 0)
    assert counted["CASPE 20"] == (3, 1)
    assert creche.name not in main
    client.force_login(coordinator)
    page = client.get("/projets/adoption/")
    assert [one.houses for one in page.context["places"]] == [1]
    assert [use.establishment for use in page.context["uses"]] == [creche]


@pytest.mark.parametrize("what", ["transversaux", "locales", "partenaires", "evenements", "stages", "adoption"])
def test_lists_ask_the_same_queries_for_1_and_300_rows(
    client, pole, pole_head, sector, creche, django_assert_max_num_queries, what
):
    def rows(count):
        for model, facts in [
            (TransversalProject, {"title": "Projet", "territory": pole, **YEAR}),
            (LocalAction, {"title": "Action", "territory": pole, **YEAR}),
            (NetworkEvent, {"title": "Semaine", "territory": pole, **YEAR}),
            (TraineePlace, {"diploma": "EJE", "establishment": creche, **YEAR}),
        ]:
            model.objects.bulk_create(model(created_by=pole_head, **facts) for _ in range(count))
        known = Partner.objects.count()
        Partner.objects.bulk_create(
            Partner(territory=pole, name=f"Partenaire {known + n}", search_name="p") for n in range(count)
        )

    rows(1)
    client.force_login(pole_head)
    with django_assert_max_num_queries(12) as few:
        client.get(f"/projets/{what}/")
    rows(299)
    EstablishmentFactory.create_batch(5, sector=sector)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(f"/projets/{what}/")
