from django.db import models
from django.db.models import Q

from core.constraints import NoOverlap, dates_in_order
from establishments.models import Capability, Establishment
from establishments.models.authorisations import WEEKDAYS, PeriodQuerySet
from establishments.vocabulary import said


class PlaceOfferQuerySet(PeriodQuerySet):
    def visible_to(self, user, capability=Capability.VIEW_AGGREGATES, on=None):
        return super().visible_to(user, capability, on)


class PlaceOffer(models.Model):
    """Places that the allocation committee may give: so many, of one age group, one weekday, between two dates.

    No child, no family: the committee brings its candidates, this says what is free.
    """

    class AgeGroup(models.TextChoices):
        BABIES = "babies", "moins d’un an"
        MIDDLE = "middle", "de un à deux ans"
        OLDER = "older", "deux ans et plus"

    establishment = models.ForeignKey(
        Establishment, on_delete=models.CASCADE, related_name="place_offers", verbose_name=said("{establishment}")
    )
    age_group = models.CharField("âge", max_length=10, choices=AgeGroup)
    weekday = models.PositiveSmallIntegerField("jour", choices=WEEKDAYS)
    places = models.PositiveSmallIntegerField("places")
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = PlaceOfferQuerySet.as_manager()

    class Meta:
        verbose_name = "place offerte"
        verbose_name_plural = "places offertes"
        ordering = ["establishment", "age_group", "weekday", "starts_on"]
        constraints = [
            dates_in_order("place_offer_dates_in_order"),
            models.CheckConstraint(
                name="place_offer_positive",
                condition=Q(places__gt=0),
                violation_error_message="Une offre compte au moins une place.",
            ),
            NoOverlap(
                name="place_offer_no_overlap",
                fields=["establishment", "age_group", "weekday"],
                violation_error_message="Une offre couvre déjà ces dates pour cet âge et ce jour.",
            ),
        ]

    def __str__(self):
        return f"{self.places} places, {self.get_age_group_display()}, {self.get_weekday_display()}"

    @property
    def owning_establishment(self):
        return self.establishment
