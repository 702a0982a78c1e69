"""A house with two years behind it, and its review at each step."""

import datetime

from establishments.models import Authorisation, Obligation
from indicators.models import MonthlyActivity
from tests.factories import LONG_AGO, TODAY
from tests.visits.factories import ActionFactory, GridFactory, ObservationFactory, VisitFactory
from visits.models import FunctioningReview

DUE = datetime.date(2026, 9, 30)
MONTHS = [datetime.date(2025 if n < 12 else 2026, n % 12 + 1, 1) for n in range(14)]
SHARED = {"report_status": "shared", "shared_at": datetime.datetime(2026, 1, 15, 9, tzinfo=datetime.UTC)}


def lived(house, by):
    """Months, visits with their observations, actions, duties: enough for most points to be proposed."""
    if not house.authorisations.exists():
        Authorisation.objects.create(establishment=house, places=60, starts_on=LONG_AGO)
    for rank, month in enumerate(MONTHS):
        MonthlyActivity.objects.create(
            establishment=house,
            month=month,
            authorised_hours=1000,
            open_hours=950,
            contracted_hours=800 + rank,
            actual_hours=700 + rank,
            billed_hours=750 + rank,
            status=MonthlyActivity.Status.SUBMITTED,
        )
    grid = GridFactory(items=2)
    for number, item in enumerate(grid.items.all(), start=1):
        item.reference = f"charte {number}"
        item.save()
    for rank in range(4):
        day = TODAY - datetime.timedelta(days=70 + 60 * rank)
        visit = VisitFactory(
            establishment=house, coordinator=by, visited_on=day, shared_by=by, answer_due_on=day, grid=grid, **SHARED
        )
        for item in grid.items.all():
            ObservationFactory(visit=visit, item=item, rating="acquired" if rank % 2 else "strength")
    for rank in range(3):
        action = ActionFactory(establishment=house, due_on=TODAY - datetime.timedelta(days=rank - 1), created_by=by)
        action.created_at = datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.UTC)
        action.save()
    Obligation.objects.create(establishment=house, kind="evacuation", done_on=TODAY - datetime.timedelta(days=40))
    return house


def scheduled(house, **more):
    return FunctioningReview.objects.create(establishment=house, **{"due_on": DUE, **more})


def opened(house, by, **more):
    review = scheduled(house, **more)
    review.open(by=by)
    return review


def written(house, by, **more):
    """Every point rated, the synthesis written: a draft ready to be transmitted."""
    review = opened(house, by, **more)
    review.items.update(rating="acquired")
    review.summary = "Une équipe stable, une activité qui remonte."
    review.save()
    review.finish_draft(by=by)
    return review


def shared(house, by, **more):
    review = written(house, by, **more)
    review.share(by=by)
    return review


def validated(house, by, director, head, **more):
    review = shared(house, by, **more)
    review.answer(by=director, opinion="D’accord avec l’essentiel.")
    review.validate(by=head, opinion="Validée\u00a0: la priorité est le projet d’accueil.")
    return review
