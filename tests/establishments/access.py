"""Who may open each page of the register, and who gets 403 or 404."""

import datetime
import uuid

from django.core.files.base import ContentFile

from establishments.models import CapacityChange, Closure, Document, Level
from tests.establishments.packs import own_pack, png
from tests.factories import TODAY, UserFactory

DAY = datetime.timedelta(days=1)
OUTSIDE = ["neighbour", "former", "far_director", "elected", "nobody", "superuser"]
INSIDE = [
    "coordinator",
    "colleague",
    "pole_head",
    "division_head",
    "central",
    "assistant",
    "health_lead",
    "director",
    "administrator",
]
READERS = ["coordinator", "pole_head", "division_head", "assistant"]
KEEPERS = ["coordinator", "pole_head", "assistant"]
VISITORS = ["coordinator", "pole_head"]
TRANSMITTED = [*READERS, "central", "director"]


def answers(status, allowed, refused=403):
    """`status` for those allowed, 403 for those who know the house without the right, 404 for the others."""
    inside = {who: status if who in allowed else refused for who in INSIDE}
    return inside | dict.fromkeys(OUTSIDE, 404)


EVERYONE_INSIDE = answers(200, INSIDE)
# Pages about no record: those who hold the capability anywhere.
ALL = dict.fromkeys([*INSIDE, *OUTSIDE], 200)
LISTS = dict.fromkeys([*INSIDE, "neighbour", "far_director"], 200) | dict.fromkeys(
    ["former", "elected", "nobody", "superuser"], 403
)
FILES = dict.fromkeys([*INSIDE, *OUTSIDE], 403) | dict.fromkeys([*READERS, "colleague", "neighbour"], 200)
TERRITORY = answers(200, [who for who in INSIDE if who not in {"director", "health_lead"}], refused=404)


def house(request):
    return (request.getfixturevalue("creche").pk,)


def with_a_logo(request):
    own_pack(request.getfixturevalue("tmp_path"), request.getfixturevalue("settings"), logo=png())
    return anything(request)


def anything(request):
    request.getfixturevalue("creche")
    return ()


def sector(request):
    return (request.getfixturevalue("creche").attachments.get().territory_id,)


def closure(request):
    creche = request.getfixturevalue("creche")
    return Closure.objects.create(establishment=creche, cause=Closure.Cause.BRIDGE, starts_on=TODAY, ends_on=TODAY)


def freeze(request):
    creche = request.getfixturevalue("creche")
    return CapacityChange.objects.create(establishment=creche, places=3, reason="works", starts_on=TODAY)


def document_of(creche, level):
    return Document.objects.create(
        establishment=creche,
        title="Règlement de fonctionnement",
        level=level,
        file=ContentFile(b"%PDF-1.7 %%EOF", name="document.pdf"),
        filename="reglement.pdf",
        content_type="application/pdf",
        size=14,
        digest=uuid.uuid4().hex,
        uploaded_by=UserFactory(),
    )


def pole_document(request):
    return (document_of(request.getfixturevalue("creche"), Level.POLE).pk,)


def transmitted_document(request):
    return (document_of(request.getfixturevalue("creche"), Level.ETABLISSEMENT).pk,)


def named_readers_document(request):
    return (document_of(request.getfixturevalue("creche"), Level.NOMINATIF).pk,)


def one_day(request):
    day = TODAY.isoformat()
    return house(request), {"cause": "bridge", "part": "day", "starts_on": day, "ends_on": day}


def changed_closure(request):
    return (closure(request).pk,), one_day(request)[1]


def three_places(request):
    return house(request), {"places": "3", "reason": "works", "starts_on": TODAY.isoformat()}


def changed_freeze(request):
    return (freeze(request).pk,), three_places(request)[1]


def drill(request):
    return (*house(request), "evacuation")


def drill_done(request):
    return drill(request), {"done_on": TODAY.isoformat(), "expires_on": (TODAY + 180 * DAY).isoformat()}


def directorship(request):
    creche = request.getfixturevalue("creche")
    request.getfixturevalue("director")  # she directs it
    return creche.directorships.get()


def parcours(request):
    return (directorship(request).pk,)


def step(request):
    """The first step of her parcours; a direction old on the day of the run has none of its own."""
    held = directorship(request)
    if not held.taking_office_steps.exists():
        held.taking_office_steps.bulk_create(held.planned_steps())
    return (held.taking_office_steps.first().pk,)


def step_done(request):
    return step(request), {"done_on": TODAY.isoformat(), "note": "Fait sur place"}


GRID = [
    ("establishments:charter_css", "get", anything, ALL),
    ("establishments:charter_logo", "get", with_a_logo, ALL),
    ("establishments:list", "get", anything, LISTS),
    ("establishments:map", "get", anything, LISTS),
    ("establishments:pipeline", "get", anything, LISTS),
    ("establishments:expiring", "get", anything, FILES),
    ("establishments:contacts", "get", sector, TERRITORY),
    ("establishments:detail", "get", house, EVERYONE_INSIDE),
    ("establishments:detail_pdf", "get", house, EVERYONE_INSIDE),
    ("establishments:authorisation", "get", house, EVERYONE_INSIDE),
    ("establishments:calendar", "get", house, EVERYONE_INSIDE),
    ("establishments:obligations", "get", house, answers(200, READERS)),
    ("establishments:history", "get", house, answers(200, READERS)),
    ("establishments:documents", "get", house, answers(200, TRANSMITTED)),
    ("establishments:document_download", "get", pole_document, answers(200, READERS, refused=404)),
    ("establishments:document_download", "get", transmitted_document, answers(200, TRANSMITTED, refused=404)),
    ("establishments:document_download", "get", named_readers_document, answers(200, [], refused=404)),
    ("establishments:document_add", "get", house, answers(200, KEEPERS)),
    ("establishments:document_add", "post", lambda request: (house(request), {}), answers(200, KEEPERS)),
    ("establishments:closure_add", "get", house, answers(200, KEEPERS)),
    ("establishments:closure_add", "post", one_day, answers(302, KEEPERS)),
    ("establishments:closure_edit", "get", lambda request: (closure(request).pk,), answers(200, KEEPERS)),
    ("establishments:closure_edit", "post", changed_closure, answers(302, KEEPERS)),
    ("establishments:closure_delete", "post", lambda request: (closure(request).pk,), answers(302, KEEPERS)),
    ("establishments:freeze_add", "get", house, answers(200, KEEPERS)),
    ("establishments:freeze_add", "post", three_places, answers(302, KEEPERS)),
    ("establishments:freeze_edit", "get", lambda request: (freeze(request).pk,), answers(200, KEEPERS)),
    ("establishments:freeze_edit", "post", changed_freeze, answers(302, KEEPERS)),
    ("establishments:freeze_delete", "post", lambda request: (freeze(request).pk,), answers(302, KEEPERS)),
    ("establishments:obligation_edit", "get", drill, answers(200, KEEPERS)),
    ("establishments:obligation_edit", "post", drill_done, answers(302, KEEPERS)),
    ("establishments:taking_office", "get", parcours, answers(200, TRANSMITTED)),
    ("establishments:taking_office_done", "get", step, answers(200, VISITORS)),
    ("establishments:taking_office_done", "post", step_done, answers(302, VISITORS)),
    ("establishments:taking_office_undo", "post", step, answers(302, VISITORS)),
]
