"""A rule changed once, with its date: what it touches is known before, nothing moves before its day."""

import datetime
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import Notification
from establishments import rule_changes
from establishments.compliance import requirements
from establishments.models import JournalEntry, RuleChange, RuleNotice
from establishments.regulation import (
    RULES,
    category,
    overcapacity_limit,
    quotas,
    required_staff,
    rule,
    rules_on,
)
from establishments.rule_impact import impact
from establishments.rule_values import CHANGEABLE, changed, leaves, number_of
from establishments.workflow import TransitionRefused
from staffing.coverage.requirements import requirement, version_of
from tests.factories import EstablishmentFactory
from tests.visits.access_rules import DAY, change
from visits.attention import attention
from visits.watch.page import articles_of, cited_in, lines_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

EVE = DAY - datetime.timedelta(days=1)
COLLECTIVE = "creche_collective"
RATIO = {
    "rule_id": "RATIO-5-8",
    "title": "Encadrement",
    "article": "CSP R. 2324-46-4",
    "numbers": {"children_per_adult.0": "4"},
}


@pytest.fixture(autouse=True)
def forgotten():
    rule_changes.forget()
    yield
    rule_changes.forget()


@pytest.fixture
def made(request, creche, director):
    found = change(request)
    rule_changes.refresh()
    return found


def measures(day):
    """Everything that the engines say of a day, over houses of all sizes and kinds."""
    found = []
    for kind in (COLLECTIVE, "jardin_enfants", "creche_familiale"):
        for places in (10, 12, 13, 24, 25, 40, 60, 85):
            found += [category(kind, places, day), quotas(kind, places, day), overcapacity_limit(places, day)]
            found += [str(line) for line in requirements(kind, places, day)]
            found.append(required_staff(9, 17, rule="five_eight_summed", places=places, kind=kind, on=day))
            asked = requirement(9, 17, "five_eight_summed", places, places, kind, version_of(day))
            found.append(asked)
    return found


CHANGES = [
    {},
    RATIO,
    {"rule_id": "SURNOMBRE-INSTANT", "numbers": {"percent": "110"}},
    {"rule_id": "CAT-COLLECTIVE", "numbers": {"bounds.grande.1": "79", "bounds.tres_grande.0": "80"}},
    {"rule_id": "EJE-ETP", "numbers": {"extra.fte.per_places": "10"}},
]


@pytest.mark.parametrize("more", CHANGES)
def test_before_its_day_a_change_moves_no_figure_and_from_it_on_it_does(request, creche, more):
    days = [datetime.date(2022, 1, 1), datetime.date(2026, 3, 17), EVE]
    before, on = [measures(day) for day in days], measures(DAY)
    change(request, **more)
    rule_changes.refresh()
    assert [measures(day) for day in days] == before
    assert measures(DAY) != on
    assert measures(DAY + datetime.timedelta(days=400)) != on


def test_the_new_value_is_exactly_what_was_recorded(made):
    assert quotas(COLLECTIVE, 60, EVE).deputy_fte == Decimal("0.75")
    assert quotas(COLLECTIVE, 60, DAY).deputy_fte == Decimal(1)
    assert quotas(COLLECTIVE, 60, DAY).direction_fte == quotas(COLLECTIVE, 60, EVE).direction_fte
    assert rule("DIRECTION-ETP", DAY).article == "CSP R. 2324-46-1"
    assert [one.starts_on for one in rules_on(DAY) if one.id == "DIRECTION-ETP"] == [DAY]


def test_a_later_text_of_the_catalogue_wins_over_an_earlier_change(made):
    """The decree of 1 September 2026 is already in the catalogue: a change of July lasts until then."""
    assert quotas(COLLECTIVE, 12, datetime.date(2026, 9, 1)).direction_fte == Decimal("0.50")
    assert quotas(COLLECTIVE, 60, datetime.date(2026, 9, 1)).deputy_fte == Decimal("0.75")


def test_two_changes_of_one_rule_follow_each_other(request, made):
    later = datetime.date(2026, 8, 1)
    change(request, starts_on=later, numbers={"deputy.grande": "0.50"})
    rule_changes.refresh()
    assert quotas(COLLECTIVE, 40, DAY).deputy_fte == 0
    assert quotas(COLLECTIVE, 40, later).deputy_fte == Decimal("0.50")
    assert quotas(COLLECTIVE, 60, later).deputy_fte == 1, "the first change still holds"


def test_what_it_touches_is_known_before_it_applies(made, creche):
    small = EstablishmentFactory(name="Petite")
    small.authorisations.update(places=20)
    creche.authorisations.update(places=60)
    found = {one.house.pk: one.sentence for one in impact(made)}
    assert found[creche.pk] == "Direction adjointe\u00a0: 0,75\u00a0ETP → 1\u00a0ETP"
    assert small.pk not in found


def test_the_impact_of_a_change_does_not_depend_on_its_being_recorded_yet(request, made, creche):
    creche.authorisations.update(places=60)
    recorded = [(one.house.pk, one.sentence) for one in impact(made)]
    rule_changes.forget()
    assert [(one.house.pk, one.sentence) for one in impact(made)] == recorded


def test_grids_frameworks_and_review_points_that_cite_the_article_are_listed(request, creche):
    from visits.frameworks.loading import SHIPPED, import_framework
    from visits.grid_files import load_grid

    for path in SHIPPED:
        import_framework(path.read_bytes())
    grid = load_grid().grid
    grid.items.filter(reference="charte 9").update(reference="charte 9, R. 2324-46-4")
    cited = dict(cited_in(change(request, **RATIO)))
    named = "Taux d’encadrement (Réglementation de l’accueil du jeune enfant (version 1))"
    assert named in cited["Points des référentiels"]
    assert len(cited["Points des grilles"]) == 1
    assert cited["Points de l’analyse de fonctionnement"] == ["Encadrement constaté en visite"]
    assert articles_of(RuleChange(article="CSP R. 2324-35, R. 2324-46-1")) == ["R. 2324-35", "R. 2324-46-1"]


