"""Posts, recruitment, risks at work; disciplinary dates, which only those who appraise know of."""

import uuid

from staffing.models import DisciplinaryMeeting, OccupationalRisk, Post, Recruitment
from staffing.models.development import keep
from tests.factories import LONG_AGO, TODAY
from tests.projects.access_words import INSIDE, OUTSIDE, answers, anywhere, nothing

READERS = ["coordinator", "pole_head", "assistant", "director"]
KEEPERS = ["coordinator", "pole_head", "assistant"]
LEADERS = ["coordinator", "pole_head"]
FAR = ["colleague", "neighbour"]
READ = anywhere([*READERS, *FAR, "far_director"])
KEEP = anywhere([*KEEPERS, *FAR])
LEAD = anywhere([*LEADERS, *FAR])
UNKNOWN = dict.fromkeys([*INSIDE, *OUTSIDE], 404)


def kept(model, house, by, **given):
    return keep(model(establishment=house, **given), uuid.uuid4(), "essai", by=by)


def post(house, by, **given):
    return kept(Post, house, by, **{"job": "eje", "fte": 2, "starts_on": LONG_AGO} | given)


def recruitment(house, by, **given):
    return kept(Recruitment, house, by, **{"job": "eje", "asked_on": TODAY} | given)


def hazard(house, by, **given):
    return kept(
        OccupationalRisk,
        house,
        by,
        **{"hazard": "noise", "severity": 3, "frequency": 2, "review_on": TODAY} | given,
    )


def meeting(house, by, **given):
    values = {"establishment": house, "convened_on": TODAY, "meeting_on": TODAY} | given
    return keep(DisciplinaryMeeting(**values), uuid.uuid4(), "entretien disciplinaire noté", by=by, is_told=False)


def one(make):
    return lambda request: (make(request.getfixturevalue("creche"), request.getfixturevalue("coordinator")).pk,)


def house(request):
    for make in (post, recruitment, hazard):
        one(make)(request)
    return (request.getfixturevalue("creche").pk,)


GRID = [
    ("staffing:vacancies", "get", nothing, READ),
    ("staffing:recruitment_list", "get", nothing, READ),
    ("staffing:risk_list", "get", nothing, READ),
    ("staffing:accident_list", "get", nothing, READ),
    ("staffing:discipline_list", "get", nothing, LEAD),
    ("staffing:post_create", "get", nothing, KEEP),
    ("staffing:post_create", "post", nothing, KEEP),
    ("staffing:recruitment_create", "get", nothing, KEEP),
    ("staffing:recruitment_create", "post", nothing, KEEP),
    ("staffing:risk_create", "get", nothing, READ),
    ("staffing:risk_create", "post", nothing, READ),
    ("staffing:accident_create", "get", nothing, READ),
    ("staffing:accident_create", "post", nothing, READ),
    ("staffing:discipline_create", "get", nothing, LEAD),
    ("staffing:discipline_create", "post", nothing, LEAD),
    ("staffing:establishment_posts", "get", house, answers(200, READERS)),
    ("staffing:recruitment_edit", "get", one(recruitment), answers(200, KEEPERS)),
    ("staffing:recruitment_edit", "post", one(recruitment), answers(200, KEEPERS)),
    ("staffing:discipline_edit", "get", one(meeting), UNKNOWN | dict.fromkeys(LEADERS, 200)),
    ("staffing:discipline_edit", "post", one(meeting), UNKNOWN | dict.fromkeys(LEADERS, 200)),
    ("staffing:post_remove", "post", one(post), answers(302, KEEPERS)),
    ("staffing:risk_remove", "post", one(hazard), answers(302, READERS)),
]
