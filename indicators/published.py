"""The definition that a collectivité publishes, printed beside its numbers (domain, 4.6)."""

from django.db.models import Sum

from core.calendar import month_end
from core.french import NBSP, capitalise, full_date, percent
from establishments.models import Authorisation

from .formulas import DEFAULTS, FORMULAS, UNIT_WORDS, Counts, published_rate
from .models import MonthlyActivity, PublishedFormula


def definitions(territory, month, houses, activity):
    """Sentences: each rate of the territory as it is defined on the last day of the month, with its value.

    Three queries at most: the definitions, the children and the places of the houses that reported (by their ids).
    """
    chosen = PublishedFormula.objects.over_territory(territory, month_end(month))
    counts = (
        _counts(houses, month) if any(FORMULAS[row.formula].unit != "hours" for row in chosen.values()) else Counts()
    )
    return [_sentence(name, chosen.get(name), activity, counts) for name in DEFAULTS]


def _counts(houses, month):
    """Children and places of the same houses: those that published the month and whose places are known."""
    rows = MonthlyActivity.objects.filter(establishment__in=houses).of_month(month).published()
    known = Authorisation.objects.active_on(month_end(month)).filter(
        establishment__in=rows.order_by().values("establishment")
    )
    places = known.aggregate(n=Sum("places"))["n"]
    children = rows.filter(establishment__in=known.order_by().values("establishment"))
    return Counts(children=children.aggregate(n=Sum("children_enrolled"))["n"], places=places)


def _sentence(name, row, activity, counts):
    formula = FORMULAS[row.formula] if row else DEFAULTS[name]
    label = capitalise(PublishedFormula.Indicator(name).label)
    since = f", définition publiée depuis le {full_date(row.starts_on)} ({row.source})" if row else ""
    value = published_rate(formula, activity, counts)
    if value is None and formula.unit == "days":
        why = "Les journées-enfants ne sont pas saisies."
        return f"{label} {UNIT_WORDS[formula.unit]}{NBSP}: {formula.told}{since}. {why}"
    return f"{label}{NBSP}: {percent(value)}, {formula.told}{since}."
