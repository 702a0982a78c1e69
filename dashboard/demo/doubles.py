"""Double ratings: two trainings on validated reports, one settled and one still to discuss, one just opened."""

from datetime import timedelta

from visits.doubles.subjects import points_of
from visits.models import DoubleAnswer, DoublePoint, DoubleRating, Observation, Visit

from .world import at, uuid_of

Rating, Status = Observation.Rating, DoubleRating.Status
SCALE = [Rating.TO_BUILD, Rating.IN_PROGRESS, Rating.ACQUIRED, Rating.STRENGTH]
NOTE = "Ce que dit le fait, rien de plus."
REASON = "Relu ensemble\u00a0: le fait décrit un seul moment de la journée."
SAME = 0.75  # share of points on which the two say the same


def build(world):
    """After the visits and their validation."""
    chance = world.stream("doubles cotations")
    visits = Visit.objects.filter(report_status=Visit.ReportStatus.VALIDATED, grid__isnull=False)
    visits = list(visits.select_related("coordinator", "grid", "establishment").order_by("-visited_on", "pk")[:3])
    for rank, visit in enumerate(visits):
        second = world.people["pole_head"]
        if second.pk == visit.coordinator_id:
            continue
        day = max(visit.visited_on, world.today - timedelta(days=20 - 5 * rank))
        double = DoubleRating.objects.create(
            establishment=visit.establishment,
            visit=visit,
            training=True,
            first=visit.coordinator,
            second=second,
            created_at=at(day, 9),
            client_uuid=uuid_of(chance),
        )
        DoublePoint.objects.bulk_create(points_of(double))
        _rated(chance, double, day, settled=rank == 0, handed_in=rank < 2)


def _rated(chance, double, day, *, settled, handed_in):
    """Both sheets, then what was retained: in the order that the rules of the database accept."""
    answers, retained = [], []
    for point in double.points.order_by("position"):
        first = chance.choice(SCALE)
        second = first if chance.random() < SAME else chance.choice(SCALE)
        answers.append(DoubleAnswer(point=point, rater=double.first, rating=first, note=NOTE))
        if handed_in:
            answers.append(DoubleAnswer(point=point, rater=double.second, rating=second))
        if handed_in and (settled or first == second):
            point.retained, point.reason = first, "" if first == second else REASON
            retained.append(point)
    DoubleAnswer.objects.bulk_create(answers)
    double.first_submitted_at = at(day, 15)
    if handed_in:
        double.second_submitted_at, double.status = at(day, 17), Status.COMPARED
    DoublePoint.objects.bulk_update(retained, ["retained", "reason"])
    if settled:
        double.status, double.settled_by, double.settled_at = Status.SETTLED, double.first, at(day, 18)
    double.save()
