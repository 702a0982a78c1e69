"""Who reads, records, proves and lifts what inspections of `creche` found."""

import datetime
import uuid

from tests.visits.controls import DUE, entered, found, measured

KNOWING = ["coordinator", "colleague", "pole_head", "division_head", "central", "assistant", "health_lead", "director"]
KNOWING += ["administrator"]
READERS = ["coordinator", "pole_head", "division_head", "central", "assistant", "director"]
KEEPERS = ["coordinator", "pole_head", "assistant"]
PROVERS = ["coordinator", "pole_head", "director"]
ACTORS = ["coordinator", "pole_head"]


def rows(inside, outside):
    everybody = [*inside, *outside]

    def only(allowed, status=200):
        known = dict.fromkeys(KNOWING, 403) | dict.fromkeys(allowed, status)
        return dict.fromkeys(everybody, 404) | known

    def anywhere(allowed):
        return dict.fromkeys(everybody, 403) | dict.fromkeys(allowed, 200)

    def inspection(request, **facts):
        return entered(request.getfixturevalue("creche"), request.getfixturevalue("coordinator"), **facts)

    def finding(request, **facts):
        return found(inspection(request), request.getfixturevalue("coordinator"), **facts)

    def one(request):
        return (inspection(request).pk,)

    def point(request):
        return (finding(request).pk,)

    def posted(make, **data):
        return lambda request: (make(request), data)

    def answerable(request):
        made = finding(request)
        measured(made, request.getfixturevalue("coordinator"))
        return (made.inspection_id,)

    def house(request):
        return (request.getfixturevalue("creche").pk,)

    def nothing(request):
        request.getfixturevalue("creche")
        return ()

    far = ["neighbour", "colleague"]
    new = {"nature": "gap", "text": "Registre absent", "due_on": DUE}
    later = datetime.date(2026, 4, 10)
    again = {"checked_on": datetime.date(2026, 3, 12), "outcome": "kept", "note": "Encore là", "due_after": later}

    def adding(request):
        return one(request), {**new, "client_uuid": uuid.uuid4()}

    def looking(request):
        return point(request), {**again, "client_uuid": uuid.uuid4()}

    def righting(request):
        return point(request), {**new, "client_uuid": uuid.uuid4(), "version": 1}

    def correcting(request):
        return point(request), {"client_uuid": uuid.uuid4(), "title": "Ranger", "due_on": DUE}

    return [
        ("visits:inspections", "get", nothing, anywhere([*READERS, *far, "far_director"])),
        ("visits:findings", "get", nothing, anywhere([*READERS, *far, "far_director"])),
        ("visits:establishment_inspections", "get", house, only(READERS)),
        ("visits:inspection_create", "get", nothing, anywhere([*KEEPERS, *far])),
        ("visits:inspection_create", "post", lambda request: (nothing(request), {}), anywhere([*KEEPERS, *far])),
        ("visits:inspection", "get", one, only(READERS)),
        ("visits:inspection_pdf", "get", one, only(READERS)),
        ("visits:inspection_answer_pdf", "get", one, only(KEEPERS)),
        ("visits:finding_add", "post", adding, only(KEEPERS, 302)),
        ("visits:inspection_answer", "post", posted(answerable, on="2026-03-16", text="Voici"), only(KEEPERS, 302)),
        ("visits:inspection_close", "post", posted(one), only(KEEPERS, 302)),
        ("visits:finding", "get", point, only(READERS)),
        ("visits:finding_correct", "get", point, only(KEEPERS)),
        ("visits:finding_correct", "post", righting, only(KEEPERS, 302)),
        ("visits:finding_withdraw", "post", posted(point, reason="Saisi deux fois"), only(KEEPERS, 302)),
        ("visits:finding_action", "post", correcting, only(ACTORS, 302)),
        ("visits:finding_proof", "post", posted(point, note="Photo"), only(PROVERS, 302)),
        ("visits:finding_display", "post", posted(point, on="2026-03-16"), only(PROVERS, 302)),
        ("visits:finding_check", "post", looking, only(KEEPERS, 302)),
    ]
