"""What quality says of months, as sentences: one door for the form, the grid and the files."""

from bisect import bisect_left, bisect_right
from operator import attrgetter

from core.calendar import add_months

from ..profiles_of import entries_between, profile_of
from ..quality import Entry, verdicts
from ..similar import similar_to

MOST_PEERS = 12
PAST, AHEAD = 24, 2  # months of habits: a file may bring two years at once, so both sides of each month


class Judge:
    """Verdicts on any months: each is set against the two years before it, wherever it was typed.

    Habits and similar houses are read in one query, and again only for a month that they do not surround.
    """

    def __init__(self):
        self._first = self._last = None
        self._entries, self._kinds, self._profiles = {}, {}, {}

    def verdicts(self, house, entry):
        """[Verdict] on one month of a house, given by its id."""
        self._read_around(entry.month)
        history = [past for past in self._around(house, entry.month) if past.month != entry.month]
        return verdicts(entry, history, self._peers(house, entry.month))

    def _read_around(self, month):
        first, last = _window(month)
        if self._first is None:
            self._first, self._last = first, last
        elif self._first <= first and last <= self._last:
            return
        else:  # a file of several years: whole ones, or each of its months would read again
            first, last = min(first, self._first), max(last, self._last)
            self._first, self._last = first.replace(month=1), last.replace(month=12)
        self._entries, self._kinds = entries_between(self._first, self._last)
        self._profiles = {}

    def _around(self, house, month):
        """What is known of a house around a month, oldest first."""
        known, (first, last) = self._entries.get(house, []), _window(month)
        return known[bisect_left(known, first, key=_month) : bisect_right(known, last, key=_month)]

    def _peers(self, house, month):
        """The months of the houses that resembled one, by its id, around a month."""
        if month not in self._profiles:
            told = (profile_of(pk, kind, self._around(pk, month)) for pk, kind in self._kinds.items())
            self._profiles[month] = {profile.key: profile for profile in told if profile}
        profiles = self._profiles[month]
        near = similar_to(profiles[house], profiles.values(), MOST_PEERS) if house in profiles else []
        return [self._around(one.key, month) for one in near]


_month = attrgetter("month")


def _window(month):
    return add_months(month, -PAST), add_months(month, AHEAD)


def entry_of(row):
    return Entry(row.month, row.activity, row.children_enrolled, row.opening_days)


def judged(rows):
    """{house id: [sentence]} of what is accepted and looks like a mistake, for months of different houses."""
    rows = list(rows)
    if not rows:
        return {}
    judge = Judge()
    found = {row.establishment_id: _sentences(judge.verdicts(row.establishment_id, entry_of(row))) for row in rows}
    return {house: sentences for house, sentences in found.items() if sentences}


def doubts_of(row):
    """Sentences about one complete month."""
    return judged([row]).get(row.establishment_id, [])


def _sentences(found):
    return [verdict.sentence for verdict in found]
