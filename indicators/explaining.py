"""A rate opened down to its rows (functions S-060): what was added, what was left out, who entered and validated it.

The address says everything: the rate, the months, the perimeter, and the month whose tree of territories is meant.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from core.calendar import iter_months, month_end
from core.french import NBSP, capitalise, counted, hours, month_name, percent, sentence_list
from establishments.models import Capability, Establishment
from establishments.vocabulary import words

from .exclusions import Exclusion, exclusions
from .explained import EXCLUDED, FIELDS, TEXTS
from .models import MonthlyActivity
from .overview import as_percent, coverage, living
from .rates import NO_ACTIVITY, RATE_DEFINITIONS, Activity, RateDefinition

Status = MonthlyActivity.Status
DEFINITIONS = {definition.name: definition for definition in RATE_DEFINITIONS}
NAMED = 12  # months or houses without data told by name, beyond which they are counted


@dataclass(frozen=True)
class Row:
    """One month of one house; a draft is listed and not counted."""

    house: str
    month: date
    url: str
    numerator: Decimal
    denominator: Decimal
    rate: Fraction | None
    state: str
    counted: bool
    entered_by: str
    validated_by: str
    validated_at: datetime | None

    def get_absolute_url(self) -> str:
        return self.url

    @property
    def percentage(self) -> Decimal | None:
        return as_percent(self.rate)

    @property
    def counts(self) -> str:
        return "oui" if self.counted else "non, en saisie"


@dataclass(frozen=True)
class Explanation:
    """Everything the page that explains a rate shows."""

    definition: RateDefinition
    since: date
    month: date
    subject: str
    rows: tuple[Row, ...]
    activity: Activity
    excluded: tuple[Exclusion, ...]
    coverage: str
    missing: tuple[str, ...]

    @property
    def rate(self) -> Fraction | None:
        return self.definition.of(self.activity)

    @property
    def period(self) -> str:
        if self.since == self.month:
            return month_name(self.month)
        return f"{month_name(self.since)} – {month_name(self.month)}"

    @property
    def title(self) -> str:
        return f"{capitalise(self.definition.label)}, {self.subject}, {self.period}"

    @property
    def operation(self) -> str:
        """ "9 630 h ÷ 13 200 h = 73,0 %"."""
        top, bottom = (hours(getattr(self.activity, FIELDS[name])) for name in quantities(self.definition))
        return f"{top} ÷ {bottom} = {percent(self.rate, 2)}"

    @property
    def facts(self) -> list[tuple[str, str]]:
        top, bottom = quantities(self.definition)
        told = [
            ("Formule", f"{self.definition.label} = {top} ÷ {bottom}"),
            ("Calcul", self.operation),
            ("Numérateur", f"{hours(getattr(self.activity, FIELDS[top]))}{NBSP}: {top}"),
            ("Dénominateur", f"{hours(getattr(self.activity, FIELDS[bottom]))}{NBSP}: {bottom}"),
            ("Exclus du dénominateur", EXCLUDED[bottom]),
            ("Texte", TEXTS[bottom]),
            ("Couverture des données", self.coverage),
        ]
        return [*told, ("Sans donnée", self.missing_words)] if self.missing else told

    @property
    def missing_words(self) -> str:
        if len(self.missing) <= NAMED:
            return sentence_list(self.missing)
        return sentence_list([*self.missing[:NAMED], counted(len(self.missing) - NAMED, "autre")])


def quantities(definition: RateDefinition) -> tuple[str, str]:
    return definition.numerator, definition.denominator


def houses_of(user, month: date, tree: date, *, establishment=None, territory=None):
    """The houses whose hours are added: those of the perimeter in the tree of a month, alive in `month`.

    A house closed since still made the hours of its time: the tree says where it is counted, not whether.
    """
    houses = Establishment.objects.visible_to(user, Capability.VIEW_AGGREGATES)
    if establishment is not None:
        return houses.filter(pk=establishment.pk)
    if territory is not None:
        houses = houses.within(territory, month_end(tree))
    return living(houses, month)


def explain(user, definition, since, month, *, tree=None, establishment=None, territory=None) -> Explanation:
    """The explanation of a rate over the months `since`–`month`. Five queries, whatever the number of houses."""
    found = houses_of(user, month, tree or month, establishment=establishment, territory=territory)
    houses = {house.pk: house for house in found.only("pk", "name", "opened_on", "closed_on").order_by("name", "pk")}
    stored = MonthlyActivity.objects.filter(establishment__in=list(houses)).between(since, month)
    stored = stored.select_related("entered_by", "validated_by").order_by(
        "establishment__name", "establishment", "month"
    )
    rows = [(activity, _row(houses[activity.establishment_id], activity, definition)) for activity in stored]
    adding = [activity for activity, row in rows if row.counted]
    expected = _expected(houses.values(), since, month)
    reported = {(activity.establishment_id, activity.month) for activity in adding}
    leaves = {FIELDS[name] for name in quantities(definition)}
    return Explanation(
        definition=definition,
        since=since,
        month=month,
        subject=_subject(establishment, territory),
        rows=tuple(row for _, row in rows),
        activity=sum((activity.activity for activity in adding), NO_ACTIVITY),
        excluded=tuple(one for one in exclusions(list(houses), since, month_end(month)) if leaves & one.leaves),
        coverage=_coverage(adding, len(expected), since == month),
        missing=tuple(_named(houses, missing, since == month) for missing in expected if missing not in reported),
    )


def _row(house, activity, definition):
    top, bottom = quantities(definition)
    return Row(
        house=house.name,
        month=activity.month,
        url=activity.get_absolute_url(),
        numerator=getattr(activity, FIELDS[top]),
        denominator=getattr(activity, FIELDS[bottom]),
        rate=definition.of(activity.activity),
        state=activity.get_status_display(),
        counted=activity.status != Status.DRAFT,
        entered_by=str(activity.entered_by) if activity.entered_by else "import",
        validated_by=str(activity.validated_by) if activity.validated_by else "",
        validated_at=activity.validated_at,
    )


def _expected(houses, since, month):
    """(house, month) pairs that should be known: each month of the life of each house."""
    return [
        (house.pk, each)
        for house in houses
        for each in iter_months(since, month)
        if house.opened_on <= month_end(each) and (house.closed_on is None or house.closed_on > each)
    ]


def _named(houses, missing, is_one_month):
    house, month = missing
    return houses[house].name if is_one_month else f"{houses[house].name} ({month_name(month)})"


def _subject(establishment, territory):
    return str(establishment or territory or "tout mon périmètre")


def _coverage(adding, expected, is_one_month):
    waiting = sum(row.status == Status.SUBMITTED for row in adding)
    if is_one_month:
        return coverage(len(adding), expected, waiting)
    marked = f", dont {waiting} non validés" if waiting > 1 else ", dont 1 non validé" if waiting else ""
    return f"{len(adding)} mois {words()['establishment'].de_plural} sur {expected}{marked}"
