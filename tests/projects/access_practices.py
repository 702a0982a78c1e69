"""Who may open the pages of the good practices."""

from projects.models import GoodPractice
from tests.core.access import WHO
from tests.factories import TODAY
from tests.projects.access_words import TRANSMITTED, anywhere, nothing

LISTED = anywhere([*TRANSMITTED, "colleague", "neighbour", "far_director"])
OBSERVING = ["coordinator", "pole_head"]


def card(request, status="proposed", **given):
    for house in ("creche", "next_creche", "far_creche"):
        request.getfixturevalue(house)
    director, coordinator = request.getfixturevalue("director"), request.getfixturevalue("coordinator")
    if status == "published":
        given |= {"house_by": director, "house_on": TODAY, "observer_by": coordinator, "observer_on": TODAY}
        given |= {"territory": request.getfixturevalue("direction"), "published_on": TODAY}
    return GoodPractice.objects.create(
        establishment=request.getfixturevalue("creche"), title="Le doudou a sa place", what="Un casier bas.",
        status=status, created_by=coordinator, **given,
    )  # fmt: skip


def proposed(request):
    return (card(request).pk,)


def published(request):
    return (card(request, "published").pk,)


def to_agree_seen(request):
    return (card(request).pk, "agree_seen"), {}


def to_agree_house(request):
    return (card(request).pk, "agree_house"), {}


def within(status, allowed, known=TRANSMITTED):
    """`status` for those allowed, 403 for those who read the card, 404 for the others."""
    return {who: status if who in allowed else 403 if who in known else 404 for who in WHO}


EVERYBODY = [*TRANSMITTED, "colleague", "neighbour", "far_director"]
TAKING = ["coordinator", "pole_head", "director", "colleague", "neighbour", "far_director"]
GRID = [
    ("projects:practice_list", "get", nothing, LISTED),
    ("projects:practice_detail", "get", proposed, within(200, TRANSMITTED)),
    ("projects:practice_detail", "get", published, within(200, EVERYBODY)),
    ("projects:practice_pdf", "get", published, within(200, EVERYBODY)),
    ("projects:practice_edit", "get", proposed, within(200, [*OBSERVING, "director"])),
    ("projects:practice_edit", "post", proposed, within(200, [*OBSERVING, "director"])),
    ("projects:practice_reuse", "get", published, within(200, TAKING, EVERYBODY)),
    ("projects:practice_reuse", "post", published, within(200, TAKING, EVERYBODY)),
    ("projects:practice_step", "post", to_agree_seen, within(302, OBSERVING)),
    ("projects:practice_step", "post", to_agree_house, within(302, ["director"])),
]
