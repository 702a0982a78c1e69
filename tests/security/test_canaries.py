"""Twin sectors: nobody reads a word of a house that is not hers, nor above her level, by any page, file or search."""

import hashlib
import io
import re
import zipfile

import pytest
from django.contrib.admin import site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.pdf import engine
from dashboard.indexing import rebuild
from establishments.models import Document, Establishment, Role
from projects.models import ActionItem, GoodPractice, ServiceRequest
from staffing.models import LeaveRequest
from tests.core.access import WHO
from tests.factories import MandateFactory, UserFactory
from tests.security.rooms import OF_A_HOUSE, OF_A_TERRITORY, PAGES, may_read
from tests.security.world import CANARY, WITHOUT_CANARY, body_of, build, models_of_the_product
from tests.test_access import ROWS
from tests.visits.factories import GridFactory
from visits.models import Finding, Inspection, Visit

pytestmark = pytest.mark.usefixtures("today")

LISTS = {
    "establishments:list": ["territory", "kind"],
    "establishments:map": ["territory"],
    "establishments:pipeline": [],
    "establishments:expiring": ["establishment", "territory"],
    "visits:list": ["establishment", "coordinator", "territory"],
    "visits:due": ["territory"],
    "visits:calendar": [],
    "projects:action_list": ["establishment", "owner", "territory"],
    "staffing:leave_list": ["establishment", "employee", "territory"],
    "indicators:overview": ["territoire"],
    "dashboard:home": [],
    "dashboard:attention_all": [],
    "dashboard:search": [],
    "visits:inspections": ["establishment", "territory"],
    "visits:findings": ["establishment", "territory"],
    "visits:inspection_create": ["etablissement"],
    "visits:plan": ["etablissement"],
    "visits:create": ["etablissement"],
    "projects:action_create": ["etablissement"],
    "staffing:leave_create": ["etablissement"],
    "core:notification_list": [],
}
# Read without any parameter: the words planted in the houses must not be seen there either.
WHOLE = [
    "core:notification_choices", "dashboard:balance", "dashboard:batch_create",
    "dashboard:synthesis_create", "dashboard:synthesis_list",
    "dashboard:texts", "dashboard:warnings", "dashboard:weekly_list", "indicators:activity_grid", "indicators:budget",
    "indicators:comparison", "indicators:completeness", "indicators:explain", "indicators:frozen_places",
    "indicators:import_create", "indicators:import_list", "indicators:places", "projects:action_board",
    "projects:action_bulk", "projects:adoption", "projects:closure_list", "projects:day_create", "projects:day_list",
    "projects:event_create", "projects:event_list", "projects:local_create", "projects:local_list",
    "projects:partner_create", "projects:partner_list", "projects:project_list", "projects:trainee_create",
    "projects:request_create", "projects:request_list", "projects:order_list", "projects:order_create",
    "projects:arbitration_list", "projects:arbitration_create", "projects:watch_list", "projects:watch_create",
    "projects:practice_list", "projects:series_list", "projects:series_create", "projects:meeting_list",
    "projects:decision_list",
    "projects:trainee_list", "projects:transversal_create", "projects:transversal_list", "projects:works_create",
    "projects:works_list", "staffing:compliance", "staffing:continuity", "staffing:employee_list",
    "staffing:interim_create", "staffing:interim_list", "staffing:plan_create", "staffing:plan_list",
    "staffing:admission", "staffing:agency_list", "staffing:need_create", "staffing:need_list",
    "staffing:pool_board", "staffing:staff_import", "staffing:import_list",
    "staffing:summer", "visits:agenda", "visits:agenda_pdf", "visits:alerts_now",
    "visits:bimesters", "visits:busy", "visits:calendar_pdf", "visits:event_create", "visits:events", "visits:feed",
    "visits:frameworks",
    "visits:rule_changes", "visits:rule_choose", "visits:double_agreement", "visits:double_create", "visits:doubles",
    "visits:mallette",
    "visits:offline_page", "visits:practice_items", "visits:practices", "visits:review_campaign",
    "visits:review_create", "visits:reviews", "visits:sensitive_create", "visits:sensitive_list", "visits:tours",
    "visits:verify",
]  # fmt: skip
LISTS |= {name: [] for name in WHOLE}
HOUSE = [
    "establishments:detail", "establishments:detail_pdf", "establishments:authorisation", "establishments:calendar",
    "establishments:obligations", "establishments:history", "establishments:documents", "establishments:document_add",
    "establishments:closure_add", "establishments:freeze_add", "indicators:establishment_activity",
    "indicators:activity_edit", "staffing:establishment_month", "staffing:establishment_team",
    "staffing:organisations",
    "projects:establishment_actions",
    "projects:action_plan_pdf", "visits:establishment_visits", "dashboard:establishment",
    "indicators:establishment_psu", "indicators:establishment_hours", "indicators:establishment_days",
    "indicators:expected_attendance",
    "projects:establishment_projects", "visits:establishment_events", "visits:establishment_reviews",
    "visits:establishment_evidence",
    "visits:establishment_inspections",
]  # fmt: skip
# Appraisals and the following of directors (tests/staffing/test_appraisals.py plants words of its own).
FOLLOWED = [
    "indicators:free_hours",
    "indicators:context",
    "staffing:appraisal_create",
    "staffing:appraisal_list",
    "staffing:hours_due",
]
FOLLOWED += ["staffing:training_list", "staffing:training_create", "staffing:intervention_list"]
FOLLOWED += ["staffing:intervention_create", "staffing:vacancies", "staffing:recruitment_list", "staffing:risk_list"]
FOLLOWED += ["staffing:forecast", "staffing:groupings"]
FOLLOWED += ["staffing:accident_list", "staffing:discipline_list", "staffing:post_create", "staffing:risk_create"]
FOLLOWED += ["staffing:recruitment_create", "staffing:accident_create", "staffing:discipline_create"]
LISTS |= {name: [] for name in FOLLOWED}
PER_RECORD = {
    "establishments:document_download": Document, "projects:action_detail": ActionItem, "dashboard:action": ActionItem,
    "projects:action_edit": ActionItem, "projects:request_detail": ServiceRequest,
    "projects:request_pdf": ServiceRequest, "projects:request_relay": ServiceRequest,
    "projects:request_reply": ServiceRequest, "projects:practice_detail": GoodPractice,
    "projects:practice_pdf": GoodPractice, "projects:practice_edit": GoodPractice,
    "staffing:leave_detail": LeaveRequest, "visits:detail": Visit,
    "visits:report_pdf": Visit, "visits:edit": Visit,
    "visits:inspection": Inspection, "visits:inspection_pdf": Inspection, "visits:inspection_answer_pdf": Inspection,
    "visits:finding": Finding, "visits:finding_correct": Finding,
}  # fmt: skip
PER_RECORD |= {name: model for model, names in PAGES.items() for name in names}
HOUSE += OF_A_HOUSE
TERRITORY = ["establishments:contacts", "dashboard:territory", "indicators:territory", *OF_A_TERRITORY]
PRINTERS = {"coordinator", "director"}  # the rows of all formats are the same: two readers ask for each
EXPORTS = ["csv", "xlsx", "ods", "pdf"]
# Probed in its own test, or without any text: a closure's and a freeze's form, the duty's form, the job's page.
ELSEWHERE = {"establishments:closure_edit", "establishments:freeze_edit", "establishments:obligation_edit"}
ELSEWHERE |= {"establishments:taking_office", "establishments:taking_office_done"}  # their own tests
ELSEWHERE |= {
    "core:health",
    "core:icon",
    "core:job_detail",
    "core:job_result",
    "service_worker",
    "visits:offline_session",
}
ELSEWHERE |= {"visits:double", "visits:double_pdf"}  # tests/visits/test_doubles.py, a canary a sheet
ELSEWHERE |= {
    "visits:framework",
    "visits:rule_change",
    "visits:rule_create",
}  # the texts of a framework belong to no house
ELSEWHERE |= {"establishments:charter_css", "establishments:charter_logo"}
# Pages of one record whose models carry no canary yet: the access grid keeps them, this experiment does not read them.
OWED = {
    "dashboard:balance_of", "dashboard:balance_pdf", "dashboard:batch", "dashboard:batch_booklet",
    "indicators:import_columns", "indicators:import_detail", "indicators:import_lines", "projects:action_pivot",
    "projects:project_differences", "staffing:interim_detail", "staffing:roster_edit", "visits:feed_ics",
    "visits:tour", "visits:tour_pdf", "projects:order_document", "projects:practice_reuse", "staffing:appraisal",
    "staffing:appraisal_pdf", "staffing:import_detail", "staffing:recruitment_edit", "staffing:discipline_edit",
}  # fmt: skip


