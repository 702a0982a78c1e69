"""The watch on practices: observations counted by theme, or by item of the grids, and by year (S-020, S-021)."""

from django.db.models import Count, Max, Q
from django.db.models.functions import ExtractYear

from .models import Observation, Visit

Nature, Rating = Observation.Nature, Observation.Rating
BY_THEME = ("item__grid__code", "item__theme__title")
BY_ITEM = ("item__grid__code", "item__theme__title", "item__key")


def observation_counts(observations, *, by_item=False):
    """Rows {year, grid, theme, [item, reference], visits, one count for each nature, not observed}, as a queryset.

    Versions of a grid are counted together: an item keeps its key, a theme its title. Cancelled visits hold none.
    """
    rows = observations.filter(visit__status=Visit.Status.DONE).annotate(year=ExtractYear("visit__visited_on"))
    keys = ["year", *(BY_ITEM if by_item else BY_THEME)]
    counts = {nature.value: Count("pk", filter=Q(nature=nature)) for nature in Nature}
    # The wording of the latest version stands for all of them.
    names = {"title": Max("item__title"), "reference": Max("item__reference")} if by_item else {}
    return (
        rows.order_by()
        .values(*keys)
        .annotate(
            grid_title=Max("item__grid__title"),
            visits=Count("visit", distinct=True),
            seen=Count("pk", filter=~Q(rating=Rating.NOT_OBSERVED)),
            not_observed=Count("pk", filter=Q(rating=Rating.NOT_OBSERVED)),
            **counts,
            **names,
        )
        .order_by("-year", *keys[1:])
    )
