"""What is told of the coordinator's own sector, so that her home page shows a week of work: good and late.

Everywhere else chance decides; here a house is chosen by its rank in the first sector.
"""

from datetime import timedelta

SECTOR = 0
DIRECTED = 0  # the house of the director of the cast: a report waits for her answer
ANSWERED = 1  # she answered: the report may be validated
DRAFT = 2  # seen the day before yesterday, the report is being written
OLD_DRAFT = 3  # seen ten days ago, the report was never shared
SUBMITTED = 4  # the last month waits for its validation
LATE = 5  # the visit is two weeks late
MISSING = 6  # the last month was never entered
NEW_HOUSE = 7  # opened three weeks ago, never visited
CANCELLED = 8  # the visit was cancelled: due within two weeks, nothing planned
RENEWAL = 10  # the authorisation has to be renewed
WORKS = 11  # works are coming, places are frozen
VACANT = 12  # nobody directs; the deputy stands in
CONFLICT = 13  # director and deputy ask for the same days
AWAY = 9  # the director is on leave today
INTERIM = 14  # the deputy directs until the next director comes
DEPUTIES = {DIRECTED, AWAY, VACANT, CONFLICT, INTERIM}

DECKS = {0: "tres_grande", 1: "grande", 2: "tres_grande", 7: "grande", 12: "tres_grande", 13: "tres_grande"}
# Days since the last visit, by rank; the others are up to date, with a next visit planned.
LAST_VISIT = {
    DIRECTED: 4,
    ANSWERED: 12,
    DRAFT: 2,
    OLD_DRAFT: 10,
    LATE: 75,
    CANCELLED: 52,
}
NO_PLAN = {LATE, CANCELLED, NEW_HOUSE}
OVERDUE_ACTIONS = {DIRECTED, LATE}
THIS_WEEK = {AWAY: 1, INTERIM: 3}  # days until a visit that is planned
TO_VERIFY = {MISSING}  # an action was declared done since the last visit


def director_leaves(rank, starts_on, last, today):
    """The last day of the director of a told house; today or later means that she is still there."""
    days_ago = {VACANT: 38, INTERIM: 25, DIRECTED: 610}.get(rank)
    if days_ago is None:
        return today if last >= today - timedelta(days=120) else last
    leaves_on = today - timedelta(days=days_ago)
    return leaves_on if starts_on < leaves_on else today


def gap(rank):
    """Days between a director and the next one: the posts that are empty today stay so for weeks."""
    return {VACANT: 130, INTERIM: 75}.get(rank, 1)


def is_told(sector):
    """Whether the sector of this index is the one of the story."""
    return sector == SECTOR


def tells(world, house):
    return house.sector is world.sectors[SECTOR]
