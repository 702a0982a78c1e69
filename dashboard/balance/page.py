"""The page of a month: whose, which, what it says; the same for the person and for her head."""

from dataclasses import dataclass

from django.http import Http404

from core import sources
from core.calendar import add_months, month_end, month_start
from core.french import month_name
from core.models import User
from core.sources import Quoted, Source
from establishments.models import Capability, Mandate, Role, Territory

from ..moments import moment_of
from ..telling.lines import LineView, SectionView
from ..telling.terms import terms
from .facts import PREFIX, READINGS, Month
from .sentences import SECTIONS, sentences

MONTHS_SHOWN = 24


@dataclass(frozen=True)
class Balance:
    person: User
    month: Month
    sections: tuple[SectionView, ...]

    @property
    def title(self) -> str:
        return month_name(self.month.first)

    @property
    def value(self) -> str:
        return f"{self.month.first:%Y-%m}"


def balance_of(person, month) -> Balance:
    """Eight subjects, a fixed number of queries."""
    asked = {subject: Source(PREFIX + subject, month.key) for subject in READINGS}
    facts = sources.read(asked.values())
    made = sentences({subject: facts[source] for subject, source in asked.items()}, terms())
    lines = [(one.section, _line(one, asked)) for one in made]
    return Balance(
        person,
        month,
        tuple(
            SectionView(key, title, tuple(view for section, view in lines if section == key))
            for key, title in SECTIONS.items()
        ),
    )


def _line(sentence, asked):
    quoted = []
    for subject in sentence.subjects:
        source = asked[subject]
        kind = sources.kind_of(source.subject)
        quoted.append(Quoted(source, kind.label(source.key), kind.url(source.key), has_moved=False))
    return LineView(sentence.key, sentence.text, sentence.text, tuple(quoted), False, False, False, False, "")


def readable_person(user, pk) -> User:
    """The person herself, or one whose mandate lies under a territory that `user` heads. Http404 otherwise."""
    if pk == user.pk:
        return user
    person = User.objects.filter(pk__in=followed_by(user).values("user"), pk=pk).first()
    if person is None:
        raise Http404
    return person


def followed_by(user):
    """The mandates of the coordinators, of today or before, in the territories that `user` heads."""
    headed = Territory.objects.visible_to(user, Capability.READ_BALANCE).order_by().values("pk")
    return Mandate.objects.filter(role=Role.COORDINATOR, territory__in=headed).order_by()


def team_of(user):
    """Those whose month `user` reads beside her own, by name. One query."""
    held = followed_by(user).filter(user__is_active=True)
    return list(User.objects.filter(pk__in=held.values("user")).exclude(pk=user.pk).order_by("last_name", "pk"))


def month_asked(query, person, today) -> Month:
    """`?mois=2026-02`; the last month that is over without it, or when it is to come or cannot be read."""
    chosen = moment_of(query, today).chosen or add_months(month_start(today), -1)
    return Month(person.pk, chosen, month_end(chosen))


def months_to_choose(today):
    """(value, label) of the two last years, the month under way included."""
    months = [add_months(month_start(today), -back) for back in range(MONTHS_SHOWN)]
    return [(f"{month:%Y-%m}", month_name(month)) for month in months]
