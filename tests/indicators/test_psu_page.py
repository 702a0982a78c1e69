"""The page of the PSU of a house: what is computable is, what is not says why; nothing is invented."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from establishments.models import Authorisation, Closure
from indicators.models import PsuTariff
from indicators.psu_attention import above_threshold
from indicators.psu_words import notices, stats
from indicators.psu_year import psu_year
from tests.factories import EstablishmentFactory
from tests.indicators.factories import FEBRUARY, ActivityFactory
from tests.pdf_reading import extract_text, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "barème")]
D = datetime.date
LAST = D(2026, 2, 1)


@pytest.fixture(name="barème")
def tariffs(db):
    """A barème of 2026 whose price at 120 % is fictional; 2025 as published, without it; nothing for 2024."""
    PsuTariff.objects.all().delete()
    for year, lowest in ((2025, None), (2026, Decimal("8.85"))):
        PsuTariff.objects.create(
            starts_on=D(year, 1, 1),
            ends_on=D(year, 12, 31),
            p107=Decimal("10.05"),
            p120=lowest,
            hourly=Decimal("6.63"),
            source="essai",
        )


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def shown(client, user, house, **query):
    client.force_login(user)
    return plain(client.get(reverse("indicators:establishment_psu", args=[house.pk]), query).content.decode())


def told(found):
    return [plain(sentence) for _, sentence in notices(found)]


def values(found):
    return {plain(each["label"]): plain(each["value"]) for each in stats(found)}


def test_the_year_sums_the_hours_and_divides_once(creche):
    ActivityFactory(establishment=creche, month=D(2026, 1, 1), validated=True, actual_hours=1_000, billed_hours=1_000)
    ActivityFactory(establishment=creche, month=FEBRUARY, validated=True, actual_hours=3_000, billed_hours=3_400)
    found = psu_year(creche, 2026, LAST)
    assert [line.billing for line in found.lines] == [Decimal("100.00"), Decimal("113.33"), Decimal("110.00")]
    assert [line.price for line in found.lines] == [Decimal("10.0500"), Decimal("9.4654"), Decimal("9.7731")]
    assert found.total.most == Decimal("28381.08")
    assert plain(found.total.state) == "2 mois sur 2"
    assert found.lost == Decimal("804.12")
    assert told(found)[0] == (
        "120 h facturées au-delà de 107 % des heures réalisées, soit au plus 804 € de moins. "
        "Levier : des contrats plus proches des présences."
    )


def test_a_missing_price_leaves_the_estimate_empty_and_says_why(client, coordinator, creche):
    for year in (2024, 2025, 2026):
        ActivityFactory(establishment=creche, month=D(year, 2, 1), validated=True)
    text = shown(client, coordinator, creche, annee="2025")
    assert "108,89" in text
    assert "Valeur du barème inconnue : le prix plafond à partir de 120 %." in text
    assert psu_year(creche, 2025, LAST).total.most is None
    assert "Valeur du barème inconnue : aucun barème pour 2024." in shown(client, coordinator, creche, annee="2024")
    assert "inconnue" not in shown(client, coordinator, creche, annee="2026")


def test_below_107_the_price_is_known_even_when_the_lowest_is_not(creche):
    ActivityFactory(
        establishment=creche, month=D(2025, 3, 1), validated=True, actual_hours=103_000, billed_hours=110_000
    )
    found = psu_year(creche, 2025, LAST)
    assert (found.total.price, found.total.why) == (Decimal("10.0500"), "")
    assert told(found) == ["Le seuil de 107 % est à 0,20 point."]
    assert found.total.band_label == "plein, seuil proche"


@pytest.mark.parametrize(
    ("actual", "billed", "expected"),
    [
        (10_486, 9_630, "Février 2026 : moins d’heures facturées que d’heures réalisées (91,8 %)"),
        (9_630, 0, "Février 2026 : 9 630 h réalisées et aucune heure facturée"),
        (0, 10_486, "Février 2026 : 10 486 h facturées et aucune heure réalisée"),
        (5_000, 10_486, "l’écart est trop grand pour des absences"),
    ],
)
def test_hours_in_the_wrong_box_stand_before_the_table(client, coordinator, creche, actual, billed, expected):
    ActivityFactory(establishment=creche, submitted=True, actual_hours=actual, billed_hours=billed)
    before = shown(client, coordinator, creche).partition('id="liste"')[0]
    assert expected in before


def test_drafts_count_nowhere_and_submitted_months_are_hatched(client, coordinator, creche):
    ActivityFactory(establishment=creche, month=D(2026, 1, 1))
    ActivityFactory(establishment=creche, month=FEBRUARY, submitted=True)
    found = psu_year(creche, 2026, LAST)
    assert found.total.activity.actual_hours == 9_630
    assert plain(found.total.state) == "1 mois sur 2, dont 1 non validé"
    assert shown(client, coordinator, creche).count('<span class="sub">non validé</span>') == 1


def test_the_year_is_projected_with_the_months_of_the_year_before(creche):
    for number in range(1, 13):
        ActivityFactory(
            establishment=creche,
            month=D(2025, number, 1),
            validated=True,
            actual_hours=1_000,
            billed_hours=1_075,
        )
    ActivityFactory(establishment=creche, month=D(2026, 1, 1), validated=True, actual_hours=1_000, billed_hours=1_000)
    found = psu_year(creche, 2026, LAST)
    assert values(found)["Projection à fin décembre"] == "106,88 %"
    found = psu_year(creche, 2025, LAST)
    assert values(found)["Projection à fin décembre"] == "107,50 %"
    assert values(psu_year(creche, 2024, LAST))["Projection à fin décembre"] == "—"


def test_a_projection_above_107_warns_before_the_year_does(creche):
    for number in range(1, 13):
        ActivityFactory(
            establishment=creche, month=D(2025, number, 1), validated=True, actual_hours=1_000, billed_hours=1_100
        )
    ActivityFactory(establishment=creche, month=D(2026, 1, 1), validated=True, actual_hours=1_000, billed_hours=1_000)
    assert "L’année finirait à 109,17 %, au-dessus de 107 %." in told(psu_year(creche, 2026, LAST))


def test_pedagogical_days_are_paid_three_a_year_at_most(creche):
    def days():
        found = psu_year(creche, 2026, LAST)
        return found.pedagogical, found.pedagogical_amount

    assert days() == (0, Decimal("0.00"))
    Closure.objects.create(establishment=creche, cause="works", starts_on=D(2026, 2, 2), ends_on=D(2026, 2, 2))
    Closure.objects.create(establishment=creche, cause="pedagogical", starts_on=D(2026, 3, 5), ends_on=D(2026, 3, 6))
    assert days() == (2, Decimal("5304.00"))
    Closure.objects.create(establishment=creche, cause="pedagogical", starts_on=D(2026, 6, 1), ends_on=D(2026, 6, 2))
    assert days() == (4, Decimal("7956.00"))


def test_a_pedagogical_day_is_paid_on_the_places_of_that_day(creche):
    """What changes on a day changes no figure before it, and a weekend inside the closure is no day."""
    Closure.objects.create(establishment=creche, cause="pedagogical", starts_on=D(2026, 3, 13), ends_on=D(2026, 3, 16))
    before = psu_year(creche, 2026, LAST)
    assert (before.pedagogical, before.pedagogical_amount) == (2, Decimal("5304.00"))  # Friday and Monday, 40 places
    Authorisation.objects.update(ends_on=D(2026, 6, 30))
    Authorisation.objects.create(establishment=creche, places=10, starts_on=D(2026, 7, 1))
    assert psu_year(creche, 2026, D(2026, 12, 1)).pedagogical_amount == Decimal("5304.00")
    Closure.objects.create(establishment=creche, cause="pedagogical", starts_on=D(2026, 9, 7), ends_on=D(2026, 9, 7))
    assert psu_year(creche, 2026, D(2026, 12, 1)).pedagogical_amount == Decimal("5967.00")


def test_the_files_hold_the_months_then_the_year(client, coordinator, creche):
    ActivityFactory(establishment=creche, validated=True)
    client.force_login(coordinator)
    url = reverse("indicators:establishment_psu", args=[creche.pk])
    rows = b"".join(client.get(url, {"export": "csv"})).decode("utf-8-sig").splitlines()
    assert [row.split(";")[0] for row in rows] == ["Mois", "Janvier 2026", "Février 2026", "Année 2026"]
    assert "108,89" in rows[2]
    assert "9,8756" in rows[2]
    paper = words_of(extract_text(client.get(url, {"export": "pdf"}).content))
    assert "PSU 2026" in paper
    assert "108,89" in paper


def test_a_year_that_is_not_offered_gives_the_last_one(client, coordinator, creche):
    for asked in ("1999", "abc", "2027", ""):
        assert "PSU 2026" in shown(client, coordinator, creche, annee=asked)


def test_a_house_that_has_just_opened_has_an_empty_page(client, coordinator, creche):
    creche.opened_on = D(2026, 3, 2)
    creche.save()
    assert "Aucun mois" in shown(client, coordinator, creche)


def test_the_tab_of_the_activity_leads_to_the_page(client, coordinator, creche):
    client.force_login(coordinator)
    body = client.get(reverse("indicators:establishment_activity", args=[creche.pk])).content.decode()
    assert reverse("indicators:establishment_psu", args=[creche.pk]) in body


def test_the_page_asks_the_same_queries_for_1_and_24_months(
    client, coordinator, creche, django_assert_max_num_queries
):
    ActivityFactory(establishment=creche, validated=True)
    client.force_login(coordinator)
    url = reverse("indicators:establishment_psu", args=[creche.pk])
    with django_assert_max_num_queries(12) as few:
        client.get(url)
    for number in range(1, 13):
        ActivityFactory(establishment=creche, month=D(2025, number, 1), validated=True)
    ActivityFactory(establishment=creche, month=D(2026, 1, 1), validated=True)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(url)


def test_validated_billing_above_107_is_brought_to_who_validates(coordinator, director, creche, sector, next_creche):
    def items(user):
        return list(above_threshold(user, D(2026, 3, 9)))

    ActivityFactory(establishment=creche, submitted=True)
    ActivityFactory(establishment=next_creche, validated=True)
    assert items(coordinator) == []
    ActivityFactory(establishment=creche, month=D(2026, 1, 1), validated=True)
    ActivityFactory(establishment=creche, month=D(2025, 12, 1), validated=True, billed_hours=20_000)
    (item,) = items(coordinator)
    assert plain(item.title) == "Facturation 2026 au-dessus de 107 %"
    assert plain(item.reason) == "1 établissement : Crèche Les Lilas"
    assert items(director) == []
    worst = EstablishmentFactory(name="Crèche Rampal", sector=sector)
    ActivityFactory(establishment=worst, validated=True, billed_hours=11_000)
    at_107 = EstablishmentFactory(sector=sector)
    ActivityFactory(establishment=at_107, validated=True, actual_hours=100, billed_hours=107)
    empty = EstablishmentFactory(sector=sector)
    ActivityFactory(establishment=empty, validated=True, actual_hours=0, billed_hours=0)
    (item,) = items(coordinator)
    assert plain(item.reason) == "2 établissements : Crèche Rampal et Crèche Les Lilas"
    assert item.url == f"{reverse('indicators:establishment_psu', args=[worst.pk])}?annee=2026"
