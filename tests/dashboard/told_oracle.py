"""The numbers a synthesis should tell, counted apart from it: plain loops over rows, and the engine of indicators."""

import datetime
import re

from django.utils import timezone

from core.calendar import add_months, iter_months, month_end, month_start
from core.french import MONTHS, number, percent, points
from establishments.models import Authorisation, CapacityChange, Closure, Establishment, SectorAttachment, WorksPeriod
from indicators.history import history
from indicators.rates import NO_ACTIVITY
from indicators.territory import read_territory
from projects.models import ActionItem, PedagogicalDay
from staffing.models import LeaveRequest
from visits import schedule
from visits.freshness import with_freshness
from visits.models import Event, FunctioningReview, Visit

NUMBER = re.compile(r"\d[\d\u202f]*(?:,\d+)?")
DATE = re.compile(rf"(?:\d{{1,2}}(?:er)? )?(?:{'|'.join(MONTHS)})(?: \d{{4}})?")


def numbers_in(text, names):
    """The numbers of a sentence, without those of its dates nor of the names it gives."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return sorted(NUMBER.findall(DATE.sub("", text)))


def day_of(moment):
    return timezone.localdate(moment) if isinstance(moment, datetime.datetime) else moment


def held(row, day):
    return row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)


class Oracle:
    """Everything is read once; `expected(place, first, last)` counts by hand."""

    def __init__(self, user):
        self.user = user
        self.houses = list(Establishment.objects.all())
        self.attached = list(SectorAttachment.objects.select_related("territory"))
        self.rows = {
            model: list(model.objects.all())
            for model in (Visit, ActionItem, LeaveRequest, FunctioningReview, PedagogicalDay, Closure, WorksPeriod)
        }
        self.events = list(Event.objects.told_to_all())
        self.names = {house.name for house in self.houses} | {event.title for event in self.events}

    def inside(self, place, last):
        """Ids of the houses of a territory, or the house itself, open on the last day."""
        living = [h for h in self.houses if h.opened_on <= last and (h.closed_on is None or h.closed_on > last)]
        if isinstance(place, Establishment):
            return {house.pk for house in living if house.pk == place.pk}
        under = {row.establishment_id for row in self.attached if held(row, last) and self.is_under(row, place)}
        return {house.pk for house in living if house.pk in under}

    @staticmethod
    def is_under(row, place):
        node = row.territory
        while node is not None and node.pk != place.pk:
            node = node.parent
        return node is not None

    def of(self, model, inside):
        return [row for row in self.rows[model] if row.establishment_id in inside]

    def activity(self, place, first, last):
        """The hours as the pages of indicators add them up."""
        months = [m for m in iter_months(first, last) if m >= first and month_end(m) <= last]
        months = months or [add_months(month_start(last), -1)]
        if isinstance(place, Establishment):
            found = {one.month: one.activity for one in history(place, months[-1], count=60)}
            return sum((found.get(month, NO_ACTIVITY) for month in months), NO_ACTIVITY)
        return sum((read_territory(self.user, place, month).total.month for month in months), NO_ACTIVITY)

    def counts(self, place, first, last):
        """{subject: rows} of one period."""
        inside = self.inside(place, last)

        def within(moment):
            return moment is not None and first <= day_of(moment) <= last

        visits = self.of(Visit, inside)
        closures = [one for one in self.of(Closure, inside) if one.cause not in Closure.PLANNED]
        return {
            "inside": inside,
            "visits": [v for v in visits if v.status == "done" and within(v.visited_on)],
            "shared": [v for v in visits if within(v.shared_at)],
            "validated": [v for v in visits if within(v.validated_at)],
            "events": [e for e in self.events if e.establishment_id in inside and within(e.reported_at)],
            "created": [a for a in self.of(ActionItem, inside) if within(a.created_at)],
            "verified": [a for a in self.of(ActionItem, inside) if within(a.closed_at) and a.status == "verified"],
            "late": [a for a in self.of(ActionItem, inside) if self.is_late(a, last)],
            "leaves": [
                row
                for row in self.of(LeaveRequest, inside)
                if within(row.decided_at) and row.status in ("granted", "refused")
            ],
            "closures": [one for one in closures if one.starts_on <= last and one.ends_on >= first],
            "days": [
                one
                for one in self.of(PedagogicalDay, inside)
                if within(one.held_on) and one.status in ("validated", "reported")
            ],
        }

    @staticmethod
    def is_late(action, last):
        ends = [day_of(moment) for moment in (action.closed_at, action.declared_at) if moment]
        still = not ends or min(ends) > last
        return still and action.due_on <= last and day_of(action.created_at) <= last

    def expected(self, place, first, last, previous):
        """{key of a sentence: its numbers, sorted}."""
        now, before = self.counts(place, first, last), self.counts(place, *previous)
        house = isinstance(place, Establishment)
        found = {
            **self.register(now["inside"], last, house=house),
            "visites": self.against(now, before, "visits", () if house else [self.spread(now["visits"])]),
            "retards": self.late_visits(now["inside"], last),
            "comptes-rendus": [len(now[name]) for name in ("shared", "validated") if now[name]],
            "actions": [len(now[name]) for name in ("created", "verified", "late") if now[name]],
            "actions-en-retard": [len(now["late"]), *(() if house else self.more(self.named(now["late"])))],
            "conges": self.leaves(now["leaves"]),
            "evenements": self.told_events(now, before),
            "fermetures": self.against(now, before, "closures", self.more(self.named(now["closures"]))),
            "journees": self.against(now, before, "days", () if house else [self.spread(now["days"])]),
            "travaux": self.works(now["inside"], first, last),
            **self.rates(self.activity(place, first, last), self.activity(place, *previous)),
        }
        return {
            key: sorted(str(one) if isinstance(one, str) else number(one) for one in numbers if one != 0)
            for key, numbers in found.items()
        }

    @staticmethod
    def named(rows):
        return {row.establishment_id for row in rows}

    def spread(self, rows):
        return len(self.named(rows))

    @staticmethod
    def more(names):
        return [len(names) - 5] if len(names) > 5 else []

    @staticmethod
    def against(now, before, subject, others):
        """The count, what goes with it when it is not zero, and the count before when it differs."""
        one, two = len(now[subject]), len(before[subject])
        return [one, *(others if one else ()), *([two] if one != two else [])]

    def register(self, inside, last, *, house):
        given = {row.establishment_id: row.places for row in Authorisation.objects.all() if held(row, last)}
        frozen = sum(
            row.places for row in CapacityChange.objects.all() if held(row, last) and row.establishment_id in inside
        )
        known = [given[pk] for pk in inside if given.get(pk) is not None]
        unknown = len(inside) - len(known)
        share = [percent(frozen / sum(known)).removesuffix("\u202f%")] if frozen and known else []
        counted = [sum(known)] if known else []
        if not house:
            counted += [len(inside), *([unknown] if known else [])]
        return {"perimetre": counted, "places-gelees": [frozen, *share]}

    def late_visits(self, inside, last):
        rows = with_freshness(Establishment.objects.filter(pk__in=inside), last)
        late = [row.pk for row in rows if row.freshness == schedule.OVERDUE]
        return [len(late), *self.more(late)]

    @staticmethod
    def leaves(rows):
        return [sum(row.status == status for row in rows) for status in ("granted", "refused")]

    def told_events(self, now, before):
        grave = sum(event.severity >= 3 for event in now["events"])
        return self.against(now, before, "events", [grave, *self.more(now["events"])])

    def works(self, inside, first, last):
        rows = [
            row
            for row in self.of(WorksPeriod, inside)
            if row.status not in ("refused", "cancelled") and row.starts_on and row.starts_on <= last
        ]
        rows = [row for row in rows if row.ends_on is None or row.ends_on >= first]
        return [len(rows), *self.more(self.named(rows))]

    @staticmethod
    def rates(now, before):
        def told(rate):
            return [] if rate is None else [percent(rate).removesuffix("\u202f%")]

        change = None
        if now.attendance_rate is not None and before.attendance_rate is not None:
            change = points(now.attendance_rate - before.attendance_rate)
        moved = NUMBER.findall(change) if change and change != "0,0 point" and change[0] in "+\u2212" else []
        return {
            "frequentation": [*told(now.attendance_rate), *(moved if now.attendance_rate is not None else [])],
            "leviers": [
                *(value for rate in (now.opening_rate, now.admission_rate, now.assiduity_rate) for value in told(rate))
            ],
            "facturation": told(now.billing_rate),
        }
