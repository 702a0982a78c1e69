"""What quality says of months, as sentences: one door for the form, the grid and the files."""

from establishments.vocabulary import words

from ..psu import doubts


def judged(rows):
    """{house id: [sentence]} of what is accepted and looks like a mistake, for months of different houses."""
    return {row.establishment_id: found for row in rows if (found := list(doubts_of(row)))}


def doubts_of(row):
    """Sentences about one complete month."""
    yield from (doubt.sentence for doubt in doubts(row.activity))
    if row.actual_hours > row.authorised_hours:
        yield "Les heures réalisées dépassent la capacité autorisée\u00a0: à vérifier."
    if row.contracted_hours > 0 and row.children_enrolled == 0:
        yield f"Des heures de contrat sans {words()['child']} inscrit\u00a0: à vérifier."
