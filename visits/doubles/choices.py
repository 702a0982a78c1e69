"""Who may rate with whom, and what may be rated twice."""

from django.db.models import Q

from core.models import User
from establishments.models import Capability, Establishment, Mandate, TerritoryLink, roles_with

from ..models import FunctioningReview, Visit
from .subjects import title_of

MOST = 30


def possible_raters(user, today):
    """Who may rate with her: whoever conducts reviews under the same pôles."""
    mine = Mandate.objects.held_by(user, roles_with(Capability.CONDUCT_REVIEW), today).values("territory")
    above = TerritoryLink.objects.filter(descendant__in=mine, ancestor__kind="pole").values("ancestor")
    around = TerritoryLink.objects.filter(ancestor__in=above).values("descendant")
    holders = Mandate.objects.active_on(today).filter(
        Q(territory__in=around) | Q(territory__in=above), role__in=roles_with(Capability.CONDUCT_REVIEW)
    )
    return User.objects.filter(pk__in=holders.values("user"), is_active=True).exclude(pk=user.pk)


def reaches(second, text):
    """A review holds internal facts: its raters conduct reviews there. A visit's sheet does not."""
    of_review = isinstance(text, FunctioningReview)
    capability = Capability.CONDUCT_REVIEW if of_review else Capability.KNOW_INTERNAL
    return Establishment.objects.visible_to(second, capability).filter(pk=text.establishment_id).exists()


def texts_of(user):
    """{"visite-12": (visit, how it is said)}: the last visits made with a grid, the reviews that are open."""
    visits = Visit.objects.visible_to(user, Capability.LOG_VISIT).done().filter(grid__isnull=False, purged_at=None)
    reviews = FunctioningReview.objects.visible_to(user, Capability.CONDUCT_REVIEW)
    reviews = reviews.exclude(status=FunctioningReview.Status.SCHEDULED).filter(purged_at=None)
    found = {}
    for text in visits.select_related("establishment").order_by("-visited_on", "-pk")[:MOST]:
        found[f"visite-{text.pk}"] = text, f"{text.establishment} — {title_of(text).lower()}"
    for text in reviews.select_related("establishment").order_by("-until", "-pk")[:MOST]:
        found[f"analyse-{text.pk}"] = text, f"{text.establishment} — {title_of(text).lower()}"
    return found
