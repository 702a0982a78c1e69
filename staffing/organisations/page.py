"""Two organisations of a house over some weeks: what is asked, read in the address, and what each gives."""

from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError

from core.calendar import iter_days, minutes_of
from core.french import hours, number
from core.inputs import DayInput, HourInput
from indicators.capacity import opening_of

from ..day_book import open_book
from .compare import Organisation, Outcome, explained, outcome_of

AHEAD = timedelta(days=366)
BY_AGE = "ages"
MODES = [("melees", "multi-âges"), (BY_AGE, "par âge")]
NAMES = {"a": "A", "b": "B"}


class OrganisationForm(forms.Form):
    """Everything has a value to start from: the house in one section against two by age, over four weeks."""

    du = forms.DateField(label="À partir du", widget=DayInput())
    semaines = forms.IntegerField(label="Semaines jugées", min_value=1, max_value=8)

    def __init__(self, data=None, *, today: date):
        self.today = today
        self.usual = {"du": today + timedelta(days=7 - today.weekday()), "semaines": 4}
        for key in NAMES:
            self.usual |= {f"{key}_sections": 1 if key == "a" else 2, f"{key}_mode": BY_AGE, f"{key}_reunies": True}
        super().__init__(data, initial=self.usual)
        for key, name in NAMES.items():
            self.fields |= _fields(key, name)

    def clean_du(self):
        if not self.today <= self.cleaned_data["du"] <= self.today + AHEAD:
            raise ValidationError("Choisissez un jour à venir, d’un an au plus.")
        return self.cleaned_data["du"]

    def clean(self):
        given = super().clean()
        for key in NAMES:
            start, end = given.get(f"{key}_de"), given.get(f"{key}_a")
            if (start is None) != (end is None):
                self.add_error(f"{key}_a", "Donnez les deux heures, ou aucune.")
            elif start and start >= end:
                self.add_error(f"{key}_a", "L’heure de fin précède l’heure de début.")
        return given

    @property
    def asked(self):
        """What is asked, the usual comparison while nothing is; None when what was typed makes no sense."""
        if not self.is_bound:
            return self.usual
        return self.cleaned_data if self.is_valid() else None

    @property
    def parts(self):
        """(title, fields) of the form, in order."""
        yield "Période", [self["du"], self["semaines"]]
        for key, name in NAMES.items():
            yield f"Organisation {name}", [self[field] for field in self.fields if field.startswith(f"{key}_")]


def _fields(key, name):
    """The fields of one organisation; each label names it, for whoever hears the form."""
    usual = "Vide\u00a0: l’ouverture de chaque jour."
    return {
        f"{key}_sections": forms.IntegerField(label=f"Sections ({name})", min_value=1, max_value=12),
        f"{key}_mode": forms.ChoiceField(label=f"Composition ({name})", choices=MODES),
        f"{key}_reunies": forms.BooleanField(
            label=f"Réunies la première et la dernière heure ({name})", required=False
        ),
        f"{key}_de": forms.TimeField(label=f"Ouverture ({name})", required=False, widget=HourInput()),
        f"{key}_a": forms.TimeField(label=f"Fermeture ({name})", required=False, widget=HourInput(), help_text=usual),
    }


def organisation_of(asked, key) -> Organisation:
    start, end = asked.get(f"{key}_de"), asked.get(f"{key}_a")
    return Organisation(
        sections=asked[f"{key}_sections"],
        by_age=asked[f"{key}_mode"] == BY_AGE,
        opening=(minutes_of(start), minutes_of(end)) if start and end else None,
        joined=bool(asked[f"{key}_reunies"]),
    )


@dataclass(frozen=True)
class Comparison:
    """Two outcomes on the same days, the five lines that explain them, and a table."""

    first: Outcome
    second: Outcome
    lines: tuple[str, ...]
    rows: tuple[tuple[str, str, str], ...]
    source: str
    starts_on: date
    ends_on: date
    known: bool


def comparison_of(house: int, asked, today: date) -> Comparison | None:
    """None when the house has no day to judge. Three queries."""
    start = asked["du"]
    end = start + timedelta(days=7 * asked["semaines"] - 1)
    book = open_book([house], start, end, today)
    facts = book.houses[house]
    given = {day: found for day in iter_days(start, end) if (found := book.house_day(house, day)) is not None}
    # A day that a closure cuts short says nothing of an organisation.
    days = {day: found for day, found in given.items() if found.opening == _usual(facts, day)}
    if not days:
        return None
    first, second = (outcome_of(days, organisation_of(asked, key)) for key in NAMES)
    return Comparison(
        first=first,
        second=second,
        lines=tuple(explained(first, second)),
        rows=tuple(_rows(first, second)),
        source=facts.expectation.source_text(facts.expectation.source_on(min(days))),
        starts_on=min(days),
        ends_on=max(days),
        known=any(book.has_hours(house, day) for day in days),
    )


def _usual(facts, day):
    found = opening_of(facts.terms, day)
    return (found.start, found.end) if found else None


def _rows(first: Outcome, second: Outcome):
    """(what, with A, with B)."""
    told = [
        ("Demi-heures en défaut", lambda one: number(one.broken)),
        ("Professionnels au plus juste, au-delà de l’exigé", lambda one: number(one.spare)),
        ("Heures exigées par semaine", lambda one: hours(one.weekly(one.required))),
        ("Heures présentes par semaine", lambda one: hours(one.weekly(one.present))),
        ("Postes exigés auprès des enfants (ETP)", lambda one: number(one.posts, 2)),
        ("Heures de places par semaine", lambda one: hours(one.weekly(one.offered))),
        ("Enfants tenus au plus fort du jour, avec les présents", lambda one: number(one.held)),
        ("Heures d’accueil par semaine, tous enfants", lambda one: hours(one.weekly(one.welcomed))),
        ("Heures d’enfants hors de l’ouverture, par semaine", lambda one: hours(one.weekly(one.lost))),
    ]
    return [(label, say(first), say(second)) for label, say in told]
