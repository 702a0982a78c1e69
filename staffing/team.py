"""The team of a house on a day: posts, hours, who is away today and in the next days. Six queries."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Prefetch

from core.calendar import covers
from core.french import counted, hours, number, period

from . import models
from .models import Interim, LeaveRequest, Posting, Roster
from .week_text import weekly_minutes

AHEAD_DAYS = 30


@dataclass(frozen=True)
class Member:
    """One posting of the day. `category` is "1°", "2°" or "—"; `away` says until when, `state` the countable type."""

    name: str
    job: str
    fte: Decimal
    category: str
    since: date
    until: date | None
    away: str
    posting: int = 0
    hours: str = ""
    state: str = ""


@dataclass(frozen=True)
class Absence:
    """Days that somebody is or may be away; the type is counted elsewhere."""

    pk: int
    name: str
    dates: str
    part: str
    status: str
    is_pending: bool
    is_today: bool


@dataclass(frozen=True)
class Told:
    """An absence that is no leave, told by the house: its countable type, never why."""

    pk: int
    name: str
    dates: str
    part: str
    kind: str
    is_today: bool
    stays: bool


@dataclass(frozen=True)
class Team:
    day: date
    members: tuple[Member, ...]
    absences: tuple[Absence, ...]
    told: tuple[Told, ...] = ()

    @property
    def fte(self) -> Decimal:
        return sum((member.fte for member in self.members), Decimal(0))

    @property
    def by_job(self) -> list[tuple[str, int, Decimal]]:
        """(job, people, full-time equivalents), in the order of the members."""
        jobs = dict.fromkeys(member.job for member in self.members)
        groups = [(job, [member for member in self.members if member.job == job]) for job in jobs]
        return [(job, len(group), sum((m.fte for m in group), Decimal(0))) for job, group in groups]

    @property
    def away_today(self) -> int:
        return sum(bool(member.away) for member in self.members)

    @property
    def sentence(self) -> str:
        people = counted(len(self.members), "personne")
        away = (
            counted(self.away_today, "absente aujourd’hui", "absentes aujourd’hui")
            if self.away_today
            else ("aucune absente aujourd’hui")
        )
        return f"{people}, {number(self.fte, 2)} équivalents temps plein, {away}."


def team_of(establishment, day):
    """The team of a house, and its absences from that day to thirty days later."""
    order = {job: rank for rank, job in enumerate(Posting.Job.values)}
    known = Prefetch("rosters", Roster.objects.active_on(day).prefetch_related("slots"), to_attr="known")
    posted = Posting.objects.of(establishment).active_on(day).select_related("employee")
    postings = list(posted.prefetch_related(known))
    postings.sort(key=lambda p: (order[p.job], p.employee.last_name, p.employee.first_name, p.pk))
    asked = LeaveRequest.objects.of(establishment).counting().touching(day, day + timedelta(days=AHEAD_DAYS))
    leaves = list(asked.select_related("employee").order_by("starts_on", "pk"))
    told = (
        models.Absence.objects.of(establishment)
        .touching(day, day + timedelta(days=AHEAD_DAYS))
        .select_related("employee")
    )
    told = list(told.order_by("starts_on", "pk"))
    elsewhere = Interim.objects.standing().active_on(day).exclude(establishment=establishment)
    elsewhere = elsewhere.filter(employee__in=posted.order_by().values("employee"))
    away = {row.employee_id: (row, "intérim ailleurs") for row in elsewhere}
    away |= {
        row.employee_id: (row, row.get_kind_display()) for row in told if not row.in_the_house and _holds(row, day)
    }
    away |= {row.employee_id: (row, "en congé") for row in leaves if row.status == "granted" and _holds(row, day)}
    return Team(
        day=day,
        members=tuple(_member(posting, *_until(away.get(posting.employee_id))) for posting in postings),
        absences=tuple(_absence(leave, day) for leave in leaves),
        told=tuple(_told(row, day) for row in told),
    )


def _holds(row, day):
    return covers(row.starts_on, row.ends_on, day)


def _until(found):
    """("jusqu’au 12/03/2026", "en congé") of somebody away that day, ("", "") otherwise."""
    if found is None:
        return "", ""
    row, state = found
    return f"jusqu’au {row.ends_on:%d/%m/%Y}", state


def _told(row, day):
    return Told(
        pk=row.pk,
        name=str(row.employee),
        dates=period(row.starts_on, row.ends_on),
        part="" if row.part == row.Part.DAY else row.get_part_display(),
        kind=row.get_kind_display(),
        is_today=covers(row.starts_on, row.ends_on, day),
        stays=row.in_the_house,
    )


def _member(posting, away, state):
    return Member(
        name=str(posting.employee),
        job=posting.get_job_display(),
        fte=posting.fte,
        category=f"{posting.category}°" if posting.category else "—",
        since=posting.starts_on,
        until=posting.ends_on,
        away=away,
        posting=posting.pk,
        hours=_hours(posting.known),
        state=state,
    )


def _hours(rosters):
    """ "35 h par semaine", the mean of the weeks in turn; "" when nothing is recorded."""
    if not rosters:
        return ""
    (roster,) = rosters
    minutes = weekly_minutes(roster.slots.all(), roster.weeks) // 1
    return f"{hours(minutes=minutes)} par semaine{', en alternance' if roster.weeks > 1 else ''}"


def _absence(leave, day):
    return Absence(
        pk=leave.pk,
        name=str(leave.employee),
        dates=period(leave.starts_on, leave.ends_on),
        part="" if leave.part == leave.Part.DAY else leave.get_part_display(),
        status=leave.get_status_display(),
        is_pending=leave.status == leave.Status.PROPOSED,
        is_today=covers(leave.starts_on, leave.ends_on, day),
    )
