"""Families of events, their severities, and who must be told: the law with its articles and dates. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum


class Severity(IntEnum):
    """The five severities of domain 5.9."""

    INFORMATION = 0
    MINOR = 1
    SIGNIFICANT = 2
    SERIOUS = 3
    CRITICAL = 4


SEVERITY_LABELS = {
    Severity.INFORMATION: "information",
    Severity.MINOR: "mineur",
    Severity.SIGNIFICANT: "significatif",
    Severity.SERIOUS: "grave",
    Severity.CRITICAL: "critique",
}


@dataclass(frozen=True)
class Family:
    """A family of events: its usual severity; `restricted` ones carry no account, and are for the head of the pôle."""

    key: str
    label: str
    usual: Severity
    restricted: bool = False


_FAMILIES = [
    Family("accident", "accident d’enfant", Severity.SIGNIFICANT),
    Family("death", "décès ou malaise grave", Severity.CRITICAL),
    Family("supervision", "défaut de surveillance", Severity.SERIOUS),
    Family("suspicion", "suspicion de maltraitance par un professionnel", Severity.SERIOUS, restricted=True),
    Family("child_at_risk", "enfant en danger", Severity.SERIOUS, restricted=True),
    Family("outbreak", "santé collective", Severity.SIGNIFICANT),
    Family("family_conflict", "conflit ou violence avec une famille", Severity.SIGNIFICANT),
    Family("complaint", "réclamation", Severity.MINOR),
    Family("building", "bâtiment et sécurité", Severity.SIGNIFICANT),
    Family("staff", "personnel", Severity.SIGNIFICANT),
    Family("food", "alimentation", Severity.SIGNIFICANT),
    Family("records", "registres et données", Severity.SIGNIFICANT),
    Family("highlight", "valorisation", Severity.INFORMATION),
]
FAMILIES = {family.key: family for family in _FAMILIES}
ALERT_FROM = Severity.SERIOUS
# The law speaks of any accident during the care, whatever the family it is told under; a death has its own duty.
MAY_BE_ACCIDENTS = {"accident", "supervision", "suspicion", "outbreak", "family_conflict", "building", "staff", "food"}
ESCALATED_AFTER = timedelta(minutes=30)  # an alert nobody acknowledged goes one level up


@dataclass(frozen=True)
class Duty:
    """Somebody outside the product who must be told: `within` is None for « sans délai »; `article` "" when it is a
    practice of the profession and not the law."""

    key: str
    whom: str
    within: timedelta | None
    article: str
    since: date = date(2021, 9, 1)

    @property
    def delay(self) -> str:
        if self.within is None:
            return "sans délai"
        return f"sous {int(self.within.total_seconds() // 3600)} h"

    def due_at(self, known_at: datetime) -> datetime:
        return known_at + (self.within or timedelta(0))


_PCD = "président·e du conseil départemental (service de PMI)"
_HOSPITAL = Duty("pcd_accident", _PCD, None, "CSP R. 2324-25 I, 1°")
_DEATH = Duty("pcd_death", _PCD, None, "CSP R. 2324-25 I, 2°")
_CRIP = Duty(
    "crip", "cellule de recueil des informations préoccupantes (CRIP)", None, "CASF L. 226-2-1", date(2007, 3, 7)
)
_CNIL = Duty(
    "cnil", "CNIL, par le délégué à la protection des données", timedelta(hours=72), "RGPD art. 33", date(2018, 5, 25)
)
_PROSECUTOR = Duty("prosecutor", "procureur de la République", None, "")
_HEALTH = Duty("health", "agence régionale de santé et PMI", None, "")


def duties(family: str, on: date, *, outside_help: bool = False) -> tuple[Duty, ...]:
    """Who must be told of an event that happened on a day.

    `outside_help`: a child was taken to hospital or cared for by outside rescue teams (R. 2324-25).
    """
    return tuple(duty for duty in _duties(family, outside_help) if duty.since <= on)


def _duties(family: str, outside_help: bool) -> Iterator[Duty]:
    if family in MAY_BE_ACCIDENTS and outside_help:
        yield _HOSPITAL
    if family == "death":
        yield from (_DEATH, _PROSECUTOR)
    if family == "suspicion":
        yield from (_CRIP, _PROSECUTOR)
    if family == "child_at_risk":
        yield _CRIP
    if family == "outbreak":
        yield _HEALTH
    if family == "records":
        yield _CNIL


def is_alert(severity: int) -> bool:
    """From « grave » on somebody must acknowledge, the same day at the latest."""
    return severity >= ALERT_FROM
