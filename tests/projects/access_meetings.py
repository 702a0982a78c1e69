"""Who may open the pages of the meetings: those of a sector, of which its director is a member."""

import datetime

from projects.models import Decision, MinuteLine
from tests.factories import TODAY
from tests.projects.access_words import INSIDE, OUTSIDE, anywhere, nothing
from tests.projects.meeting_factories import MeetingFactory, SeriesFactory, SubjectFactory

LISTED = anywhere(
    [
        "coordinator",
        "colleague",
        "neighbour",
        "pole_head",
        "division_head",
        "central",
        "assistant",
        "health_lead",
        "director",
        "far_director",
    ]
)
KEEPERS = ["coordinator", "pole_head", "central", "assistant"]
MAKERS = anywhere([*KEEPERS, "colleague", "neighbour"])


def answers(status, allowed):
    """A member reads; a house’s health lead knows no territory; the neighbour sector knows that it exists."""
    inside = {who: status if who in allowed else 403 for who in INSIDE if who != "health_lead"}
    return inside | dict.fromkeys([*OUTSIDE, "health_lead"], 404)


READERS = [*KEEPERS, "division_head", "director"]
READ, KEPT, MOVED = answers(200, READERS), answers(200, KEEPERS), answers(302, KEEPERS)
PROPOSED = answers(200, [*KEEPERS, "director"])


def series(request):
    request.getfixturevalue("creche")
    people = [request.getfixturevalue("director")]
    return SeriesFactory(territory=request.getfixturevalue("sector"), people=people)


def series_page(request):
    return (series(request).pk,)


def meeting(request, **given):
    given.setdefault("held_on", TODAY)
    return MeetingFactory(series=series(request), created_by=request.getfixturevalue("pole_head"), **given)


def meeting_page(request):
    return (meeting(request, minutes="Bienvenue.").pk,)


def coming(request):
    return (meeting(request, status="preparing", held_on=TODAY + datetime.timedelta(days=9)).pk,)


def to_cancel(request):
    return (*coming(request), "cancel"), {"texte": "Grève"}


def subject(request):
    made = SubjectFactory(series=series(request), proposed_by=request.getfixturevalue("pole_head"))
    return (made.pk,), {"de": "1"}


def subject_to_withdraw(request):
    (pk,), _ = subject(request)
    return (pk, "withdraw")


def decision(request):
    made = meeting(request)
    row = Decision.objects.create(meeting=made, text="Fermer à 18 h")
    MinuteLine.objects.create(meeting=made, number=1, kind="decision", text=row.text, decision=row)
    return (row.pk, "apply")


# What minutes not handed out decide is known to those who keep them.
UNDISCLOSED = dict.fromkeys(["division_head", "director", "colleague", "administrator"], 404)
GRID = [
    ("projects:meeting_list", "get", nothing, LISTED),
    ("projects:decision_list", "get", nothing, LISTED),
    ("projects:decision_step", "post", decision, MOVED | UNDISCLOSED),
    ("projects:series_list", "get", nothing, LISTED),
    ("projects:series_create", "get", nothing, MAKERS),
    ("projects:series_create", "post", nothing, MAKERS),
    ("projects:series_detail", "get", series_page, READ),
    ("projects:series_edit", "get", series_page, KEPT),
    ("projects:series_edit", "post", series_page, KEPT),
    ("projects:meeting_create", "get", series_page, KEPT),
    ("projects:meeting_create", "post", series_page, KEPT),
    ("projects:subject_create", "get", series_page, PROPOSED),
    ("projects:subject_create", "post", series_page, PROPOSED),
    ("projects:subject_move", "post", subject, MOVED),
    ("projects:subject_step", "post", subject_to_withdraw, MOVED),
    ("projects:meeting_detail", "get", meeting_page, READ),
    ("projects:meeting_edit", "get", coming, KEPT),
    ("projects:meeting_edit", "post", coming, KEPT),
    ("projects:meeting_attend", "post", meeting_page, MOVED),
    ("projects:meeting_pdf", "get", meeting_page, READ),
    ("projects:minutes_write", "get", meeting_page, KEPT),
    ("projects:minutes_write", "post", meeting_page, KEPT),
    ("projects:minutes_preview", "post", meeting_page, KEPT),
    ("projects:meeting_step", "post", to_cancel, MOVED),
]
