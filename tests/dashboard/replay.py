"""A little pôle with a past, and what befalls it after a day: things drawn at random, none of them about before."""

import datetime
from decimal import Decimal

from core.calendar import add_months
from establishments.models import (
    Authorisation,
    CapacityChange,
    Closure,
    Directorship,
    Establishment,
    Obligation,
    OpeningHours,
    SectorAttachment,
)
from tests.factories import DirectorshipFactory, EstablishmentFactory, UserFactory
from tests.indicators.factories import ActivityFactory
from tests.projects.factories import RequestFactory
from tests.staffing.factories import LeaveFactory, worker
from tests.visits.controls import entered, found
from tests.visits.factories import ActionFactory, VisitFactory
from tests.visits.happenings import told

DAY = datetime.timedelta(days=1)
SAVED = datetime.date(2026, 3, 16)  # the day before the day of the tests
MONTH = datetime.date(2026, 2, 1)  # the last one known on that day


def little_pole(sectors, chance):
    """Five houses with two years of months, visits, directions, closures and frozen places."""
    houses = []
    for number in range(5):
        house = EstablishmentFactory(sector=sectors[number % len(sectors)], places=20 + 10 * number)
        DirectorshipFactory(establishment=house, starts_on=SAVED - chance.randint(20, 900) * DAY)
        for back in range(24):
            authorised = Decimal(chance.randint(8_000, 14_000))
            ActivityFactory(
                establishment=house,
                month=add_months(MONTH, -back),
                validated=True,
                authorised_hours=authorised,
                open_hours=authorised * Decimal("0.9"),
                contracted_hours=authorised * Decimal("0.8"),
                actual_hours=authorised * Decimal(chance.randint(50, 75)) / 100,
                billed_hours=authorised * Decimal("0.78"),
            )
        for _ in range(6):
            VisitFactory(establishment=house, visited_on=SAVED - chance.randint(1, 400) * DAY)
        CapacityChange.objects.create(
            establishment=house, places=3, reason="vacancy", starts_on=SAVED - chance.randint(5, 60) * DAY
        )
        houses.append(house)
    return houses


class Aftermath:
    """What happens after the day that was saved; each change begins later, as an ordinary user would type it."""

    def __init__(self, houses, sectors, user, chance):
        self.houses, self.sectors, self.user, self.chance = houses, sectors, user, chance
        self.changes = [
            *[self.visit, self.month, self.action, self.leave, self.closure, self.freeze, self.thaw] * 2,
            *[self.authorisation, self.direction, self.hours, self.identity, self.move, self.opening, self.shut],
            *[self.event, self.inspection, self.request, self.obligation],
        ]

    def happen(self, count):
        """Makes `count` changes, each kind at least once; returns how many of each."""
        made = {}
        for number in range(count):
            change = self.changes[number] if number < len(self.changes) else self.chance.choice(self.changes)
            change(self.chance.choice(self.houses))
            made[change.__name__] = made.get(change.__name__, 0) + 1
        return made

    @property
    def later(self):
        return SAVED + self.chance.randint(1, 60) * DAY

    def _follow(self, model, house, starts_on, **values):
        """Ends what runs the eve of `starts_on` and begins another; nothing when something begins later already."""
        rows = model.objects.filter(establishment=house, **values.pop("among", {}))
        if rows.filter(starts_on__gte=starts_on).exists():
            return
        rows.filter(ends_on__isnull=True).update(ends_on=starts_on - DAY)
        model.objects.create(establishment=house, starts_on=starts_on, **values)

    def visit(self, house):
        VisitFactory(establishment=house, visited_on=self.later, coordinator=self.user)

    def month(self, house):
        month = add_months(MONTH, self.chance.randint(1, 2))
        if not house.monthly_activity.filter(month=month).exists():
            ActivityFactory(establishment=house, month=month, validated=True, actual_hours=Decimal(4_000))

    def action(self, house):
        ActionFactory(establishment=house, created_by=self.user)

    def leave(self, house):
        LeaveFactory(person=worker(house, starts_on=SAVED + DAY), starts_on=self.later, ends_on=SAVED + 61 * DAY)

    def closure(self, house):
        Closure.objects.create(establishment=house, cause="other", starts_on=(day := self.later), ends_on=day)

    def freeze(self, house):
        CapacityChange.objects.create(establishment=house, places=2, reason="ratio", starts_on=self.later)

    def thaw(self, house):
        CapacityChange.objects.filter(establishment=house, ends_on__isnull=True, starts_on__lte=SAVED).update(
            ends_on=self.later
        )

    def authorisation(self, house):
        self._follow(Authorisation, house, self.later, places=self.chance.randint(12, 60))

    def direction(self, house):
        among = {"position": Directorship.Position.DIRECTOR}
        self._follow(Directorship, house, self.later, person=UserFactory(), among=among, **among)

    def hours(self, house):
        opens, closes = datetime.time(8), datetime.time(18)
        weekday = self.chance.randint(1, 5)
        among = {"weekday": weekday}
        self._follow(OpeningHours, house, self.later, opens_at=opens, closes_at=closes, among=among, **among)

    def identity(self, house):
        house = Establishment.objects.get(pk=house.pk)
        since = house.past_identities.order_by("-ends_on").values_list("ends_on", flat=True).first() or SAVED
        house.change_identity(since=since + 2 * DAY, name=f"{house.name} bis", city="Lyon")

    def move(self, house):
        self._follow(SectorAttachment, house, self.later, territory=self.chance.choice(self.sectors))

    def opening(self, house):
        day = self.later
        house = EstablishmentFactory(opened_on=day, places=False, hours=False)
        SectorAttachment.objects.create(establishment=house, territory=self.chance.choice(self.sectors), starts_on=day)
        Authorisation.objects.create(establishment=house, places=25, starts_on=day)

    def shut(self, house):
        Establishment.objects.filter(pk=house.pk).update(closed_on=self.later)

    def event(self, house):
        happened_at = datetime.datetime.combine(self.later, datetime.time(9, 30), datetime.UTC)
        told(house, self.user, happened_at=happened_at)

    def inspection(self, house):
        found(entered(house, self.user, held_on=self.later), self.user, due_on=self.later)

    def request(self, house):
        RequestFactory(establishment=house, asked_on=self.later, due_on=SAVED + 80 * DAY)

    def obligation(self, house):
        kind = Obligation.Kind.EVACUATION
        Obligation.objects.update_or_create(establishment=house, kind=kind, defaults={"done_on": self.later})
