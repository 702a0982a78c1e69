"""What the follow-up suggests for one meeting to the person who prepares it. A fixed number of queries."""

from collections import defaultdict

from django.db.models import F

from core.unions import leg
from projects.models import SetAside, Subject
from projects.suggestions import Suggestion, Suggestions, choose
from staffing.coverage_of_direction import continuity_of
from visits import schedule
from visits.freshness import rated

from . import sayings
from .sources import houses_to_visit, houses_with_teams, open_points

TAKEN, ASIDE = "taken", "aside"
DIRECTION_DAYS = 15  # the day of the meeting and the fortnight after


def found_for(user, meeting, today) -> list[Suggestion]:
    """Everything open on the day of the meeting in the territory of its series, through the door of `user`."""
    territory, day = meeting.series.territory, meeting.held_on
    rows = defaultdict(list)
    for row in open_points(user, territory, meeting.series, day, today):
        rows[row["what"]].append(row)
    found = [say(row, day) for what, say in sayings.EACH.items() for row in rows[what]]
    found += [say(rows[what], day, territory) for what, say in sayings.TOGETHER.items() if rows[what]]
    found += _visits(user, territory, day, today)
    vacant = {one.key for one in found}
    return found + [one for one in _uncovered(user, territory, day) if one.key not in vacant]


def suggestions_for(user, meeting, today) -> Suggestions:
    """Ranked, without what is already a subject of the series; those set aside for this meeting apart."""
    open_subjects = Subject.objects.filter(series=meeting.series_id).open().exclude(origin_key="")
    legs = [
        leg(open_subjects, TAKEN, a_key=F("origin_key")),
        leg(SetAside.objects.filter(meeting=meeting), ASIDE, a_key=F("key")),
    ]
    keys = defaultdict(set)
    for row in legs[0].union(legs[1], all=True):
        keys[row["what"]].add(row["a_key"])
    return choose(found_for(user, meeting, today), taken=keys[TAKEN], aside=keys[ASIDE])


def _visits(user, territory, day, today):
    due = (schedule.OVERDUE, schedule.NEVER)
    houses = [one for one in rated(houses_to_visit(user, territory, day, today), day) if one.freshness in due]
    return [sayings.visits(houses, territory)] if houses else []


def _uncovered(user, territory, day):
    houses = continuity_of(houses_with_teams(user, territory, day), day, DIRECTION_DAYS)
    return [sayings.uncovered(house) for house in houses if house.gaps]
