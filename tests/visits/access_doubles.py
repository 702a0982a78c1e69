"""Double ratings: those who conduct reviews over the house, and the two named raters."""

import uuid

from tests.visits.factories import GridFactory, VisitFactory
from visits.models import DoubleRating

UUID = "0b7a6f1e-6b70-4a5c-9e06-4a4b9f2f9d01"


def opened(request, **more):
    """Of a visit of the house, between its coordinator and a colleague of the pôle."""
    first, second = request.getfixturevalue("coordinator"), request.getfixturevalue("colleague")
    house = request.getfixturevalue("creche")
    visit = VisitFactory(establishment=house, coordinator=first, grid=GridFactory(items=2), **more)
    double = DoubleRating(establishment=house, visit=visit, second=second, training=bool(more))
    return double.start(by=first, client_uuid=uuid.uuid4())


def handed_in(request):
    """Both sheets are in; they differ on the second point."""
    double = opened(request)
    for user, second in ((double.first, "acquired"), (double.second, "to_build")):
        double.keep(by=user, answers={"item-1": ("acquired", ""), "item-2": (second, "Les bacs.")})
        double.hand_in(by=user)
    return double


def rows(anywhere, nothing, inside, outside):
    conducts = ["coordinator", "colleague", "neighbour", "pole_head"]

    def record(allowed, status, refused=404):
        return {who: status if who in allowed else refused for who in [*inside, *outside]}

    def of(step):
        return lambda request: (step(request).pk,)

    def posted(step):
        return lambda request: ((step(request).pk,), {})

    def settling(request):
        return (handed_in(request).pk,), {"item-2-rating": "acquired", "item-2-reason": "Vu ensemble."}

    readers = ["coordinator", "colleague", "pole_head"]
    return [
        ("visits:doubles", "get", nothing, anywhere(conducts)),
        ("visits:double_agreement", "get", nothing, anywhere(conducts)),
        ("visits:double_create", "get", nothing, anywhere(conducts)),
        ("visits:double_create", "post", lambda request: (nothing(request), {}), anywhere(conducts)),
        ("visits:double", "get", of(opened), record(readers, 200)),
        ("visits:double", "get", of(handed_in), record(readers, 200)),
        (
            "visits:double",
            "post",
            lambda request: ((opened(request).pk,), {}),
            record(readers, 302) | {"pole_head": 200},
        ),
        ("visits:double_pdf", "get", of(opened), record([], 404)),
        ("visits:double_pdf", "get", of(handed_in), record(readers, 200)),
        ("visits:double_settle", "post", settling, record(readers, 302)),
        ("visits:double_cancel", "post", of(opened), record(readers, 302)),
    ]
