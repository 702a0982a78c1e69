"""Who reads, tells, takes in charge and closes an event of `creche`."""

import datetime
import uuid

from tests.visits.happenings import told

READERS = [
    *("coordinator", "pole_head", "division_head", "central", "assistant", "health_lead", "director"),
]
TELLERS = ["coordinator", "pole_head", "assistant", "health_lead", "director"]
HANDLERS = ["coordinator", "pole_head", "division_head", "central"]
ACTORS = ["coordinator", "pole_head"]


def rows(inside, outside):
    everybody = [*inside, *outside]

    def only(allowed, status=200, otherwise=403):
        seen = dict.fromkeys(READERS, otherwise) | dict.fromkeys(allowed, status)
        return dict.fromkeys(everybody, 404) | seen

    def event(request, **facts):
        return told(request.getfixturevalue("creche"), request.getfixturevalue("coordinator"), **facts)

    def one(request):
        return (event(request).pk,)

    def secret(request):
        return (event(request, family="suspicion", severity=3).pk,)

    def posted(**data):
        return lambda request: (one(request), data)

    def house(request):
        return (request.getfixturevalue("creche").pk,)

    def nothing(request):
        request.getfixturevalue("creche")
        return ()

    def corrective(request):
        return one(request), {"client_uuid": uuid.uuid4(), "title": "Réparer", "due_on": datetime.date(2026, 4, 1)}

    anyone = dict.fromkeys(everybody, 200)
    far = ["neighbour", "colleague", "far_director"]
    may_tell = dict.fromkeys(everybody, 403) | dict.fromkeys([*TELLERS, *far], 200)
    of_the_house = only(READERS) | dict.fromkeys(["colleague", "administrator"], 403)
    return [
        ("visits:events", "get", nothing, anyone),
        ("visits:alerts_now", "get", nothing, anyone),
        ("visits:establishment_events", "get", house, of_the_house),
        ("visits:event_create", "get", nothing, may_tell),
        ("visits:event_create", "post", lambda request: (nothing(request), {}), may_tell),
        ("visits:event", "get", one, only(READERS)),
        ("visits:event", "get", secret, dict.fromkeys(everybody, 404) | {"coordinator": 200, "pole_head": 200}),
        ("visits:event_pdf", "get", one, only(READERS)),
        ("visits:event_acknowledge", "post", posted(), only(HANDLERS, 302)),
        ("visits:event_measures", "post", posted(measures="Fait."), only(TELLERS, 302)),
        ("visits:event_tell", "post", posted(qui="cnil"), only(HANDLERS, 302)),
        ("visits:event_action", "post", corrective, only(ACTORS, 302)),
        ("visits:event_close", "post", posted(lessons="Vu."), only(HANDLERS, 302)),
    ]
