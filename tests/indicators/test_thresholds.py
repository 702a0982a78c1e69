"""A rate under its threshold proposes the action that its weakest lever calls for."""

from fractions import Fraction

import pytest
from django.urls import reverse

from indicators.rates import Activity
from indicators.thresholds import shortfalls, tone_of
from tests.indicators.factories import ActivityFactory


@pytest.mark.parametrize(
    ("rate", "kind", "tone"),
    [
        (Fraction(70, 100), "", "good"),
        (Fraction(69, 100), "", "watch"),
        (Fraction(59, 100), "", "alert"),
        (Fraction(56, 100), "creche_familiale", "good"),
        (None, "", "neutral"),
    ],
)
def test_levels_by_default_are_those_of_the_domain(rate, kind, tone):
    assert tone_of("attendance_rate", rate, kind) == tone


def test_each_shortfall_proposes_the_action_of_its_lever():
    found = shortfalls(Activity(1_000, 700, 650, 600, 640), "creche_collective")
    assert [(one.rate, one.tone, one.action) for one in found] == [
        ("attendance_rate", "watch", "Rouvrir les places fermées"),
        ("opening_rate", "alert", "Rouvrir les places fermées"),
    ]
    assert shortfalls(Activity(1_000, 950, 900, 800, 860), "creche_collective") == []


def test_a_target_replaces_the_level_by_default():
    activity = Activity(1_000, 950, 900, 800, 860)
    (found,) = shortfalls(activity, "creche_collective", {"attendance_rate": Fraction(85, 100)})
    assert "sous le seuil de 85,0" in found.sentence


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_one_click_opens_the_action_filled_in(client, coordinator, assistant, creche):
    ActivityFactory(establishment=creche, validated=True, open_hours=9_000, contracted_hours=8_000, actual_hours=7_000)
    url = reverse("indicators:establishment_activity", args=[creche.pk])
    client.force_login(coordinator)
    page = client.get(url)
    # Attendance is low for want of open places: one lever under two thresholds is one action, with both reasons.
    ((action, why, draft),) = page.context_data["shortfalls"]
    assert action == "Rouvrir les places fermées"
    assert ("Taux de fréquentation" in why, "Taux d’ouverture" in why) == (True, True)
    assert "Préparer l’action" in page.content.decode()
    form = client.get(draft).context_data["form"]
    assert form.initial["establishment"] == str(creche.pk)
    assert (form.initial["title"], form.initial["origin_kind"]) == (action, "indicator")
    assert form.initial["origin_label"].startswith("taux de fréquentation et taux d’ouverture, douze mois")
    client.force_login(assistant)
    assert "Préparer l’action" not in client.get(url).content.decode()
