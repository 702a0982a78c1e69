"""What is seen at one visit: the day as it is, observations on some points of the grid, texts of the report."""

from datetime import time

from establishments.models import Level
from establishments.regulation import required_staff
from visits.models import Observation, Visit, VisitKind
from visits.schedule import COUNTING_KINDS

from .sentences import bank, fill
from .world import holds, some, uuid_of

Rating, Nature = Observation.Rating, Observation.Nature
# Ratings of a house of average quality; a better one draws from the left.
RATINGS = [Rating.STRENGTH] * 4 + [Rating.ACQUIRED] * 9 + [Rating.IN_PROGRESS] * 5 + [Rating.TO_BUILD] * 2
SENTENCES = {
    Rating.STRENGTH: "good",
    Rating.ACQUIRED: "good",
    Rating.IN_PROGRESS: "fair",
    Rating.TO_BUILD: "weak",
}
KINDS = [VisitKind.REGULAR] * 16 + [VisitKind.THEMATIC] * 3 + [VisitKind.UNANNOUNCED]
UNCOUNTED = [VisitKind.FOLLOW_UP, VisitKind.TEAM_MEETING, VisitKind.APPOINTMENT]


def visit_of(world, chance, house, day, kind):
    """A visit made on a day, with the context of that day and without its report yet."""
    coordinator = world.coordinator_of(house.sector_on(day), day) or world.people["pole_head"]
    starts_at = time(chance.choice([8, 9, 9, 9, 14]), chance.choice([0, 15, 30, 45]))
    visit = Visit(
        establishment=house.row,
        coordinator=coordinator,
        kind=kind,
        is_announced=kind != VisitKind.UNANNOUNCED,
        is_on_site=kind != VisitKind.APPOINTMENT,
        status=Visit.Status.DONE,
        planned_on=None if kind == VisitKind.UNANNOUNCED else day,
        visited_on=day,
        starts_at=starts_at,
        ends_at=time(starts_at.hour + 2, chance.choice([0, 15, 30, 45])),
        created_by=coordinator,
        client_uuid=uuid_of(chance),
        version=chance.randint(2, 6),
    )
    if kind in COUNTING_KINDS:
        visit.grid = world.grid
        _context(chance, house, day, visit)
    return visit


def _context(chance, house, day, visit):
    """Children and professionals of the moment; in one visit out of thirty somebody is missing."""
    authorisation = house.authorisation_on(day)
    frozen = sum(row.places for row in house.frozen if holds(row, day))
    present = max(1, int((authorisation.places - min(frozen, authorisation.places - 1)) * chance.uniform(0.6, 0.9)))
    first = round(present * chance.uniform(0.28, 0.42))
    expected = present + chance.randint(0, 4)
    kind = house.identity_on(day).kind
    required = required_staff(
        first, present - first, rule=authorisation.ratio_rule, places=authorisation.places, kind=kind, on=day
    )
    team = required - 1 if required > 2 and some(chance, 0.03) else required + chance.randint(0, 2)
    qualified = max(1, -(-team * chance.randint(45, 70) // 100))
    director = house.directing_on(day)
    deputy = house.directing_on(day, "deputy")
    here = director if director and (deputy is None or some(chance, 0.88)) else deputy
    visit.directing = str(here) if here else "une éducatrice de jeunes enfants, par délégation"
    visit.present_non_walkers, visit.present_walkers = first, present - first
    visit.expected_non_walkers = min(expected, first + chance.randint(0, 1))
    visit.expected_walkers = expected - visit.expected_non_walkers
    visit.staff_category_1, visit.staff_category_2 = qualified, team - qualified
    visit.staff_other = chance.randint(1, 4)
    visit.sections_seen = ", ".join(
        section.removeprefix("Section ") for section in sorted(chance.sample(bank()["sections"][:5], 2))
    )


def observe(world, chance, house, visit):
    """Four to six points of the grid, a fact for each, apart from what it is thought to mean."""
    items = sorted(chance.sample(range(len(world.items)), chance.randint(4, 6)))
    found = []
    for index in items:
        item = world.items[index]
        rating = RATINGS[min(len(RATINGS) - 1, max(0, chance.randrange(len(RATINGS)) + house.quality))]
        fact, thought = chance.choice(bank()["items"][item.key][SENTENCES[rating]])
        hour, minute = divmod(visit.starts_at.hour * 60 + visit.starts_at.minute + chance.randrange(5, 24) * 5, 60)
        found.append(
            Observation(
                visit=visit,
                item=item,
                rating=rating,
                nature=_nature(chance, rating),
                fact=fill(fact, chance.choice(bank()["sections"]), time(hour, minute)),
                appreciation=thought if some(chance, 0.7) else "",
                level=Level.POLE if some(chance, 0.04) else Level.ETABLISSEMENT,
            )
        )
    return found


def _nature(chance, rating):
    draw = chance.random()
    if rating == Rating.STRENGTH:
        return Nature.GOOD_PRACTICE if draw < 0.3 else Nature.STRENGTH
    if rating == Rating.IN_PROGRESS:
        return Nature.TO_IMPROVE if draw < 0.5 else ""
    if rating == Rating.TO_BUILD:
        return Nature.GAP if draw < 0.6 else Nature.TO_IMPROVE
    return ""


def write_up(chance, house, visit, observations):
    """The free texts of the report, in the tone of what was seen."""
    texts = bank()
    weak = sum(row.rating == Rating.TO_BUILD for row in observations)
    fair = sum(row.rating == Rating.IN_PROGRESS for row in observations)
    tone = "summary_weak" if weak >= 2 else "summary_mixed" if weak + fair >= 2 else "summary_good"
    visit.summary = chance.choice(texts[tone])
    visit.context_note = chance.choice(texts["context"])
    if some(chance, 0.75):
        visit.interview = chance.choice(texts["interview"])
        if some(chance, 0.05):
            visit.interview, visit.interview_level = chance.choice(texts["interview_inside"]), Level.POLE
    if some(chance, 0.6):
        visit.decisions = chance.choice(texts["decisions"])
