"""What the teams tell of a person's days: her own leaves, and when a head of a house of hers is away; never why.

Directors and deputies only: the absences of three hundred agents would drown a calendar. Neither the type of the
leave nor its reason leaves Ronde.
"""

from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from core.feeds import FeedEvent
from core.french import of
from core.periods import touching
from establishments.models import Capability

from .models import Absence, LeaveRequest, Posting

PARTS = {"morning": "le matin", "afternoon": "l’après-midi"}


def feed_events(user, first, last):
    """Granted leaves and absences that touch the days asked for. Two queries."""
    leaves = LeaveRequest.objects.granted().filter(touching(first, last))
    absences = Absence.objects.filter(touching(first, last)).exclude(kind=Absence.Kind.WORK)
    for name, rows in (("leave", leaves), ("absence", absences)):
        mine = Q(employee__user=user) if user.is_active else Q(pk__in=[])
        heads = Posting.objects.filter(job__in=Posting.HEADS).filter(touching(first, last)).order_by()
        seen = Q(pk__in=rows.visible_to(user, Capability.VIEW_STAFF).order_by().values("pk"))
        found = rows.filter(mine | seen & Q(employee__in=heads.values("employee")))
        told = found.select_related("establishment").annotate(
            owner=F("employee__user"), who=Concat("employee__first_name", Value(" "), "employee__last_name")
        )
        yield from (_event(name, row, user) for row in told.order_by("starts_on", "pk"))


def _event(name, row, user):
    is_hers, house = row.owner == user.pk, row.establishment
    return FeedEvent(
        key=f"{name}-{row.pk}",
        starts=row.starts_on,
        ends=row.ends_on,
        title="Congé" if is_hers else f"Absence {of(row.who)} — {house.name}",
        place="" if is_hers else house.name,
        detail=PARTS.get(row.part, ""),
        url=row.get_absolute_url() if name == "leave" else house.get_absolute_url(),
        is_busy=is_hers,
    )
