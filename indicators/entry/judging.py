"""What quality says of months, as sentences: one door for the form, the grid and the files."""

from establishments.vocabulary import words

from ..psu import doubts


def judged(rows):
    """{house id: [sentence]} of what is accepted and looks like a mistake, for months of different houses."""
    return {row.establishment_id: found for row in rows if (found := list(doubts_of(row)))}


def doubts_of(row):
    """Sentences about one complete month."""
    return doubts_about(row.activity, row.children_enrolled)


def doubts_about(activity, children_enrolled):
    """Sentences about the hours and the children of one month."""
    yield from (doubt.sentence for doubt in doubts(activity))
    if activity.actual_hours > activity.authorised_hours:
        yield "Les heures réalisées dépassent la capacité autorisée\u00a0: à vérifier."
    if activity.contracted_hours > 0 and children_enrolled == 0:
        yield f"Des heures de contrat sans {words()['child']} inscrit\u00a0: à vérifier."
