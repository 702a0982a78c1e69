"""Two organisations of one house: sections and hours, against a count of each minute, and the page that explains."""

import datetime
import random
from fractions import Fraction
from math import ceil

import pytest
from django.urls import reverse

from staffing.coverage import ChildrenPresence, HouseDay, StaffPresence
from staffing.organisations import Organisation, explained, outcome_of
from tests.staffing.factories import expect, worker

D = datetime.date
MONDAY = D(2026, 4, 13)


def house_day(children, staff):
    """Forty places, open from 8 h to 18 h, everybody of category 1° and able to direct."""
    groups = [ChildrenPresence(*one) for one in children]
    presences = [StaffPresence(*one, 1, True, True) for one in staff]
    return HouseDay((480, 1080), groups, presences, "five_eight_summed", 40, "creche_collective", MONDAY)


def shared(children, sections):
    return [children // sections + (rank < children % sections) for rank in range(sections)]


def by_minutes(day, organisation, babies):
    """Required and lost minutes, half-hours broken, by looking at each minute."""
    start, end = organisation.opening or day.opening
    required, broken = 0, set()
    for minute in range(start, end):
        here = [c for c in day.children if c.start <= minute < c.end]
        first, second = sum(c.non_walkers for c in here), sum(c.walkers for c in here)
        one = organisation.joined and (minute < start + 60 or minute >= end - 60)
        if one or organisation.sections == 1:
            groups = [(first, second)]
        elif organisation.by_age:
            rest = shared(second, organisation.sections - babies)
            groups = [(n, 0) for n in shared(first, babies)] + [(0, n) for n in rest]
        else:
            rest = shared(second, organisation.sections)[::-1]
            groups = zip(shared(first, organisation.sections), rest, strict=True)
        need = sum(ceil(Fraction(a, 5) + Fraction(b, 8)) for a, b in groups)
        need = max(need, 2) if first + second else 0
        there = sum(p.start <= minute < p.end for p in day.presences)
        required += need
        if there < need or not there:
            broken.add(minute // 30)
    lost = sum(c.child_minutes for c in day.children) - sum(
        c.non_walkers + c.walkers for c in day.children for minute in range(c.start, c.end) if start <= minute < end
    )
    return Fraction(required, 60), len(broken), Fraction(lost, 60)


@pytest.mark.parametrize("seed", range(40))
def test_any_organisation_is_what_counting_each_minute_gives(seed):
    rng = random.Random(seed)

    def interval():
        start = rng.randrange(480, 1000)
        return start, start + rng.randrange(20, 400)

    children = [(*interval(), rng.randrange(8), 1 + rng.randrange(8)) for _ in range(5)]
    day = house_day(children, [interval() for _ in range(8)])
    opening = rng.choice([None, (510, 1020), (450, 1110)])
    sections = rng.randint(1, 4)
    organisation = Organisation(sections, rng.random() < 0.5, opening, rng.random() < 0.5)
    found = outcome_of({MONDAY: day}, organisation)
    minutes = [(c.non_walkers * (c.end - c.start), c.child_minutes) for c in day.children]
    share = Fraction(sum(a for a, _ in minutes), sum(b for _, b in minutes))
    babies = max(1, min(sections - 1, round(share * sections)))
    assert (found.required, found.broken, found.lost) == by_minutes(day, organisation, babies)


def test_sections_by_age_ask_more_than_one_house_together():
    """Nine who do not walk and seventeen who do: 4 together, 2 + 3 by age (golden vector 3, both readings)."""
    day = house_day([(480, 1080, 9, 17)], [(480, 1080)] * 4)
    together, by_age = (outcome_of({MONDAY: day}, Organisation(n, by_age=True, joined=False)) for n in (1, 2))
    assert (together.required, together.broken, together.spare) == (40, 0, 0)
    assert (by_age.required, by_age.broken, by_age.spare) == (50, 20, -1)
    assert (together.held, by_age.held) == (26, 25)
    assert (together.offered, together.lost) == (400, 0)


def test_a_shorter_opening_offers_fewer_places_and_says_whom_it_loses():
    day = house_day([(480, 1080, 0, 8)], [(480, 1080)] * 2)
    whole, short = (outcome_of({MONDAY: day}, Organisation(opening=opening)) for opening in (None, (540, 1080)))
    assert (whole.offered, short.offered, short.lost, short.welcomed) == (400, 360, 8, 72)
    lines = explained(whole, short)
    assert len(lines) == 5
    assert lines[4] == (
        "Familles\u00a0: aucune heure d’enfant attendu hors de l’ouverture avec A, 8\u00a0h d’enfants attendus avec B."
    )


@pytest.mark.parametrize("wrong", [{"sections": 0}, {"opening": (600, 600)}, {"opening": (700, 600)}])
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"section|opening"):
        Organisation(**wrong)


def test_without_any_child_nothing_is_required_and_nothing_divided():
    found = outcome_of({MONDAY: house_day([], [(480, 1080)])}, Organisation(3))
    assert (found.required, found.spare, found.held, found.posts) == (0, 0, None, 0)
    assert outcome_of({}, Organisation()).posts == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestPage:
    @pytest.fixture
    def url(self, creche):
        return reverse("staffing:organisations", args=[creche.pk])

    def test_the_page_compares_at_once_and_explains_in_five_lines(self, client, coordinator, creche, url):
        expect(creche, 9, 17)
        for _ in range(4):
            worker(creche)
        client.force_login(coordinator)
        page = client.get(url)
        found = page.context_data["found"]
        assert len(found.lines) == 5
        assert (found.first.broken, found.second.broken > 0) == (0, True)
        text = page.content.decode()
        assert all(line.split("\u202f")[0][:30] in text for line in found.lines)

    def test_what_is_typed_is_judged_and_what_makes_no_sense_is_said(self, client, director, creche, url):
        expect(creche, 0, 16)
        worker(creche)
        client.force_login(director)
        sent = {"du": "2026-04-13", "semaines": 1, "a_sections": 1, "a_mode": "melees"}
        sent |= {"b_sections": 2, "b_mode": "ages"}
        page = client.get(url, sent | {"b_de": "09:00", "b_a": "17:00"})
        found = page.context_data["found"]
        assert (found.first.days, found.second.offered) == (5, 8 * 5 * 40)
        for wrong in ({"b_de": "09:00"}, {"b_de": "17:00", "b_a": "09:00"}, {"a_sections": 0}, {"du": "2020-01-01"}):
            page = client.get(url, sent | wrong)
            assert page.context_data["found"] is None
            assert "rien n’est calculé" in page.content.decode()

    def test_a_house_without_hours_has_no_day_to_judge(self, client, coordinator, creche, url):
        creche.opening_hours.all().delete()
        client.force_login(coordinator)
        assert "Aucun jour à juger" in client.get(url).content.decode()

    def test_the_team_page_leads_to_it(self, client, coordinator, creche, url):
        client.force_login(coordinator)
        assert url in client.get(reverse("staffing:establishment_team", args=[creche.pk])).content.decode()
