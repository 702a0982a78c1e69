"""What falls due in many houses: duties, renewal windows of authorisations, five-year evaluations (S-039).

Four queries, whatever the number of houses; each line says the same as the register of its house.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import django_filters
from django.urls import reverse
from django.utils.html import format_html

from core.french import capitalise, counted
from core.tables import ListColumn, ListTable

from .door import PerimeterFilterSet
from .due_dates import AHEAD_DAYS, Due, expiry_of, obligation_due, renewal_due
from .filters import TerritoryFilter
from .models import Authorisation, Capability, Establishment, Obligation
from .vocabulary import titled, words

RENEWAL = "authorisation"
HORIZONS = [(30, "30 jours"), (AHEAD_DAYS, "90 jours"), (180, "six mois"), (365, "un an")]
STATES = [("late", "en retard"), ("ahead", "à venir"), ("never", "jamais fait")]
LATE = {"expired", "late"}
BADGE = '<span class="badge tone-{}">{}</span>'


@dataclass(frozen=True)
class Line:
    """One thing that falls due in one house."""

    house: str
    url: str
    sort: str
    label: str
    due: Due
    due_on: date | None
    done_on: date | None = None
    evidence: bool = False

    @property
    def state(self) -> str:
        if self.due.code == "never":
            return "never"
        return "late" if self.due.code in LATE else "ahead"

    def get_absolute_url(self):
        return self.url


def expiring(houses, today, days=AHEAD_DAYS, sort="", state="") -> list[Line]:
    """Expired, or to do again within `days`; what was never done only when it is asked for. The earliest first."""
    names = dict(houses.order_by().values_list("pk", "name"))
    found = [*_duties(names, today, days, never=state == "never"), *_renewals(names, today, days)]
    kept = [line for line in found if (not sort or line.sort == sort) and (not state or line.state == state)]
    return sorted(kept, key=lambda line: (line.due_on or date.max, line.house, line.label))


def _duties(names, today, days, *, never):
    known = set()
    rows = Obligation.objects.filter(establishment__in=names).order_by("pk")
    for house, kind, done, expires, evidence in rows.values_list(
        "establishment", "kind", "done_on", "expires_on", "evidence"
    ):
        expires = expiry_of(kind, done, expires)
        if done or expires:
            known.add((house, kind))
        if expires and expires <= today + timedelta(days=days):
            due = obligation_due(done, expires, today)
            yield _duty(names, house, kind, due, expires, done, evidence is not None)
    if never:
        for house in names:
            for kind in Obligation.Kind.values:
                if (house, kind) not in known:
                    yield _duty(names, house, kind, obligation_due(None, None, today), None)


def _duty(names, house, kind, due, due_on, done_on=None, evidence=False):
    url = reverse("establishments:obligations", args=[house])
    return Line(names[house], url, kind, capitalise(Obligation.Kind(kind).label), due, due_on, done_on, evidence)


def _renewals(names, today, days):
    """Authorisations in their window, past it, or whose window opens within `days` (CSP L. 2324-1-1)."""
    rows = Authorisation.objects.active_on(today).filter(establishment__in=names, expires_on__isnull=False)
    for house, expires, issued in rows.order_by("pk").values_list("establishment", "expires_on", "issued_on"):
        due = renewal_due(expires, today)
        if due.is_pressing or (due.due_on and due.due_on <= today + timedelta(days=days)):
            url = reverse("establishments:authorisation", args=[house])
            label = f"{words()['authorisation'].cap}, renouvellement"
            yield Line(names[house], url, RENEWAL, label, due, due.due_on, issued)


def summary(lines) -> str:
    late = sum(line.state == "late" for line in lines)
    ahead = sum(line.state == "ahead" for line in lines)
    return f"{counted(late, 'échéance passée', 'échéances passées')}, {counted(ahead, 'à venir', 'à venir')}."


class ExpiringFilter(PerimeterFilterSet):
    """Which houses; the other fields narrow the lines, not the houses."""

    capability = Capability.VIEW

    territory = TerritoryFilter()
    establishment = django_filters.ModelChoiceFilter(
        label=titled("{establishment}"), queryset=Establishment.objects.all(), method="only"
    )
    sort = django_filters.ChoiceFilter(
        label="Échéance",
        method="kept",
        choices=[(RENEWAL, titled("{authorisation}, renouvellement")), *Obligation.Kind.choices],
    )
    within = django_filters.TypedChoiceFilter(label="Dans les", method="kept", choices=HORIZONS, coerce=int)
    state = django_filters.ChoiceFilter(label="État", method="kept", choices=STATES)

    class Meta:
        model = Establishment
        fields = ["territory", "establishment", "sort", "within", "state"]

    def only(self, houses, name, house):
        return houses.filter(pk=house.pk)

    def kept(self, houses, name, value):
        return houses

    def lines(self, today) -> list[Line]:
        said = self.form.cleaned_data if self.form.is_valid() else {}
        return expiring(
            self.qs, today, said.get("within") or AHEAD_DAYS, said.get("sort") or "", said.get("state") or ""
        )


class ExpiringTable(ListTable):
    noun, noun_plural = "échéance", "échéances"
    empty_title = "Rien n’expire"
    empty_text = "Aucune obligation, aucune autorisation n’arrive à échéance dans ce délai."

    label = ListColumn(verbose_name="Échéance", header=True)
    house = ListColumn(verbose_name=titled("{establishment}"))
    due_on = ListColumn(verbose_name="À faire avant le")
    state = ListColumn(verbose_name="État", orderable=False)
    done_on = ListColumn(verbose_name="Fait le")
    evidence = ListColumn(verbose_name="Justificatif", orderable=False)

    def value_state(self, line):
        return line.due.text

    def cell_state(self, line):
        return format_html(BADGE, line.due.tone, line.due.text)

    def value_evidence(self, line):
        return "déposé" if line.evidence else "—"


def expiring_table(rows, request=None):
    return ExpiringTable(rows, request=request)
