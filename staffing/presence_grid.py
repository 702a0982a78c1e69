"""Agents × days of a period, in letters and words: who works, who is away, who asked (a table, on paper too)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.french import WEEKDAYS, capitalise, counted, day_month

from .day_book import DayBook
from .models import Posting
from .people_facts import ELSEWHERE
from .presences import Agent

WORKS, GRANTED, ASKED, CHOSEN, OFF, ABSENT, TRAINING, DIRECTS = "•", "C", "D", "★", "–", "A", "F", "I"
LEGEND = {
    WORKS: ("présent·e", "good"),
    CHOSEN: ("cette demande", "alert"),
    GRANTED: ("congé accordé", "watch"),
    ASKED: ("congé demandé", "info"),
    ABSENT: ("absence imprévue", "watch"),
    TRAINING: ("formation ou autre travail", "watch"),
    DIRECTS: ("assure un intérim ailleurs", "watch"),
    OFF: ("ne travaille pas", "neutral"),
}


@dataclass(frozen=True)
class Box:
    """One agent on one day: a letter, its words, its tone."""

    mark: str
    day: str

    @property
    def words(self) -> str:
        return LEGEND[self.mark][0]

    @property
    def tone(self) -> str:
        return LEGEND[self.mark][1]


@dataclass(frozen=True)
class Row:
    name: str
    job: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Grid:
    days: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    present: tuple[int, ...]

    @property
    def legend(self):
        """(letter, words, tone) of the letters used, in order."""
        used = {box.mark for row in self.rows for box in row.boxes}
        return [(mark, *said) for mark, said in LEGEND.items() if mark in used]

    @property
    def sentence(self) -> str:
        return f"{counted(len(self.rows), 'personne')} sur {counted(len(self.days), 'jour ouvert', 'jours ouverts')}."


def presence_grid(book: DayBook, house: int, days: Sequence[date], chosen: int | None = None) -> Grid:
    """The team of a house over some days; `chosen` is the request being decided."""
    agents = [a for a in book.agents(house) if not a.is_float and any(a.posted_on(day) for day in days)]
    order = {job: rank for rank, job in enumerate(Posting.Job.values)}
    agents.sort(key=lambda agent: (order[agent.job], agent.name, agent.id))
    by_day = {day: {away.agent: away for away in book.asked_on(house, day)} for day in days}
    rows = tuple(
        Row(
            agent.name,
            str(Posting.Job(agent.job).label),
            tuple(Box(_mark(agent, by_day[day].get(agent.id), day, chosen), day_month(day)) for day in days),
        )
        for agent in agents
    )
    present = tuple(sum(row.boxes[at].mark == WORKS for row in rows) for at in range(len(days)))
    return Grid(tuple((capitalise(WEEKDAYS[day.weekday()])[:3], f"{day:%d/%m}") for day in days), rows, present)


def _mark(agent: Agent, away, day: date, chosen) -> str:
    if not agent.posted_on(day) or (agent.has_hours_on(day) and not agent.shifts_on(day)):
        return OFF
    if away is None:
        return WORKS
    if away.kind == ELSEWHERE:
        return DIRECTS
    if away.request is None:
        return ABSENT if away.kind == "unplanned" else TRAINING
    if away.request == chosen:
        return CHOSEN
    return ASKED if away.is_pending else GRANTED
