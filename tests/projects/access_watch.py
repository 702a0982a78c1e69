"""Who may open the pages of the watch."""

from projects.models import WatchNotice
from tests.core.access import WHO
from tests.factories import TODAY
from tests.projects.access_words import TRANSMITTED, anywhere, nothing

WRITING = ["coordinator", "pole_head", "division_head", "central"]
LISTED = anywhere([*TRANSMITTED, "colleague", "neighbour", "far_director"])
WRITERS = anywhere([*WRITING, "colleague", "neighbour"])
READ = {who: 200 if who in [*TRANSMITTED, "colleague"] else 404 for who in WHO} | dict.fromkeys(
    ["health_lead", "administrator"], 403
)
STEERED = ["pole_head", "division_head", "central"]


def notice(request, status="published"):
    request.getfixturevalue("creche"), request.getfixturevalue("next_creche")
    by = request.getfixturevalue("pole_head")
    signed = {"published_by": by, "published_on": TODAY} if status == "published" else {}
    return WatchNotice.objects.create(
        territory=request.getfixturevalue("pole"), title="Décret du jour", text="Ce qui change", source="JO",
        source_on=TODAY, status=status, created_by=by, **signed,
    )  # fmt: skip


def page(request):
    return (notice(request).pk,)


def draft(request):
    return (notice(request, "draft").pk,)


def to_publish(request):
    return (notice(request, "draft").pk, "publish"), {}


DRAFT = {who: 200 if who in STEERED else 404 for who in WHO}
PUBLISHED = {who: 302 if who in STEERED else 404 for who in WHO}
DIRECTED = {who: 403 if status == 200 else status for who, status in READ.items()} | {"director": 302}
GRID = [
    ("projects:watch_list", "get", nothing, LISTED),
    ("projects:watch_create", "get", nothing, WRITERS),
    ("projects:watch_create", "post", nothing, WRITERS),
    ("projects:watch_detail", "get", page, READ),
    ("projects:watch_pdf", "get", page, READ),
    ("projects:watch_edit", "get", draft, DRAFT),
    ("projects:watch_edit", "post", draft, DRAFT),
    ("projects:watch_acknowledge", "post", page, DIRECTED),
    ("projects:watch_step", "post", to_publish, PUBLISHED),
]
