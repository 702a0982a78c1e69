"""Who enters the administration, and where she stops: two administrators, two pôles, one word each."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from core.models import User
from establishments.models import (
    Authorisation,
    CapacityChange,
    Closure,
    Directorship,
    Establishment,
    JournalEntry,
    Mandate,
    Obligation,
    OpeningProject,
    Role,
    SectorAttachment,
    SharedRole,
    Territory,
    record,
)
from projects.models import ActionItem
from tests.factories import (
    TODAY,
    DirectorshipFactory,
    EstablishmentFactory,
    MandateFactory,
    TerritoryFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today"), pytest.mark.ignore_template_errors]

CANARY = "Zzyzx"
OTHERS = [
    "coordinator",
    "colleague",
    "neighbour",
    "former",
    "pole_head",
    "division_head",
    "central",
    "assistant",
    "health_lead",
    "director",
    "elected",
    "nobody",
    "superuser",
]


def admin_routes(resolver=None, prefix=""):
    """Every URL of the administration, with a plausible key where one is asked."""
    root = resolver or next(r for r in get_resolver().url_patterns if getattr(r, "app_name", "") == "admin")
    for entry in root.url_patterns:
        if isinstance(entry, URLResolver):
            yield from admin_routes(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            route = prefix + str(entry.pattern)
            route = re.sub(r"<[^>]+>", "1", route) if "?P" not in route else prefix
            yield "/administration/" + re.sub(r"[\^$]|\(\[\^/\]\+\)", lambda m: "1" if "(" in m[0] else "", route)


def admin_url(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def keeper(pole):
    """Administrator of the pôle of `creche`."""
    user = UserFactory(first_name="Rose", last_name="Gardien", email="gardien@ville.example")
    MandateFactory(user=user, role=Role.ADMINISTRATOR, territory=pole)
    return user


@pytest.fixture
def far_world(other_pole):
    """One record of every kind in the other pôle, each carrying the canary word."""
    sector = TerritoryFactory(name=f"Secteur {CANARY}", code="zzyzx", parent=other_pole)
    house = EstablishmentFactory(name=f"Crèche {CANARY}", code="creche-zzyzx", sector=sector)
    person = UserFactory(last_name=CANARY, email="zzyzx@ville.example")
    directorship = DirectorshipFactory(establishment=house, person=person)
    frozen = CapacityChange.objects.create(establishment=house, places=2, reason="works", starts_on=TODAY)
    closure = Closure.objects.create(establishment=house, cause="works", label=CANARY, starts_on=TODAY, ends_on=TODAY)
    obligation = Obligation.objects.create(establishment=house, kind="water", note=CANARY)
    project = OpeningProject.objects.create(name=CANARY, territory=sector, places=30, opens_on=TODAY)
    role = SharedRole.objects.create(function="rsai", person=person, territory=sector, starts_on=TODAY)
    entry = record("établissement modifié", house, by=person, establishment=house)
    return [
        sector,
        house,
        person,
        directorship,
        directorship.mandate,
        house.authorisations.get(),
        frozen,
        closure,
        obligation,
        project,
        role,
        entry,
    ]


def text(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", "replace")


def test_the_administration_has_its_pages():
    assert len(set(admin_routes())) > 50


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_opens_any_page_of_the_administration(client, request, who):
    client.force_login(request.getfixturevalue(who))
    answers = {url: client.get(url).status_code for url in set(admin_routes())}
    assert {url: code for url, code in answers.items() if code != 403} == {}


def test_a_visitor_is_sent_to_our_sign_in_page(client):
    for url in set(admin_routes()):
        response = client.get(url, follow=True)
        assert response.redirect_chain[-1][0].startswith("/connexion/"), url


def test_a_superuser_without_a_mandate_writes_nothing(client, superuser, creche):
    client.force_login(superuser)
    url = admin_url(Establishment, "change", creche.pk)
    assert client.post(url, {"name": "Autre nom"}).status_code == 403
    creche.refresh_from_db()
    assert creche.name == "Crèche Les Lilas"


def test_the_administrator_opens_every_list_and_form(client, administrator, creche, director):
    client.force_login(administrator)
    for model in [
        Establishment,
        Authorisation,
        CapacityChange,
        Closure,
        Obligation,
        OpeningProject,
        Territory,
        Mandate,
        User,
        Directorship,
        SharedRole,
    ]:
        assert client.get(admin_url(model, "changelist")).status_code == 200
        assert client.get(admin_url(model, "add")).status_code == 200
    for model, pk in [(Establishment, creche.pk), (User, director.pk), (Territory, creche.sector_on(TODAY).pk)]:
        assert client.get(admin_url(model, "change", pk)).status_code == 200
        assert client.get(admin_url(model, "history", pk)).status_code == 200
    for name in ["index", "regles", "vocabulaire", "establishments_journalentry_changelist"]:
        assert client.get(reverse(f"admin:{name}")).status_code == 200


def test_her_mandate_ended_yesterday_and_so_did_the_administration(client, keeper, creche):
    Mandate.objects.filter(user=keeper).update(ends_on="2026-03-16")
    client.force_login(keeper)
    assert client.get(reverse("admin:index")).status_code == 403


def test_no_list_search_or_index_says_a_word_of_the_other_pole(client, keeper, creche, far_world):
    client.force_login(keeper)
    seen = [text(client.get(reverse("admin:index")))]
    for found in far_world:
        url = admin_url(type(found), "changelist")
        seen += [text(client.get(url)), text(client.get(url, {"all": ""}))]
    assert [body for body in seen if CANARY.lower() in body.lower()] == []
    body = text(client.get(admin_url(Establishment, "changelist"), {"q": CANARY}))
    assert "0 résultat" in body


def test_no_page_of_a_record_of_the_other_pole_opens(client, keeper, far_world):
    client.force_login(keeper)
    wrong = {}
    for found in far_world:
        pages = ["change", "history", "delete"] if not isinstance(found, JournalEntry) else ["change", "history"]
        for page in pages:
            url = admin_url(type(found), page, found.pk)
            for method in ("get", "post"):
                response = getattr(client, method)(url, {"post": "yes"} if method == "post" else {})
                if response.status_code not in {403, 404} or CANARY in text(response):
                    wrong[method, url] = response.status_code
    assert wrong == {}


def test_a_version_kept_by_the_history_is_not_a_way_in(client, keeper, far_world):
    client.force_login(keeper)
    for found in far_world:
        versions = getattr(found, "history", None)
        if versions is None or not hasattr(type(found), "history"):
            continue
        url = admin_url(type(found), "simple_history", found.pk, versions.first().pk)
        assert client.get(url).status_code == 404
        assert client.post(url, {}).status_code == 404


def test_autocompletion_stops_at_the_perimeter(client, keeper, creche, director, far_world):
    client.force_login(keeper)
    sources = [
        ("mandate", "user", "Roux"),
        ("mandate", "territory", "Belleville"),
        ("mandate", "establishment", "Lilas"),
        ("sectorattachment", "territory", "Belleville"),
        ("closure", "host", "Lilas"),
        ("directorship", "person", "Roux"),
    ]
    for model, field, ours in sources:
        asked = {"app_label": "establishments", "model_name": model, "field_name": field}
        assert CANARY not in text(client.get(reverse("admin:autocomplete"), {**asked, "term": CANARY.lower()}))
        assert CANARY not in text(client.get(reverse("admin:autocomplete"), {**asked, "term": ""}))
        found = client.get(reverse("admin:autocomplete"), {**asked, "term": ours}).json()["results"]
        assert len(found) == 1, field


def test_filters_by_a_foreign_territory_show_nothing(client, keeper, creche, far_world):
    client.force_login(keeper)
    body = text(client.get(admin_url(Establishment, "changelist"), {"territoire": far_world[0].pk}))
    assert CANARY not in body
    assert creche.name not in body


def test_a_house_without_any_territory_is_kept_by_those_of_the_top(client, administrator, keeper, direction):
    orphan = EstablishmentFactory(name="Crèche orpheline")
    for user, code in [(administrator, 200), (keeper, 404)]:
        client.force_login(user)
        assert client.get(admin_url(Establishment, "change", orphan.pk)).status_code == code


def test_the_journal_of_the_register_says_nothing_of_other_decisions(client, administrator, creche):
    """Decisions on actions, leave and visits are read by those who take them."""
    action = ActionItem.objects.create(establishment=creche, title=CANARY, due_on=TODAY, created_by=administrator)
    record("établissement modifié", creche, by=administrator, establishment=creche)
    hidden = record("action vérifiée", action, by=administrator, establishment=creche)
    client.force_login(administrator)
    body = text(client.get(admin_url(JournalEntry, "changelist")))
    assert "établissement modifié" in body
    assert CANARY not in body
    assert client.get(admin_url(JournalEntry, "change", hidden.pk)).status_code == 404


def test_libraries_open_no_page_of_their_own():
    from django.contrib import admin

    ours = {"core", "establishments", "indicators", "staffing", "projects", "visits"}
    assert {model._meta.app_label for model in admin.site._registry} <= ours


def test_moved_houses_are_read_by_their_new_pole(client, keeper, creche, far_sector):
    """The door is of today: a house that left the pôle leaves its administrator."""
    SectorAttachment.objects.filter(establishment=creche).update(ends_on="2026-03-01")
    SectorAttachment.objects.create(establishment=creche, territory=far_sector, starts_on="2026-03-02")
    client.force_login(keeper)
    assert client.get(admin_url(Establishment, "change", creche.pk)).status_code == 404
