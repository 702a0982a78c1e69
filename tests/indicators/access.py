"""Who may open each page of the activity, and who gets 403 or 404."""

from tests.indicators.factories import ActivityFactory
from tests.projects.access import answers, anywhere, house, nothing

READERS = ["coordinator", "pole_head", "division_head", "central", "assistant", "director"]
KEEPERS = ["coordinator", "pole_head", "assistant", "director"]
VALIDATORS = ["coordinator", "pole_head"]
FAR = ["colleague", "neighbour", "far_director"]


def month(**trait):
    def make_args(request):
        return (ActivityFactory(establishment=request.getfixturevalue("creche"), **trait).pk,)

    return make_args


def with_reason(make_args):
    return lambda request: (make_args(request), {"raison": "Erreur de saisie"})




def cell(request):
    return house(request), {"mois": "2026-02", "colonne": "actual_hours", "valeur": "7100", "avant": ""}


GRID = [
    ("indicators:overview", "get", nothing, anywhere([*READERS, *FAR])),
    ("indicators:establishment_activity", "get", house, answers(200, READERS)),
    ("indicators:establishment_psu", "get", house, answers(200, READERS)),
    ("indicators:activity_edit", "get", house, answers(200, READERS)),
    ("indicators:activity_edit", "post", house, answers(200, KEEPERS)),
    ("indicators:activity_grid", "get", nothing, anywhere([*KEEPERS, *FAR])),
    ("indicators:activity_grid", "post", nothing, anywhere([*KEEPERS, *FAR]) | dict.fromkeys([*KEEPERS, *FAR], 302)),
    ("indicators:activity_cell", "post", cell, answers(200, KEEPERS)),
    ("indicators:activity_submit", "post", month(), answers(302, KEEPERS)),
    ("indicators:activity_validate", "post", month(submitted=True), answers(302, VALIDATORS)),
    ("indicators:activity_close", "post", month(validated=True), answers(302, ["pole_head"])),
    ("indicators:activity_reopen", "post", with_reason(month(validated=True)), answers(302, VALIDATORS)),
    ("indicators:activity_reopen", "post", with_reason(month(closed=True)), answers(302, ["pole_head"])),
]
