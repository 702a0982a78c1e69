"""Which houses await a review, and putting them on the calendar: one review under way a house, régie only (S-002)."""

import uuid

from django.db import transaction
from django.utils import timezone

from establishments.models import JournalHead, ManagementMode, record
from establishments.workflow import TransitionRefused

from ..models import FunctioningReview
from .campaign import due_after


def without_review(houses):
    """Among these houses, those in régie that have no review under way."""
    busy = FunctioningReview.objects.under_way().order_by().values("establishment")
    return houses.municipal().exclude(pk__in=busy)


def first_due(house, today, last=None):
    """Twenty-four months after the last validated review, or after the opening of the house (domain 5.2).

    A house opened long ago whose last review nobody entered: the count starts today rather than from an opening of
    the last century, so that taking the product up does not begin with every review late.
    """
    if last is not None:
        return due_after(timezone.localdate(last.validated_at))
    due_on = due_after(house.opened_on)
    return due_on if due_on >= today else due_after(today)


def schedule(*, by, establishment, due_on=None, client_uuid=None):
    """Schedule the next review of a house; the same key twice gives the same one. Raises TransitionRefused."""
    with transaction.atomic():
        JournalHead.locked()
        known = FunctioningReview.objects.filter(client_uuid=client_uuid).first() if client_uuid else None
        if known is not None:
            return known
        if establishment.management_mode != ManagementMode.REGIE:
            raise TransitionRefused("L’analyse de fonctionnement ne concerne que la régie.")
        if establishment.reviews.under_way().exists():
            raise TransitionRefused("Une analyse est déjà programmée ou en cours.")
        last = establishment.reviews.filter(status__in=FunctioningReview.CLOSED).order_by("validated_at").last()
        review = FunctioningReview.objects.create(
            establishment=establishment,
            due_on=due_on or first_due(establishment, timezone.localdate(), last),
            previous=last,
            client_uuid=client_uuid or uuid.uuid4(),
        )
        record("analyse programmée", review, by=by, establishment=establishment)
    return review


def schedule_missing(houses, *, by, today):
    """One review for each house of a queryset that awaits its first date; returns how many."""
    waiting = list(without_review(houses.open_on(today)).order_by("pk"))
    with transaction.atomic():
        for house in waiting:
            schedule(by=by, establishment=house)
    return len(waiting)
