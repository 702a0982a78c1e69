"""Arbitrations: what each option does is computed by the engines of the rooms, the decision is complete and frozen."""

import datetime
import uuid
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from establishments.models import CapacityChange, Establishment
from establishments.workflow import TransitionRefused
from indicators.models import PsuTariff
from indicators.places import frozen_lines
from indicators.whatif import effects_of
from projects.attention import attention
from projects.impacts import impact_of
from projects.models import Arbitration, ArbitrationOption
from tests.factories import TODAY, EstablishmentFactory
from tests.indicators.factories import ActivityFactory
from tests.pdf_reading import extract_text
from tests.projects.meeting_factories import MeetingFactory, SeriesFactory
from tests.staffing.factories import PostingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = datetime.timedelta(days=1)
WEEK = {"starts_on": datetime.date(2026, 3, 23), "ends_on": datetime.date(2026, 3, 27)}
MARCH = datetime.date(2026, 3, 1)


@pytest.fixture
def sheet(sector, creche, pole_head):
    made = Arbitration(territory=sector, title="Que faire de la section ?", decide_before=TODAY + 9 * DAY)
    return made.prepare(by=pole_head)


def option_of(sheet, by, houses, **given):
    facts = {"title": "Fermer la section", "places": -10, **WEEK, **given}
    return ArbitrationOption(arbitration=sheet, **facts).keep(houses, by=by)


@pytest.fixture
def options(sheet, pole_head, creche):
    return [
        option_of(sheet, pole_head, [creche]),
        option_of(sheet, pole_head, [creche], title="Tout fermer", places=0, closes_houses=True),
    ]


def opened(house):
    """Minutes that one place is open over the week, and the places of the house."""
    found = effects_of([house.pk], WEEK["starts_on"], WEEK["ends_on"], places=-1)[house.pk]
    return -found.hours


def test_hours_are_those_of_the_places_withdrawn(sheet, pole_head, creche):
    one = opened(creche)
    assert one > 0
    found = impact_of(option_of(sheet, pole_head, [creche]))
    assert (found.places, Decimal(found.hours)) == (-10, -10 * one)
    more = impact_of(option_of(sheet, pole_head, [creche], title="Ajouter", places=4))
    assert (more.places, Decimal(more.hours)) == (4, 4 * one)


def test_a_full_closure_withdraws_every_place(options, creche):
    places = creche.authorisations.get().places
    found = impact_of(options[1])
    assert (found.places, Decimal(found.hours)) == (-places, -places * opened(creche))


def test_places_withdrawn_beyond_those_open_lose_no_more_than_all(sheet, pole_head, creche):
    places = creche.authorisations.get().places
    found = impact_of(option_of(sheet, pole_head, [creche], places=-places - 50))
    assert Decimal(found.hours) == -places * opened(creche)


def test_an_option_costs_what_the_same_freeze_would_cost(sheet, pole_head, creche):
    """The sheet says before what « places gelées » says after: one arithmetic, two readings."""
    stamp = datetime.datetime(2026, 3, 10, 9, tzinfo=datetime.UTC)
    validated = {"status": "validated", "validated_by": pole_head, "validated_at": stamp}
    ActivityFactory(establishment=creche, **validated)
    assert PsuTariff.objects.between(MARCH, MARCH).exists() or PsuTariff.objects.create(
        starts_on=datetime.date(2026, 1, 1), rule="linear", hourly=Decimal("6.90")
    )
    month = {"starts_on": MARCH, "ends_on": datetime.date(2026, 3, 31)}
    before = effects_of([creche.pk], *month.values(), places=-6)[creche.pk]
    CapacityChange.objects.create(establishment=creche, places=6, reason="works", **month)
    (after,) = frozen_lines(pole_head, MARCH)
    assert (-before.hours, before.funding and -before.funding) == (after.hours, after.funding)
    assert before.children == -after.children
    assert isinstance(before.children, Fraction)