@pytest.fixture(autouse=True)
def plain_pdf(monkeypatch):
    """The HTML of the PDFs: every word that would be printed, and those that a style would hide as well."""
    monkeypatch.setattr(engine, "write", lambda html, **_: b"%PDF-" + html.encode())


@pytest.fixture
def people(request):
    return {who: request.getfixturevalue(who) for who in WHO}


@pytest.fixture
def world(people, creche, next_creche, far_creche):
    houses = {"own": creche, "nxt": next_creche, "far": far_creche}
    hands = {"own": people["coordinator"], "nxt": people["colleague"], "far": people["neighbour"]}
    made = build(houses, hands, GridFactory(items=2))
    for _ in rebuild():
        pass
    return made


def text_of(response):
    content = body_of(response)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", "replace")


def pages(world, houses, exports=("csv",)):
    """Every address worth asking: pages, records of all houses, lists with the ids of all, exports, searches."""
    for name, parameters in LISTS.items():
        url = reverse(name)
        yield url
        yield f"{url}?q=zz"
        for where, house in [("far", houses["far"])]:
            sector = house.attachments.get().territory_id
            people = {"coordinator": world.of(where, Visit)[0].coordinator_id}
            people |= {"owner": people["coordinator"], "employee": world.of(where, LeaveRequest)[0].employee_id}
            ids = {"territory": sector, "territoire": sector, "establishment": house.pk, "etablissement": house.pk}
            yield from (f"{url}?{key}={(ids | people).get(key, 1)}" for key in parameters)
        if parameters:
            yield from (f"{url}?export={kind}" for kind in exports)
    for where, house in houses.items():
        yield from (reverse(name, args=[house.pk]) for name in HOUSE)
        yield f"{reverse('establishments:detail', args=[house.pk])}?au=2019-06-01"
        yield from (reverse(name, args=[house.attachments.get().territory_id]) for name in TERRITORY)
        for name, model in PER_RECORD.items():
            rows = world.of(where, model)
            yield from (reverse(name, args=[row.pk]) for row in (rows[:2] if name.endswith("edit") else rows))
        shared = world.of(where, Visit)[-1]
        yield from (f"{reverse('visits:report_pdf', args=[shared.pk])}?lecture={r}" for r in ("interne", "elu"))


