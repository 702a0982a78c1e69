"""The funnel: pure noise flags one house in twenty at most, planted outliers are found, small numbers are silent."""

import random
from fractions import Fraction

import pytest

from indicators.comparison import LEAST_BASE, Point, funnel
from indicators.similar import Profile, is_similar, similar_to
from tests.factories import EstablishmentFactory
from tests.indicators.factories import ActivityFactory

DRAWS = 1_000
SHIFT = 0.18  # of the rate: what a planted outlier is away, fixed before the detector was tried


def group(chance, count, planted=None):
    """Houses of one rate: 3 points of habit, and a chance that shrinks with the size; `planted` is far away."""
    points = []
    for key in range(count):
        base = chance.choice([1_200, 2_500, 5_000, 8_000, 14_000])
        rate = chance.gauss(0.72, 0.02) + chance.gauss(0, 0.02 * (5_000 / base) ** 0.5)
        if key == planted:
            rate += chance.choice([-SHIFT, SHIFT])
        points.append(Point(key, f"Crèche {key}", Fraction(round(base * rate)), Fraction(base)))
    return points


def test_pure_noise_flags_one_house_in_twenty_at_most_over_a_thousand_draws():
    chance, flagged, groups, houses = random.Random(20_260), 0, 0, 0
    for _ in range(DRAWS):
        found = funnel(group(chance, count := chance.randrange(8, 31)))
        flagged += len(found.outliers)
        groups += bool(found.outliers)
        houses += count
    print(f"\nbruit pur\u00a0: {flagged / houses:.2%} des maisons, {groups / DRAWS:.1%} des groupes signalés")  # noqa: T201
    assert flagged / houses <= 0.05


def test_planted_outliers_are_found_nine_times_in_ten():
    chance, hits = random.Random(20_261), 0
    for _ in range(DRAWS):
        count = chance.randrange(8, 31)
        planted = chance.randrange(count)
        points = group(chance, count, planted)
        points[planted] = Point(planted, "loin", points[planted].rate * 5_000, Fraction(5_000))
        hits += planted in [point.key for point in funnel(points).outliers]
    print(f"\néloignées retrouvées\u00a0: {hits / DRAWS:.1%}")  # noqa: T201
    assert hits / DRAWS >= 0.9


def test_small_numbers_are_suppressed_and_named():
    points = [Point(n, f"Crèche {n}", Fraction(700), Fraction(1_000)) for n in range(6)]
    tiny = Point(9, "Minuscule", Fraction(1), Fraction(LEAST_BASE - 1))
    found = funnel([*points, tiny])
    assert found.suppressed == ("Minuscule",)
    assert tiny not in found.points
    assert funnel(points[:4]) is None


def test_limits_widen_as_the_base_shrinks():
    found = funnel(group(random.Random(1), 20))
    small, large = (found.bounds(base) for base in (1_000, 15_000))
    assert small[0] < large[0] < float(found.centre) < large[1] < small[1]


def test_the_centre_is_summed_then_divided():
    points = [Point(n, "", Fraction(700), Fraction(1_000)) for n in range(5)]
    found = funnel([*points, Point(9, "", Fraction(7_000), Fraction(10_000))])
    assert found.centre == Fraction(7, 10)
    assert found.outliers == []


@pytest.mark.parametrize(
    ("other", "similar"),
    [
        (Profile(2, "creche_collective", 60, 3_300), True),
        (Profile(2, "creche_familiale", 60, 3_300), False),
        (Profile(2, "creche_collective", 120, 3_300), False),
        (Profile(2, "creche_collective", 60, 1_500), False),
        (Profile(2, "creche_collective", None, 3_300), False),
        (Profile(1, "creche_collective", 60, 3_300), False),
    ],
)
def test_similar_is_of_the_same_kind_of_near_size_and_hours(other, similar):
    assert is_similar(Profile(1, "creche_collective", 55, 3_300), other) is similar


def test_the_nearest_in_size_come_first():
    one = Profile(1, "creche_collective", 40, 3_300)
    others = [Profile(n, "creche_collective", places, 3_300) for n, places in ((2, 60), (3, 41), (4, 30))]
    assert [other.key for other in similar_to(one, others, 2)] == [3, 4]


@pytest.mark.django_db
class TestPage:
    URL = "/indicateurs/comparaison/"

    @staticmethod
    def add(sector, count, start=0):
        for rank in range(start, start + count):
            house = EstablishmentFactory(name=f"Crèche {rank:02d}", sector=sector)
            ActivityFactory(establishment=house, validated=True, actual_hours=9_400 + 30 * (rank % 8))

    def test_a_house_far_from_its_like_is_flagged_and_the_others_are_not(
        self, client, today, coordinator, sector, creche
    ):
        self.add(sector, 11)
        ActivityFactory(establishment=creche, validated=True, actual_hours=5_000, billed_hours=5_200)
        client.force_login(coordinator)
        page = client.get(self.URL, {"mois": "2026-02", "etablissement": creche.pk})
        lines = {line.name: line.verdict for line in page.context_data["table"].records}
        assert lines.pop(creche.name) == "nettement au-dessous"
        assert set(lines.values()) == {"dans ce que le hasard explique"}
        text = page.content.decode()
        assert "entonnoir" in text
        assert "nettement au-dessous de ses semblables" in text

    def test_houses_out_of_the_perimeter_count_and_are_not_named(self, client, today, director, sector, creche):
        self.add(sector, 8)
        ActivityFactory(establishment=creche, validated=True)
        client.force_login(director)
        text = client.get(self.URL, {"mois": "2026-02"}).content.decode()
        assert "Crèche 03" not in text
        assert "hors de mon périmètre" in text
        assert "n = 9 " in text.replace("\u00a0", " ")

    def test_too_few_houses_compare_nothing(self, client, today, coordinator, sector):
        self.add(sector, 3)
        client.force_login(coordinator)
        text = client.get(self.URL).content.decode()
        assert "trop peu de données pour comparer" in text
        assert "entonnoir" not in text

    def test_the_same_queries_for_6_and_30_houses(
        self, client, today, coordinator, sector, django_assert_max_num_queries
    ):
        self.add(sector, 6)
        client.force_login(coordinator)
        with django_assert_max_num_queries(12) as few:
            client.get(self.URL)
        self.add(sector, 24, start=6)
        with django_assert_max_num_queries(len(few.captured_queries)):
            client.get(self.URL)
