"""Who may open each page of the activity, and who gets 403 or 404."""

from indicators.importing.applying import apply_run
from indicators.importing.receiving import receive
from indicators.importing.running import read_now
from indicators.models import ImportRun
from tests.indicators.factories import ActivityFactory
from tests.indicators.files import csv_of, good
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


def asked_of_the_house(request):
    return (), {"etablissement": house(request)[0], "mois": "2026-02", "taux": "attendance_rate"}


def cell(request):
    return house(request), {"mois": "2026-02", "colonne": "actual_hours", "valeur": "7100", "avant": ""}


def file_of_the_coordinator(request):
    request.getfixturevalue("creche")
    run = receive(csv_of(good("Crèche Les Lilas")), "fevrier.csv", by=request.getfixturevalue("coordinator"))
    return (run.pk,)


def read_file(request):
    (pk,) = file_of_the_coordinator(request)
    read_now(ImportRun.objects.get(pk=pk))
    return (pk,)


def changes_of_a_file(request):
    return (*read_file(request), "changements")


def written_file(request):
    (pk,) = read_file(request)
    apply_run(ImportRun.objects.get(pk=pk))
    return (pk,)


def own(status):
    """A file belongs to who sent it: 404 for the others who enter activity, 403 for those who do not."""
    others = [*KEEPERS, *FAR]
    return anywhere([]) | dict.fromkeys(others, 404) | {"coordinator": status}


def a_day(request):
    return house(request), {"jour": "2026-03-16"}


def place(request):
    return (request.getfixturevalue("sector").pk,)


# A house opens no territory: neither its director nor its health lead may know one.
OVER_TERRITORY = {"director": 404, "health_lead": 404}

LISTS = [
    "indicators:budget",
    "indicators:places",
    "indicators:frozen_places",
    "indicators:free_hours",
    "indicators:context",
]
GRID = [
    ("indicators:overview", "get", nothing, anywhere([*READERS, *FAR])),
    ("indicators:explain", "get", nothing, anywhere([*READERS, *FAR])),
    ("indicators:explain", "get", asked_of_the_house, answers(200, READERS)),
    ("indicators:territory", "get", place, answers(200, READERS[:-1]) | OVER_TERRITORY),
    ("indicators:territory_pdf", "get", place, answers(200, READERS[:-1]) | OVER_TERRITORY),
    *((page, "get", nothing, anywhere([*READERS, *FAR])) for page in LISTS),
    ("indicators:comparison", "get", nothing, anywhere([*READERS, *FAR])),
    ("indicators:completeness", "get", nothing, anywhere([*READERS, *FAR])),
    ("indicators:establishment_activity", "get", house, answers(200, READERS)),
    ("indicators:establishment_psu", "get", house, answers(200, READERS)),
    ("indicators:establishment_hours", "get", house, answers(200, READERS)),
    ("indicators:activity_edit", "get", house, answers(200, READERS)),
    ("indicators:activity_edit", "post", house, answers(200, KEEPERS)),
    ("indicators:activity_grid", "get", nothing, anywhere([*KEEPERS, *FAR])),
    ("indicators:activity_grid", "post", nothing, anywhere([*KEEPERS, *FAR]) | dict.fromkeys([*KEEPERS, *FAR], 302)),
    ("indicators:activity_cell", "post", cell, answers(200, KEEPERS)),
    ("indicators:establishment_days", "get", house, answers(200, READERS)),
    ("indicators:day_edit", "get", house, answers(302, READERS)),
    ("indicators:day_edit", "get", a_day, answers(200, READERS)),
    ("indicators:day_edit", "post", house, answers(404, KEEPERS)),
    ("indicators:expected_attendance", "get", house, answers(200, READERS)),
    ("indicators:expected_edit", "get", house, answers(200, KEEPERS)),
    ("indicators:expected_edit", "post", house, answers(200, KEEPERS)),
    ("indicators:expected_derive", "get", house, answers(200, KEEPERS)),
    ("indicators:expected_derive", "post", house, answers(200, KEEPERS)),
    ("indicators:import_list", "get", nothing, anywhere([*KEEPERS, *FAR])),
    ("indicators:import_create", "get", nothing, anywhere([*KEEPERS, *FAR])),
    ("indicators:import_create", "post", nothing, anywhere([*KEEPERS, *FAR])),
    ("indicators:import_columns", "get", file_of_the_coordinator, own(200)),
    ("indicators:import_columns", "post", file_of_the_coordinator, own(200)),
    ("indicators:import_detail", "get", read_file, own(200)),
    ("indicators:import_lines", "get", changes_of_a_file, own(200)),
    ("indicators:import_confirm", "post", read_file, own(302)),
    ("indicators:import_abandon", "post", read_file, own(302)),
    ("indicators:import_undo", "post", written_file, own(302)),
    ("indicators:activity_submit", "post", month(), answers(302, KEEPERS)),
    ("indicators:activity_validate", "post", month(submitted=True), answers(302, VALIDATORS)),
    ("indicators:activity_close", "post", month(validated=True), answers(302, ["pole_head"])),
    ("indicators:activity_reopen", "post", with_reason(month(validated=True)), answers(302, VALIDATORS)),
    ("indicators:activity_reopen", "post", with_reason(month(closed=True)), answers(302, ["pole_head"])),
]
