"""How the codes kept in the facts of a review are said: the labels of the rooms that own them. No query."""

from datetime import time

from core import french
from establishments.models import Closure, Obligation, SharedRole, WorksPeriod
from establishments.regulation.ratio import RATIO_RULE_LABELS
from establishments.vocabulary import words
from staffing.models import LeaveRequest, Posting, Training

from ..inspections.findings import AUTHORITIES as INSPECTORS
from ..models.events import FAMILY_CHOICES, SEVERITY_CHOICES
from ..models.observations import Observation

RATIO_RULES = RATIO_RULE_LABELS
WEEKDAYS = french.WEEKDAYS
JOBS = dict(Posting.Job.choices)
LEAVES = dict(LeaveRequest.Status.choices)
DUTIES = dict(Obligation.Kind.choices)
THEMES = dict(Training.Theme.choices)
SHARED = dict(SharedRole.Function.choices)
WORKS = dict(WorksPeriod.Status.choices)
FAMILIES = dict(FAMILY_CHOICES)
SEVERITIES = dict(SEVERITY_CHOICES)
AUTHORITIES = INSPECTORS
CAUSES = dict(Closure.Cause.choices)
RATINGS = [(code, label) for code, label in Observation.Rating.choices if code in Observation.SCORED]


def clock(text: str) -> str:
    """ "07:30:00" as « 7 h 30 »."""
    return french.clock(time.fromisoformat(text))


def others(n: int) -> str:
    """ "14 autres établissements du secteur", in the words of the collectivité."""
    noun, sector = words()["establishment"], words()["sector"]
    return f"{french.counted(n, f'autre {noun}', f'autres {noun.plural}')} {sector.du}"
