"""Sensitive files: 404 for everybody but the readers and the head of the pôle."""

import datetime
import uuid

from tests.visits.sensitive import opened


def rows(inside, outside):
    """The rows of the grid; `inside` and `outside` are the users of tests/visits/access.py."""
    everybody = [*inside, *outside]
    readers = dict.fromkeys(everybody, 404) | dict.fromkeys(["coordinator", "pole_head"], 200)
    steps = readers | dict.fromkeys(["coordinator", "pole_head"], 302)
    openers = dict.fromkeys(everybody, 403) | dict.fromkeys(
        ["coordinator", "colleague", "neighbour", "pole_head"], 200
    )

    def file(request):
        return opened(request.getfixturevalue("creche"), request.getfixturevalue("coordinator"))

    def one(request):
        return (file(request).pk,)

    def closed(request):
        found = file(request)
        found.close(by=request.getfixturevalue("coordinator"), today=datetime.date(2026, 3, 17))
        return (found.pk,)

    def note(request):
        return one(request), {"client_uuid": uuid.uuid4(), "text": "Une note."}

    def reader(request):
        return one(request), {"user": request.getfixturevalue("assistant").pk}

    def reader_end(request):
        found = file(request)
        named = found.name_reader(request.getfixturevalue("health_lead"), by=request.getfixturevalue("coordinator"))
        return (found.pk, named.pk), {}

    def nothing(request):
        request.getfixturevalue("creche")
        return ()

    named_too = steps | {"health_lead": 302}
    return [
        ("visits:sensitive_list", "get", nothing, dict.fromkeys(everybody, 200)),
        ("visits:sensitive_create", "get", nothing, openers),
        ("visits:sensitive_create", "post", lambda request: (nothing(request), {}), openers),
        ("visits:sensitive", "get", one, readers),
        ("visits:sensitive", "get", closed, readers),
        ("visits:sensitive_note", "post", note, steps),
        ("visits:sensitive_reader_add", "post", reader, steps),
        ("visits:sensitive_reader_end", "post", reader_end, named_too),
        ("visits:sensitive_close", "post", lambda request: (one(request), {}), steps),
    ]
