"""What quality says of months, as sentences: one door for the form, the grid and the files."""

from functools import cached_property

from core.calendar import add_months

from ..profiles_of import PAST, entries_and_profiles
from ..quality import Entry, verdicts
from ..similar import similar_to

MOST_PEERS = 12


class Judge:
    """Verdicts on months around `month`: habits and similar houses are read once, in one query."""

    def __init__(self, month):
        self.month = month
        self._peers = {}

    @cached_property
    def _known(self):
        # A file may bring two years at once: habits on both sides of the month.
        return entries_and_profiles(self.month, ahead=2)

    def peers(self, house):
        """The months of the houses that resemble one, read by its id."""
        if house not in self._peers:
            entries, profiles = self._known
            mine = profiles.get(house)
            near = similar_to(mine, profiles.values(), MOST_PEERS) if mine else []
            self._peers[house] = [entries[one.key] for one in near]
        return self._peers[house]

    def verdicts(self, house, entry):
        """[Verdict] on one month of a house, given by its id."""
        if entry.month < add_months(self.month, -PAST):  # years before what is known: habits of today say nothing
            return verdicts(entry, [], [])
        history = [past for past in self._known[0].get(house, []) if past.month != entry.month]
        return verdicts(entry, history, self.peers(house))


def entry_of(row):
    return Entry(row.month, row.activity, row.children_enrolled, row.opening_days)


def judged(rows):
    """{house id: [sentence]} of what is accepted and looks like a mistake, for months of different houses."""
    rows = list(rows)
    if not rows:
        return {}
    judge = Judge(max(row.month for row in rows))
    found = {row.establishment_id: _sentences(judge.verdicts(row.establishment_id, entry_of(row))) for row in rows}
    return {house: sentences for house, sentences in found.items() if sentences}


def doubts_of(row):
    """Sentences about one complete month."""
    return judged([row]).get(row.establishment_id, [])


def _sentences(found):
    return [verdict.sentence for verdict in found]
