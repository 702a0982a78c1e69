"""Functioning reviews: one to come for each house in régie, and behind the first houses the one that was validated."""

from datetime import timedelta

from core.calendar import add_months
from establishments.models import ManagementMode
from visits.models import FunctioningReview, Observation, ReviewItem
from visits.reviews.campaign import due_after
from visits.reviews.paper import document_of
from visits.reviews.pouring import pour, window_of

from .world import at, uuid_of

Status = FunctioningReview.Status
BEHIND = 2  # houses of which the last review is told in full
SOON = 100  # days before the first of them is due
LATELY = 30  # days since one was made again
REASONS = ["Équipe renouvelée.", "Travail mené en journée pédagogique.", "Organisation revue avec la direction."]
RATINGS = [Observation.Rating.ACQUIRED] * 3 + [Observation.Rating.IN_PROGRESS] * 2 + [Observation.Rating.STRENGTH]
SUMMARY = (
    "L’établissement fonctionne de façon régulière. L’équipe est attentive aux rythmes, les transmissions posées. "
    "La priorité des deux ans à venir est le projet d’accueil et la place des familles."
)
DIRECTOR = "Je partage l’essentiel. La place manque pour réunir les familles\u202f: c’est à prévoir avec les travaux."
HEAD = "Analyse validée. Le plan se suit en visite."


def build(world):
    """After everything that a review reads."""
    told = 0
    for house in world.houses:
        if house.row.management_mode != ManagementMode.REGIE or not house.row.is_open_on(world.today):
            continue
        chance, last = world.stream("analyses", house.number), None
        due_on = max(due_after(house.row.opened_on), world.today + timedelta(days=chance.randrange(190, 720)))
        if told <= BEHIND and house.row.opened_on < add_months(world.today, -36):
            due_on = world.today + timedelta(days=SOON + 200 * told)
            if told == BEHIND:  # the analysis of this one was just made again: what moved since can be read
                first = _validated(world, chance, house, add_months(world.today, -25))
                last = _validated(world, chance, house, world.today - timedelta(days=LATELY), previous=first)
                due_on = due_after(world.today - timedelta(days=LATELY))
            else:
                last = _validated(world, chance, house, add_months(due_on, -24))
            told += 1
        FunctioningReview.objects.create(
            establishment=house.row,
            due_on=due_on,
            previous=last,
            created_at=at(world.today - timedelta(days=30), 10),
            client_uuid=uuid_of(chance),
        )


def _validated(world, chance, house, day, previous=None):
    """A review as it was written then: the facts known that day, rated, answered, validated."""
    coordinator = world.coordinator_of(house.sector_on(day), day) or world.people["pole_head"]
    review = FunctioningReview.objects.create(
        establishment=house.row,
        due_on=day,
        previous=previous,
        created_at=at(day - timedelta(days=120), 10),
        client_uuid=uuid_of(chance),
    )
    opened = window_of(house.row.pk, day - timedelta(days=60))
    review.since, review.until = opened.since, opened.until
    pour(review)
    review.status, review.summary = Status.ANSWERING, SUMMARY
    review.opened_by, review.opened_at = coordinator, at(review.until, 9)
    review.shared_by, review.shared_at = coordinator, at(day - timedelta(days=20), 9)
    review.answer_due_on = day - timedelta(days=8)
    review.save()
    for item in review.items.order_by("position"):
        rating = chance.choice(RATINGS)
        moved = item.previous_rating and item.previous_rating != rating
        reason = chance.choice(REASONS) if moved else ""
        ReviewItem.objects.filter(pk=item.pk).update(rating=rating, reason=reason)
    review.director_opinion, review.answered_at = DIRECTOR, at(day - timedelta(days=10), 9)
    review.answered_by = house.directing_on(day) or coordinator
    review.head_opinion, review.validated_by, review.validated_at = HEAD, world.people["pole_head"], at(day, 11)
    review.status = Status.VALIDATED
    review.document, review.fingerprint = document_of(review)
    review.save()
    return review