def test_without_activity_no_euro_is_invented(options):
    found = impact_of(options[0])
    assert (found.funding, found.unknown) == ("", 1)
    assert dict(found.rows)["PSU, ordre de grandeur"] == "—"


def test_professionals_are_those_of_the_ratio(sheet, pole_head, creche):
    PostingFactory(establishment=creche)
    creche.authorisations.update(ratio_rule="one_six")
    exact = impact_of(option_of(sheet, pole_head, [creche], places=-12))
    assert (exact.staff_low, exact.staff_high, exact.agents) == (-2, -2, 1)
    creche.authorisations.update(ratio_rule="five_eight_summed")
    between = impact_of(option_of(sheet, pole_head, [creche], title="Autre", places=-40))
    assert (between.staff_low, between.staff_high) == (-8, -5)


def test_a_decision_keeps_what_was_known_and_nothing_moves_after(sheet, options, pole_head, creche):
    sheet.propose(by=pole_head)
    sheet.decide(options[0], by=pole_head, reason="Deux départs non remplacés", decided_in="CODIR")
    known = sheet.facts[str(options[0].pk)]
    creche.authorisations.update(places=200)
    sheet.refresh_from_db()
    assert sheet.facts[str(options[0].pk)] == known
    assert (sheet.status, sheet.chosen, sheet.decided_by) == ("decided", options[0], pole_head)
    for table in ("projects_arbitration", "projects_arbitrationoption"):
        for statement in (f"UPDATE {table} SET title = 'autre'", f"DELETE FROM {table}"):  # noqa: S608
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
    with pytest.raises(TransitionRefused, match="ne se modifie plus"):
        option_of(sheet, pole_head, [creche], title="Trop tard")


def test_two_clicks_give_one_decision(sheet, options, pole_head, division_head):
    sheet.propose(by=pole_head)
    again = Arbitration.objects.get()
    sheet.decide(options[0], by=pole_head, reason="Raison")
    with pytest.raises(TransitionRefused, match="Déjà traité"):
        again.decide(options[1], by=division_head, reason="Autre")
    assert Arbitration.objects.get().chosen == options[0]


def test_a_decision_needs_two_options_a_reason_and_its_own_option(sheet, pole_head, creche, sector):
    first = option_of(sheet, pole_head, [creche])
    with pytest.raises(TransitionRefused, match="deux options"):
        sheet.propose(by=pole_head)
    option_of(sheet, pole_head, [creche], title="Autre")
    sheet.propose(by=pole_head)
    with pytest.raises(TransitionRefused, match="pourquoi"):
        sheet.decide(first, by=pole_head, reason=" ")
    foreign = Arbitration(territory=sector, title="Autre fiche", decide_before=TODAY).prepare(by=pole_head)
    with pytest.raises(TransitionRefused, match="plus sur la fiche"):
        sheet.decide(option_of(foreign, pole_head, []), by=pole_head, reason="Raison")
    with pytest.raises(IntegrityError), transaction.atomic():
        Arbitration.objects.filter(pk=sheet.pk).update(status="decided")


def test_what_waits_is_offered_to_who_decides(sheet, options, pole_head, coordinator):
    sheet.propose(by=pole_head)
    key = f"arbitration-{sheet.pk}"
    assert key in {item.key for item in attention(pole_head, TODAY)}
    assert key not in {item.key for item in attention(coordinator, TODAY)}


def test_an_option_reaches_the_houses_of_its_territory_only(client, sheet, pole_head, creche, next_creche):
    sent = {"title": "Ailleurs", "places": -3, "starts_on": "2026-03-23", "ends_on": "2026-03-27"}
    sent |= {"houses": [next_creche.pk], "client_uuid": str(uuid.uuid4())}
    client.force_login(pole_head)
    page = client.post(f"{sheet.get_absolute_url()}option/", sent)
    assert "houses" in page.context["form"].errors


