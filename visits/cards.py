"""From an observation « bonne pratique » to its card, and from the themes of the last visit to the cards of others."""

from dataclasses import dataclass

from django.db import transaction

from establishments.models import Capability, JournalHead
from projects.models import GoodPractice
from projects.models.practices import HOUSE, OBSERVER

from .models import Observation, PracticeOrigin, Visit

Nature = Observation.Nature
RAISED = [Nature.TO_IMPROVE, Nature.GAP]
SUGGESTED = 5


@dataclass(frozen=True)
class Seen:
    """One good practice of a validated report: its card once there is one."""

    observation: Observation
    card: GoodPractice | None


def card_of(observation, side, *, by):
    """(card, created) of an observation: made the first time, and agreed by the side that makes it."""
    with transaction.atomic():
        JournalHead.locked()
        known = PracticeOrigin.objects.filter(observation=observation).select_related("practice").first()
        if known is not None:
            return known.practice, False
        item = observation.item
        card = GoodPractice(
            establishment=observation.visit.establishment,
            title=item.title[:160],
            theme=item.theme.title[:120],
            what=observation.fact or observation.appreciation or item.title,
        ).propose(side, by=by)
        PracticeOrigin.objects.create(practice=card, observation=observation)
    return card, True


def seen_in(visit) -> list[Seen]:
    """The good practices that a validated report lets the house read. Two queries."""
    rows = list(Observation.objects.shareable().filter(visit=visit).select_related("item").order_by("pk"))
    origins = PracticeOrigin.objects.filter(observation__in=rows).select_related("practice")
    cards = {origin.observation_id: origin.practice for origin in origins}
    return [Seen(row, cards.get(row.pk)) for row in rows]


def speaks_for(user, observation, can):
    """The side for which the reader may make the card, or None."""
    sides = (OBSERVER, HOUSE)
    return next((side for side in sides if can(user, side, observation)), None)


def themes_raised(establishment, *, before=None):
    """Titles of the themes that the last visit made found wanting."""
    made = Visit.objects.of(establishment).done().order_by("-visited_on", "-pk")
    if before is not None and before.pk:
        made = made.exclude(pk=before.pk)
    rows = Observation.objects.filter(
        visit__in=made.order_by("-visited_on", "-pk").values("pk")[:1], nature__in=RAISED
    )
    return set(rows.order_by().values_list("item__theme__title", flat=True))


def suggestions_for(establishment, user, *, before=None) -> tuple[GoodPractice, ...]:
    """Published cards of other houses on these themes, the most taken up first. Two queries."""
    themes = themes_raised(establishment, before=before)
    if not themes:
        return ()
    cards = GoodPractice.objects.visible_to(user, Capability.READ_TRANSMITTED).published().on_themes(themes)
    cards = cards.exclude(establishment=establishment).exclude(reuses__establishment=establishment)
    return tuple(cards.select_related("establishment").with_reuse().order_by("-n_reuses", "title", "pk")[:SUGGESTED])