# --- recorded, acknowledged, cancelled


def test_directors_of_the_houses_touched_are_told_once_and_asked_until_they_acknowledge(
    client, request, creche, director, far_director
):
    creche.authorisations.update(places=60)
    found = change(request)
    assert Notification.objects.filter(user=director, title="Une règle change").count() == 1
    assert not Notification.objects.filter(user=far_director).exists()
    asked = [item for item in attention(director, datetime.date(2026, 3, 17)) if "règle" in item.title]
    assert len(asked) == 1
    client.force_login(director)
    page = client.get(found.get_absolute_url()).content.decode()
    assert "Prendre en compte" in page
    url = reverse("visits:rule_acknowledge", args=[found.pk, creche.pk])
    for _ in range(2):
        assert client.post(url).status_code == 302
    notice = RuleNotice.objects.get(establishment=creche)
    assert notice.acknowledged_by == director
    assert JournalEntry.objects.filter(verb="règle prise en compte").count() == 1
    assert not [item for item in attention(director, datetime.date(2026, 3, 17)) if "règle" in item.title]
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleNotice.objects.filter(pk=notice.pk).update(acknowledged_by=far_director)


def test_who_has_not_acknowledged_is_seen_by_the_pole(made, creche, pole_head, neighbour, director):
    creche.authorisations.update(places=60)
    assert [(line.establishment, line.acknowledged_by) for line in lines_of(made, pole_head)] == [(creche, "")]
    assert creche not in [line.establishment for line in lines_of(made, neighbour)]
    made.acknowledge(creche, by=director)
    assert lines_of(made, pole_head)[0].acknowledged_by == str(director)


def test_a_change_is_cancelled_before_its_day_and_nothing_it_announced_happens(client, made, central):
    client.force_login(central)
    url = reverse("visits:rule_cancel", args=[made.pk])
    client.post(url, {"reason": ""})
    made.refresh_from_db()
    assert made.status == "recorded"
    client.post(url, {"reason": "Texte retiré."})
    made.refresh_from_db()
    assert (made.status, made.reason) == ("cancelled", "Texte retiré.")
    rule_changes.refresh()
    assert quotas(COLLECTIVE, 60, DAY).deputy_fte == Decimal("0.75")
    with pytest.raises(TransitionRefused, match="annulé"):
        made.acknowledge(EstablishmentFactory(), by=central)


def test_the_past_is_never_recorded_nor_cancelled(request, made, central):
    with pytest.raises(TransitionRefused, match="date d’effet"):
        change(request, starts_on=datetime.date(2026, 3, 17))
    later = time_machine.travel(datetime.datetime(2026, 7, 1, 8, tzinfo=datetime.UTC), tick=False)
    with later, pytest.raises(TransitionRefused, match="date d’effet"):
        made.cancel(by=central, reason="Trop tard.")
    cancelled = {"status": "cancelled", "cancelled_by": central, "cancelled_on": DAY, "reason": "Trop tard."}
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleChange.objects.filter(pk=made.pk).update(**cancelled)


@pytest.mark.parametrize(
    "values", [{"starts_on": DAY + datetime.timedelta(days=1)}, {"numbers": {"percent": "10"}}, {"rule_id": "RATIO-6"}]
)
def test_what_was_recorded_does_not_change_in_the_database(made, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleChange.objects.filter(pk=made.pk).update(**values)


def test_the_form_records_only_the_numbers_that_change_and_only_once(client, central, creche):
    client.force_login(central)
    url = reverse("visits:rule_create", args=["SURNOMBRE-INSTANT"])
    data = {"client_uuid": uuid.uuid4(), "starts_on": DAY, "article": "CSP R. 2324-27", "statement": "110 %."}
    for wrong in ("115", "cent dix", "-1", "110,5"):
        assert client.post(url, data | {"valeur-0": wrong}).status_code == 200
    assert client.post(url, data | {"valeur-0": "110", "starts_on": "2026-03-17"}).status_code == 200
    assert not RuleChange.objects.exists()
    for _ in range(2):
        assert client.post(url, data | {"valeur-0": "110"}).status_code == 302
    assert RuleChange.objects.get().numbers == {"percent": "110"}
    assert client.get(reverse("visits:rule_create", args=["CONGES-31"])).status_code == 404


def test_every_changeable_rule_is_taken_apart_and_put_together_again():
    for each in RULES:
        if each.id in CHANGEABLE:
            value = dict(each.value)
            numbers = dict(leaves(value))
            assert numbers
            assert changed(value, {path: str(number) for path, number in numbers.items()}) == value
    assert number_of("0,75", Decimal(1)) == Decimal("0.75")
    assert number_of("1,5", 1) is None


# --- pages


def test_the_list_and_the_page_are_exported(client, made, creche, pole_head):
    client.force_login(pole_head)
    creche.authorisations.update(places=60)
    for url in (reverse("visits:rule_changes"), made.get_absolute_url()):
        text = b"".join(client.get(url, {"export": "csv"})).decode("utf-8-sig")
        assert len(text.splitlines()) == 2
        assert client.get(url, {"export": "pdf"}).content.startswith(b"%PDF")


def test_the_page_costs_the_same_queries_with_1_and_30_houses(client, made, creche, central, sector):
    client.force_login(central)
    creche.authorisations.update(places=60)
    counts = []
    for more in (0, 29):
        for _ in range(more):
            house = EstablishmentFactory()
            house.attachments.update(territory=sector)
            house.authorisations.update(places=60)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(made.get_absolute_url()).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
