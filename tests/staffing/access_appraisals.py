"""Appraisals: the person, her coordinator, the head of the pôle; for everybody else they do not exist."""

import datetime
import uuid

from tests.factories import TODAY
from tests.projects.access_words import INSIDE, OUTSIDE, anywhere, nothing
from tests.staffing.appraising import convened, held, notified, objective

EVERYBODY = [*INSIDE, *OUTSIDE]
LEADERS = ["coordinator", "pole_head"]


def only(status, leaders=200, person=200):
    """404 for all but those who appraise and the person herself."""
    return dict.fromkeys(EVERYBODY, status) | dict.fromkeys(LEADERS, leaders) | {"director": person}


def three(request):
    return tuple(request.getfixturevalue(name) for name in ("creche", "director", "coordinator"))


def one(make, **given):
    return lambda request: (make(*three(request), **given).pk,)


def posted(make, data, **given):
    return lambda request: (one(make, **given)(request), data() if callable(data) else data)


def followed(request):
    house, director, coordinator = three(request)
    row = held(house, director, coordinator)
    return (row.pk, objective(row, coordinator).pk), {"state": "on_course"}


READ, STEP, SIGN = only(404), only(404, 302, 403), only(404, 403, 302)
REPORT = "Une année posée."
NEW = {"meeting_on": TODAY + datetime.timedelta(days=30)}
GRID = [
    ("staffing:appraisal_list", "get", nothing, dict.fromkeys(EVERYBODY, 200)),
    ("staffing:appraisal_create", "get", nothing, anywhere([*LEADERS, "colleague", "neighbour"])),
    ("staffing:appraisal_create", "post", nothing, anywhere([*LEADERS, "colleague", "neighbour"])),
    ("staffing:appraisal", "get", one(convened), READ),
    ("staffing:appraisal", "get", one(held, report=REPORT), READ),
    ("staffing:appraisal", "get", one(notified), READ),
    ("staffing:appraisal_pdf", "get", one(notified), READ),
    ("staffing:appraisal_move", "post", posted(convened, NEW), STEP),
    ("staffing:appraisal_hold", "post", posted(convened, {"held_on": TODAY}), STEP),
    ("staffing:appraisal_write", "post", posted(held, {"version": 0, "report": REPORT}), STEP),
    (
        "staffing:appraisal_objective",
        "post",
        posted(held, lambda: {"client_uuid": uuid.uuid4(), "text": "Conduire le projet"}),
        STEP,
    ),
    ("staffing:appraisal_follow", "post", followed, STEP),
    ("staffing:appraisal_notify", "post", posted(held, {}, report=REPORT), STEP),
    ("staffing:appraisal_sign", "post", posted(notified, {"reply": "Lu."}), SIGN),
    ("staffing:appraisal_cancel", "post", posted(convened, {}), STEP),
]