def read_everything(client, user, addresses):
    """{canary: the first address that showed it}."""
    client.force_login(user)
    seen = {}
    for url in addresses:
        response = client.get(url)
        assert response.status_code < 500, url
        for canary in CANARY.findall(text_of(response)):
            seen.setdefault(canary, url)
    return seen


OPEN, SHARED, INSIDE, STAFF, CONTROLS = "open", "shared", "inside", "staff", "controls"
ALL = {OPEN, SHARED, INSIDE, STAFF, CONTROLS}
PEOPLE_OF_THE_POLE = {"own": ALL, "nxt": ALL}
# What each may read, by house. What belongs to one person (notifications, jobs) is checked apart.
MAY = {
    "coordinator": {"own": ALL, "nxt": {OPEN}},
    "colleague": {"nxt": ALL, "own": {OPEN}},
    "neighbour": {"far": ALL},
    "former": {},
    "pole_head": PEOPLE_OF_THE_POLE,
    "division_head": dict.fromkeys(["own", "nxt", "far"], {OPEN, SHARED, INSIDE, CONTROLS}),
    "central": dict.fromkeys(["own", "nxt", "far"], {OPEN, SHARED, CONTROLS}),
    "assistant": PEOPLE_OF_THE_POLE,
    "health_lead": {"own": {OPEN, SHARED}},
    "director": {"own": {OPEN, SHARED, STAFF, CONTROLS}},
    "far_director": {"far": {OPEN, SHARED, STAFF, CONTROLS}},
    "administrator": dict.fromkeys(["own", "nxt", "far"], {OPEN}),
    "elected": {},
    "nobody": {},
    "superuser": {},
}


def forbidden(world, who, user, seen):
    """{canary: (what it is, where it was read)} of what this person should not have read."""
    may = MAY[who]
    found = {}
    for canary, url in seen.items():
        where, model, name, readers = world.words[canary]
        if readers.startswith("own:"):
            allowed = readers == f"own:{user.pk}"
        else:
            allowed = readers in may.get(where, ()) or may_read(who, where, readers)
        if not allowed:
            found[canary] = (where, model, name, readers, url)
    return found


