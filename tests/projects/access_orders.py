"""Who may open the pages of the orders: those who give them, those who receive them, nobody of the houses."""

import datetime

from django.core.files.base import ContentFile

from projects.models import OrderAddressee, OrderDocument, ServiceOrder
from tests.core.access import WHO
from tests.factories import TODAY
from tests.projects.access_words import anywhere, nothing

READING = ["coordinator", "colleague", "neighbour", "pole_head", "division_head", "central", "assistant"]
LISTED = anywhere(READING)
GIVING = anywhere(["central"])
CARRYING = ["division_head"]


def told(status, allowed, known=READING):
    """`status` for those allowed, 403 for those who read orders, 404 for the others."""
    return {who: status if who in allowed else 403 if who in known else 404 for who in WHO}


def order(request, status="sent"):
    for house in ("creche", "next_creche", "far_creche"):
        request.getfixturevalue(house)
    central, direction = request.getfixturevalue("central"), request.getfixturevalue("direction")
    signed = {"sent_by": central, "sent_on": TODAY} if status == "sent" else {}
    return ServiceOrder.objects.create(
        territory=direction, title="Plan canicule", due_on=TODAY + datetime.timedelta(days=20), status=status,
        created_by=central, **signed,
    )  # fmt: skip


def line(request, status="sent"):
    caspe = request.getfixturevalue("caspe")
    return OrderAddressee.objects.create(order=order(request, status), territory=caspe)


def sent(request):
    return (line(request).order_id,)


def draft(request):
    return (line(request, "draft").order_id,)


def to_move(request):
    return draft(request), {"jour": "2026-04-14"}


def to_date(request):
    return (line(request, "draft").pk,), {"jour": "2026-04-14"}


def to_close(request):
    return (*sent(request), "close"), {}


def to_acknowledge(request):
    return (line(request).pk, "acknowledge"), {}


def document(request):
    made = OrderDocument(order=line(request).order, filename="plan.pdf", content_type="application/pdf", size=1)
    made.uploaded_by, made.digest = request.getfixturevalue("central"), "0" * 64
    made.file.save("plan.pdf", ContentFile(b"%PDF-1.7 %%EOF"))
    return (made.pk,)


DRAFTING = told(200, ["central"], known=())
GRID = [
    ("projects:order_list", "get", nothing, LISTED),
    ("projects:order_create", "get", nothing, GIVING),
    ("projects:order_create", "post", nothing, GIVING),
    ("projects:order_detail", "get", sent, told(200, READING)),
    ("projects:order_detail", "get", draft, DRAFTING),
    ("projects:order_pdf", "get", sent, told(200, READING)),
    ("projects:order_edit", "get", draft, DRAFTING),
    ("projects:order_edit", "post", draft, DRAFTING),
    ("projects:order_attach", "get", sent, told(200, ["central"])),
    ("projects:order_attach", "post", sent, told(200, ["central"])),
    ("projects:order_move", "post", to_move, told(302, ["central"], known=())),
    ("projects:addressee_date", "post", to_date, told(302, ["central"], known=())),
    ("projects:order_step", "post", to_close, told(302, ["central"])),
    ("projects:addressee_step", "post", to_acknowledge, told(302, CARRYING)),
    ("projects:order_document", "get", document, told(200, READING)),
]
