"""The grid of the pages that devices talk to; gathered by tests/visits/access.py."""

import json
import uuid

from django.core.files.base import ContentFile

from tests.visits.factories import VisitFactory
from visits.models import FieldChange, VisitAttachment


def visit_of(request, **traits):
    coordinator = request.getfixturevalue("coordinator")
    return VisitFactory(establishment=request.getfixturevalue("creche"), coordinator=coordinator, **traits)


def draft(request):
    """A draft not arrived yet, of `creche`."""
    changes = [{"key": str(uuid.uuid4()), "name": "summary", "base": "", "value": "Une équipe posée."}]
    house = request.getfixturevalue("creche")
    return (uuid.UUID(int=7),), {"etablissement": house.pk, "changes": json.dumps(changes)}


def alert(request):
    told = {"family": "building", "severity": 3, "title": "Odeur de gaz", "releve": ""}
    return (uuid.UUID(int=9),), {"etablissement": request.getfixturevalue("creche").pk, **told}


def arrived(request):
    return (visit_of(request).client_uuid,)


def visit(request):
    return (visit_of(request).pk,)


def attachment(request):
    made = VisitAttachment(
        visit=visit_of(request), key=uuid.uuid4(), filename="plan.png", content_type="image/png", size=4,
        digest="0" * 64, uploaded_by=request.getfixturevalue("coordinator"),
    )  # fmt: skip
    made.file.save("plan.png", ContentFile(b"plan"))
    return (made.pk,)


def text(request):
    by = request.getfixturevalue("coordinator")
    given = {"visit": visit_of(request), "name": "summary", "value": "Reçu", "outcome": "conflict"}
    return (FieldChange.objects.create(key=uuid.uuid4(), made_by=by, **given).pk,), {"choix": "theirs"}


def house(request):
    return (request.getfixturevalue("creche").pk,)


def rows(anywhere, unseen, house_page, full, loggers, creators):
    """The rows, with the helpers of the grid they join."""
    return [
        ("service_worker", "get", lambda request: (), dict.fromkeys(anywhere([]), 200)),
        ("visits:offline_page", "get", lambda request: (), dict.fromkeys(anywhere([]), 200)),
        ("visits:mallette", "get", lambda request: (), anywhere(creators)),
        ("visits:briefing", "get", house, house_page(200, loggers)),
        ("visits:briefing_pdf", "get", house, house_page(200, loggers)),
        ("visits:offline_session", "get", lambda request: (), anywhere(creators)),
        ("visits:draft_save", "post", draft, house_page(200, loggers)),
        ("visits:alert_raise", "post", alert, house_page(200, [*loggers, "assistant", "health_lead", "director"])),
        # To those who may not write it, a draft that is there has not arrived; to her the file is missing.
        ("visits:draft_attach", "post", arrived, dict.fromkeys(anywhere([]), 409) | dict.fromkeys(loggers, 400)),
        ("visits:attachment_add", "post", visit, unseen(302, loggers)),
        ("visits:attachment_download", "get", attachment, unseen(200, full)),
        ("visits:attachment_remove", "post", attachment, unseen(302, loggers)),
        ("visits:change_settle", "post", text, unseen(302, loggers)),
    ]
