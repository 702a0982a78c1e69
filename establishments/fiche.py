"""The facts of a house on a day: one frozen object for the page « Synthèse », for its PDF and for their tests.

Nine queries whatever the house. Everything is valid on `day`. A past day tells nothing that it did not have yet: no
end that came after it, no next date (obligations keep their last state only).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q

from core.calendar import add_months
from core.compiled import rows_once
from core.french import capitalise, full_date, period, time_range
from core.periods import active_on

from .asof import told_end
from .contacts import Contact, whom_to_call
from .due_dates import AHEAD_DAYS, obligation_due, renewal_due
from .models import (
    Authorisation,
    AuthorisationSlot,
    Capability,
    CapacityChange,
    Closure,
    Directorship,
    Kind,
    Obligation,
    OpeningHours,
    PastIdentity,
    Territory,
)
from .models.authorisations import WEEKDAYS
from .regulation import category, category_label, overcapacity_limit

NEXT_CLOSURES = 5
INTERIM_DAYS = 30
RECENT_MONTHS = 24


@dataclass(frozen=True)
class Capacity:
    """Places of a day: authorised (None when unknown), frozen, and what the ratio and the surnombre allow."""

    places: int | None = None
    frozen: int = 0
    freezes: tuple[str, ...] = ()
    limit: int | None = None
    ratio_rule: str = ""
    is_modulated: bool = False

    @property
    def open_places(self) -> int | None:
        return None if self.places is None else max(self.places - self.frozen, 0)


@dataclass(frozen=True)
class NextDate:
    on: date | None
    label: str
    text: str
    tone: str


@dataclass(frozen=True)
class Fiche:
    """One house, one day: what it is, where, how many places, who to call, what comes next."""

    day: date
    name: str
    kind: str
    organisation: str
    category: str
    management: str
    operator: str
    address: str
    phone: str
    email: str
    siret: str
    state: str
    is_open: bool
    territories: tuple[str, ...]
    capacity: Capacity
    hours: tuple[tuple[str, str], ...]
    contacts: tuple[Contact, ...]
    next_dates: tuple[NextDate, ...]
    kind_code: str = ""

    @property
    def direction(self) -> str:
        """Who directs that day: a name, with « intérim » when it is one; « vacante » when nobody does."""
        first = next(contact for contact in self.contacts if contact.function == Directorship.Position.DIRECTOR)
        if first.is_vacant:
            return "vacante"
        if first.is_interim:
            return f"{first.name} (intérim)"
        recent = ", direction récente" if is_recent(first.since, self.day) else ""
        return f"{first.name}, depuis le {full_date(first.since)}{recent}"

    @property
    def sector(self) -> str:
        return self.territories[-1] if self.territories else "non rattaché"


def fiche_of(establishment, day, *, today) -> Fiche:
    identity = next(iter(_past_identities(establishment, day)), establishment)
    authorisation = next(iter(_authorisations(establishment, day)), None)
    places = authorisation.places if authorisation else None
    address = ", ".join(filter(None, [identity.street, f"{identity.postcode} {identity.city}".strip()]))
    return Fiche(
        day=day,
        name=identity.name,
        kind=identity.get_kind_display(),
        kind_code=identity.kind,
        organisation=identity.get_organisation_display(),
        category=category_label(identity.kind, category(identity.kind, places, day)),
        management=identity.get_management_mode_display(),
        operator=identity.operator,
        address=address,
        phone=establishment.phone,
        email=establishment.email,
        siret=establishment.siret,
        state=state_on(establishment, day, today),
        is_open=establishment.is_open_on(day),
        territories=territories_on(establishment, day),
        capacity=capacity_on(establishment, identity.kind, authorisation, day, today),
        hours=hours_on(establishment, day),
        contacts=tuple(whom_to_call(establishment, day)),
        next_dates=next_dates(establishment, authorisation, today) if day == today else (),
    )


@rows_once
def _past_identities(establishment, day):
    return PastIdentity.objects.filter(active_on(day), establishment=establishment)[:1]


@rows_once
def _authorisations(establishment, day):
    rows = Authorisation.objects.active_on(day).filter(establishment=establishment)
    return rows.annotate(is_modulated=Exists(AuthorisationSlot.objects.filter(authorisation=OuterRef("pk"))))[:1]


def is_recent(since, day) -> bool:
    """A direction of less than 24 months asks for more attention (functions S-007)."""
    return add_months(since, RECENT_MONTHS) > day


def state_on(establishment, day, today) -> str:
    """ "ouvert depuis le…", "ouvre le…", "fermé définitivement depuis le…"."""
    if establishment.closed_on and establishment.closed_on <= day:
        return f"fermé définitivement depuis le {full_date(establishment.closed_on)}"
    if day < establishment.opened_on:
        return f"ouvre le {full_date(establishment.opened_on)}"
    if told_end(establishment.closed_on, day, today):
        return f"ouvert, fermeture définitive le {full_date(establishment.closed_on)}"
    return f"ouvert depuis le {full_date(establishment.opened_on)}"


def territories_on(establishment, day) -> tuple[str, ...]:
    """Names from the widest territory down to the one it is attached to."""
    return tuple(_territories(establishment, day))


@rows_once
def _territories(establishment, day):
    prefix = "descendant_links__descendant__attachments__"
    held = active_on(day, prefix=prefix) & Q(**{f"{prefix}establishment": establishment})
    rows = Territory.objects.filter(held).annotate(depth=F("descendant_links__depth")).order_by("-depth")
    return rows.values_list("name", flat=True)


def surnombre_limit(kind, places, day) -> int | None:
    """Most children at once; None for a crèche familiale, which CSP R. 2324-27 leaves out."""
    return None if kind == Kind.CRECHE_FAMILIALE else overcapacity_limit(places, day)


def capacity_on(establishment, kind, authorisation, day, today) -> Capacity:
    frozen = _capacity_changes(establishment, day)
    freezes = tuple(
        f"{change.places} pour {change.get_reason_display()}, "
        f"{period(change.starts_on, told_end(change.ends_on, day, today))}"
        for change in frozen
    )
    withdrawn = sum(change.places for change in frozen)
    if authorisation is None:
        return Capacity(frozen=withdrawn, freezes=freezes)
    return Capacity(
        places=authorisation.places,
        frozen=withdrawn,
        freezes=freezes,
        limit=surnombre_limit(kind, authorisation.places, day),
        ratio_rule=authorisation.get_ratio_rule_display(),
        is_modulated=authorisation.is_modulated,
    )


@rows_once
def _capacity_changes(establishment, day):
    return CapacityChange.objects.active_on(day).filter(establishment=establishment)


def hours_on(establishment, day) -> tuple[tuple[str, str], ...]:
    """("lundi", "7 h 30 – 18 h 30") for each weekday that opens."""
    names = dict(WEEKDAYS)
    return tuple((names[weekday], time_range(opens, closes)) for weekday, opens, closes in _hours(establishment, day))


@rows_once
def _hours(establishment, day):
    rows = OpeningHours.objects.active_on(day).filter(establishment=establishment).order_by("weekday")
    return rows.values_list("weekday", "opens_at", "closes_at")


def next_dates(establishment, authorisation, today) -> tuple[NextDate, ...]:
    """What comes: authorisation, obligations of the 90 days, closures, interim that ends; the nearest first."""
    if establishment.closed_on and establishment.closed_on <= today:
        return ()
    found = []
    if authorisation:
        due = renewal_due(authorisation.expires_on, today)
        if due.code != "unknown":
            found.append(NextDate(due.due_on, "Autorisation", due.text, due.tone))
    for obligation in _obligations(establishment, today):
        due = obligation_due(obligation.done_on, obligation.expires_on, today)
        found.append(NextDate(obligation.expires_on, capitalise(obligation.get_kind_display()), due.text, due.tone))
    for closure in _closures(establishment, today):
        label = f"Fermeture, {closure.get_cause_display()}"
        found.append(NextDate(closure.starts_on, label, period(closure.starts_on, closure.ends_on), "info"))
    for ends_on in _ending_interims(establishment, today):
        found.append(NextDate(ends_on, "Intérim de direction", f"prend fin le {full_date(ends_on)}", "watch"))
    return tuple(sorted(found, key=lambda item: (item.on, item.label)))


@rows_once
def _obligations(establishment, today):
    return Obligation.objects.filter(establishment=establishment, expires_on__lte=today + timedelta(days=AHEAD_DAYS))


@rows_once
def _closures(establishment, today):
    coming = Closure.objects.filter(establishment=establishment, ends_on__gte=today)
    return coming.filter(starts_on__lte=today + timedelta(days=AHEAD_DAYS)).order_by("starts_on")[:NEXT_CLOSURES]


@rows_once
def _ending_interims(establishment, today):
    ending = Directorship.objects.active_on(today).filter(establishment=establishment, is_interim=True)
    return ending.filter(ends_on__lte=today + timedelta(days=INTERIM_DAYS)).values_list("ends_on", flat=True)


def taking_office_of(establishment, today, held):
    """The direction being accompanied, with its progress, for who may read its parcours; None otherwise."""
    if Capability.READ_TRANSMITTED not in held:
        return None
    return next(iter(_followed(establishment, today)), None)


@rows_once
def _followed(establishment, today):
    followed = Directorship.objects.filter(establishment=establishment).followed_on(today).with_progress(today)
    return followed.filter(steps_in_all__gt=0).select_related("person")[:1]