def test_the_same_form_twice_is_one_option(client, sheet, pole_head, creche):
    sent = {"title": "Fermer", "places": -3, "starts_on": "2026-03-23", "ends_on": "2026-03-27"}
    sent |= {"houses": [creche.pk], "client_uuid": str(uuid.uuid4())}
    client.force_login(pole_head)
    for _ in range(2):
        assert client.post(f"{sheet.get_absolute_url()}option/", sent).status_code == 302
    assert ArbitrationOption.objects.count() == 1


def test_the_paper_puts_the_options_side_by_side(client, sheet, options, pole_head):
    sheet.propose(by=pole_head)
    sheet.decide(options[0], by=pole_head, reason="Deux départs")
    client.force_login(pole_head)
    text = extract_text(client.get(f"{sheet.get_absolute_url()}fiche.pdf").content)
    assert "Fermer la section (retenue)" in " ".join(text.split())
    assert "Deux départs" in text


def test_the_list_asks_the_same_queries_for_1_and_30_rows(
    client, sheet, pole_head, sector, django_assert_max_num_queries
):
    client.force_login(pole_head)
    with django_assert_max_num_queries(12) as few:
        assert client.get("/projets/arbitrages/").status_code == 200
    rows = (Arbitration(territory=sector, title="X", decide_before=TODAY, created_by=pole_head) for _ in range(29))
    Arbitration.objects.bulk_create(rows)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/projets/arbitrages/")


def test_more_houses_ask_no_more_queries(sheet, pole_head, creche, sector, django_assert_max_num_queries):
    option = option_of(sheet, pole_head, [creche])
    with django_assert_max_num_queries(14) as few:
        impact_of(option)
    option.houses.add(*EstablishmentFactory.create_batch(5, sector=sector))
    with django_assert_max_num_queries(len(few.captured_queries)):
        impact_of(option)
    assert Establishment.objects.count() == 6


def test_a_date_without_tariff_takes_the_last_one_known(sheet, pole_head, creche):
    stamp = datetime.datetime(2026, 3, 10, 9, tzinfo=datetime.UTC)
    validated = {"status": "validated", "validated_by": pole_head, "validated_at": stamp}
    ActivityFactory(establishment=creche, **validated)
    last = PsuTariff.objects.order_by("starts_on").last()
    PsuTariff.objects.filter(pk=last.pk).update(ends_on=datetime.date(2026, 12, 31), hourly=Decimal("7.10"))
    days = datetime.date(2027, 1, 4), datetime.date(2027, 1, 8)
    assert not PsuTariff.objects.between(*days).exists()
    assert effects_of([creche.pk], *days, places=-6)[creche.pk].funding < 0


def test_the_sheet_and_the_meeting_that_decided_lead_to_each_other(
    client, options, sheet, pole_head, sector, far_sector
):
    series = SeriesFactory(territory=sector, title="Comité du secteur")
    held = MeetingFactory(series=series, held_on=TODAY - 3 * DAY, status="held")
    elsewhere = MeetingFactory(series=SeriesFactory(territory=far_sector), held_on=TODAY - 3 * DAY, status="held")
    coming = MeetingFactory(series=series, held_on=TODAY + DAY)
    sheet.propose(by=pole_head)
    client.force_login(pole_head)
    url = f"/projets/arbitrages/{sheet.pk}/"
    given = {"option": options[0].pk, "reason": "Deux postes vacants"}
    for wrong in (elsewhere, coming):
        assert client.post(f"{url}rendre/", given | {"meeting": wrong.pk}).status_code == 200
    assert client.post(f"{url}rendre/", given | {"meeting": held.pk}).status_code == 302
    assert f'href="{held.get_absolute_url()}"' in client.get(url).content.decode()
    assert f'href="{url}"' in client.get(held.get_absolute_url()).content.decode()
    assert "Comité du secteur" in extract_text(client.get(f"{url}fiche.pdf").content)