def test_every_model_and_every_page_is_in_the_experiment(world):
    probed = {label for _, label, _, _ in world.words.values()} | {model._meta.label for _, model in world.records}
    assert models_of_the_product() - probed - WITHOUT_CANARY == set()
    pages_read = {row.values[0] for row in ROWS if row.values[1] == "get"}
    assert pages_read - {*LISTS, *HOUSE, *PER_RECORD, *TERRITORY, *ELSEWHERE, *OWED} == set()
    assert pages_read >= OWED


@pytest.mark.slow
@pytest.mark.parametrize("who", WHO)
def test_no_word_of_another_house_nor_above_her_level(client, world, people, who, creche, next_creche, far_creche):
    houses = {"own": creche, "nxt": next_creche, "far": far_creche}
    exports = EXPORTS if who in PRINTERS else EXPORTS[:1]
    seen = read_everything(client, people[who], pages(world, houses, exports))
    assert forbidden(world, who, people[who], seen) == {}
    if who in {"coordinator", "central"}:
        kinds = {world.words[canary][3] for canary in seen if world.words[canary][0] == "own"}
        assert kinds >= MAY[who]["own"], "the probe reads what she may read: it is not blind"


def admin_addresses(world):
    """Lists, searches, autocompletion, exports, change and history pages of every admin, for every record made."""
    for model in site._registry:
        info = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{info}_changelist")
        yield from (f"{reverse(f'{info}_changelist')}?q=zz{where}" for where in ("own", "nxt", "far"))
        for row in model._default_manager.all():
            yield reverse(f"{info}_change", args=[row.pk])
            yield reverse(f"{info}_history", args=[row.pk])
            yield reverse(f"{info}_delete", args=[row.pk])
    for label, field in [("mandate", "user"), ("mandate", "establishment"), ("directorship", "person")]:
        for term in ("", "zz"):
            yield (
                f"{reverse('admin:autocomplete')}?app_label=establishments&model_name={label}"
                f"&field_name={field}&term={term}"
            )


@pytest.mark.ignore_template_errors
def test_an_administrator_of_one_pole_reads_no_word_of_the_other(client, world, pole):
    keeper = UserFactory(last_name="Gardien")
    MandateFactory(user=keeper, role=Role.ADMINISTRATOR, territory=pole)
    seen = read_everything(client, keeper, admin_addresses(world))
    told = {canary: (world.words[canary], url) for canary, url in seen.items() if world.words[canary][0] == "far"}
    assert told == {}
    assert {world.words[canary][0] for canary in seen} == {"own", "nxt"}


@pytest.mark.ignore_template_errors
def test_the_administration_tells_no_free_text_of_the_visits(client, world, administrator):
    """An administrator keeps the register: she holds neither VIEW nor VIEW_ACTIONS nor VIEW_STAFF."""
    seen = read_everything(client, administrator, admin_addresses(world))
    told = {world.words[canary]: url for canary, url in seen.items() if "visits." in world.words[canary][1]}
    assert told == {}


def test_a_search_finds_nothing_of_another_house(client, world, people):
    for who in ["coordinator", "director", "elected", "superuser"]:
        client.force_login(people[who])
        found = client.get(reverse("dashboard:search"), {"q": "zzfar"})
        assert found.context["results"].count == 0
    client.force_login(people["neighbour"])
    assert client.get(reverse("dashboard:search"), {"q": "zzfar"}).context["results"].count > 0


def test_the_same_file_sent_again_does_not_tell_the_title_of_a_document_she_may_not_read(
    client, world, creche, people
):
    named = Document.objects.get(establishment=creche, level="nominatif")
    content = b"%PDF-1.7 secret %%EOF"
    Document.objects.filter(pk=named.pk).update(digest=hashlib.sha256(content).hexdigest())
    client.force_login(people["assistant"])
    url = reverse("establishments:document_add", args=[creche.pk])
    sent = {"file": SimpleUploadedFile("a.pdf", content), "title": "Plan", "kind": "other", "level": "pole"}
    answer = client.post(url, sent, follow=True)
    assert answer.status_code == 200
    assert named.title not in answer.content.decode()


def test_establishments_are_named_apart(world):
    """The experiment itself: each house has its own words, and no word is used twice."""
    texts = list(Establishment.objects.values_list("name", flat=True))
    found = [canary for text in texts for canary in re.findall(CANARY, text)]
    assert len(found) == len(set(found)) == 3
