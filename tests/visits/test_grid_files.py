"""Grids come as files: loaded once, refused with a reason, and comparable from one version to the next."""

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.urls import reverse

from tests.visits.factories import VisitFactory
from visits.grid_files import DEFAULT, SHIPPED, GridRefused, load_grid, read_grid
from visits.models import ObservationGrid, Visit

CONTENT = {
    "code": "essai",
    "version": 1,
    "title": "Essai",
    "themes": [{"title": "Accueil", "items": [{"key": "accueil", "title": "Le matin", "observables": ["a", "b"]}]}],
}


@pytest.fixture
def write(tmp_path):
    def written(**changes):
        path = tmp_path / "grille.yaml"
        path.write_text(yaml.safe_dump({**CONTENT, **changes}, allow_unicode=True), encoding="utf-8")
        return path

    return written


def test_the_shipped_grid_follows_the_ten_principles():
    content = read_grid(DEFAULT)
    items = [item for theme in content["themes"] for item in theme["items"]]
    assert sorted(item["reference"] for item in items) == sorted(f"charte {n}" for n in range(1, 11))
    assert all(item["observables"] for item in items)


def test_the_shipped_grid_does_not_copy_the_official_voice():
    """The charte speaks in the child's first person; the official wording is loaded by the collectivité as data."""
    text = DEFAULT.read_text(encoding="utf-8").lower()
    assert "j’ai besoin" not in text
    assert "j'ai besoin" not in text


def test_the_three_parts_of_the_referentiel_and_the_nine_themes_are_shipped():
    contents = {path.stem: read_grid(path) for path in SHIPPED}
    assert [theme["title"] for theme in contents["referentiel"]["themes"]] == [
        "La relation au jeune enfant",
        "La relation aux parents",
        "La qualité de l’organisation",
    ]
    # domain.md §5.1, point 4.
    assert [theme["title"] for theme in contents["themes"]["themes"]] == [
        "Accueil et transmissions",
        "Soins et sommeil",
        "Repas",
        "Jeu et éveil",
        "Aménagement",
        "Hygiène",
        "Sécurité",
        "Équipe",
        "Familles",
    ]
    keys = [item["key"] for one in contents.values() for theme in one["themes"] for item in theme["items"]]
    assert len(keys) == len(set(keys))


@pytest.mark.django_db
def test_every_shipped_grid_comes_in_service_and_the_charte_stays_the_usual_one():
    call_command("load_grid", "--shipped")
    assert sorted(ObservationGrid.objects.active().values_list("code", flat=True)) == [
        "charte",
        "referentiel",
        "themes",
    ]
    assert ObservationGrid.objects.active().order_by("code").first().code == "charte"


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_a_visit_planned_with_another_grid_opens_on_it(client, creche, coordinator):
    call_command("load_grid", "--shipped")
    chosen = ObservationGrid.objects.get(code="themes")
    client.force_login(coordinator)
    sent = {
        "establishment": creche.pk,
        "kind": "thematic",
        "planned_on": "2026-03-17",
        "planned_at": "14:00",
        "grid": chosen.pk,
        "client_uuid": "11111111-2222-4333-8444-555555555555",
    }
    assert client.post(reverse("visits:plan"), sent).status_code == 302
    page = client.get(reverse("visits:edit", args=[Visit.objects.get().pk]))
    assert page.context["entry"].grid == chosen


@pytest.mark.django_db
def test_a_grid_out_of_service_is_no_choice_of_a_plan(client, creche, coordinator):
    grid = load_grid().grid
    grid.status = grid.Status.RETIRED
    grid.save()
    client.force_login(coordinator)
    page = client.post(reverse("visits:plan"), {"grid": grid.pk})
    assert "grid" in page.context["form"].errors


@pytest.mark.django_db
def test_loading_twice_changes_nothing(capsys):
    call_command("load_grid", "--default")
    call_command("load_grid", "--default")
    assert ObservationGrid.objects.get().items.count() == 10
    assert "déjà en place" in capsys.readouterr().out


@pytest.mark.django_db
def test_another_content_under_the_same_version_is_refused(write):
    load_grid(write())
    with pytest.raises(GridRefused, match="augmentez"):
        load_grid(write(themes=[{"title": "Autre", "items": [{"key": "autre", "title": "Autre"}]}]))


@pytest.mark.django_db
def test_a_new_version_retires_the_old_one_even_used_and_keeps_its_keys(write):
    old = load_grid(write()).grid
    visit = VisitFactory(grid=old)
    new = load_grid(write(version=2)).grid
    old.refresh_from_db()
    visit.refresh_from_db()
    assert (old.status, new.status, visit.grid) == ("retired", "active", old)
    assert list(old.items.values_list("key")) == list(new.items.values_list("key"))


@pytest.mark.django_db
def test_an_older_version_never_puts_a_newer_one_out_of_service(write):
    load_grid(write(version=2))
    with pytest.raises(GridRefused, match="version 2"):
        load_grid(write(version=1))
    assert ObservationGrid.objects.get().status == ObservationGrid.Status.ACTIVE
    assert not load_grid(write(version=2)).created


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": ""}, "title"),
        ({"themes": [{"title": "Vide", "items": []}]}, "points"),
        ({"themes": [{"title": "T", "items": [{"title": "Sans clé"}]}]}, "clé"),
        ({"themes": [{"title": "T", "items": [{"key": "a", "title": "A"}, {"key": "a", "title": "B"}]}]}, "deux fois"),
        ({"themes": [{"title": "T", "items": [{"key": 3, "title": "A"}, {"key": "3", "title": "B"}]}]}, "deux fois"),
        ({"themes": [{"title": "T", "items": [{"key": k, "title": k}]} for k in "ab"]}, "deux fois"),
        ({"themes": "accueil"}, "liste"),
        ({"themes": ["accueil"]}, "titre"),
        ({"themes": [{"title": "T", "items": ["a"]}]}, "clé"),
        ({"themes": [{"title": "T", "items": [{"key": "a", "title": "A", "observables": "abc"}]}]}, "observables"),
        ({"themes": [{"title": "T", "items": [{"key": "a b", "title": "A"}]}]}, "clé stable"),
        ({"themes": [{"title": "T", "items": [{"key": "a", "title": "A" * 201}]}]}, "intitulé.*200"),
        ({"themes": [{"title": "T" * 161, "items": [{"key": "a", "title": "A"}]}]}, "thème.*160"),
        ({"code": "ma grille"}, "code"),
        ({"version": "deux"}, "nombre entier"),
        ({"version": -1}, "nombre entier"),
        ({"version": 1.5}, "nombre entier"),
        ({"version": 40_000}, "nombre entier"),
    ],
)
def test_a_file_that_is_no_grid_is_refused_with_its_reason(write, changes, reason):
    with pytest.raises(GridRefused, match=reason):
        read_grid(write(**changes))


@pytest.mark.django_db
def test_an_unreadable_file_is_refused(tmp_path):
    path = tmp_path / "grille.yaml"
    path.write_bytes(b"\xff\xfe\x00: [")
    with pytest.raises(GridRefused, match="illisible"):
        read_grid(path)
    with pytest.raises(CommandError, match="illisible"):
        call_command("load_grid", str(tmp_path / "absente.yaml"))


def test_the_command_wants_a_file_or_the_default():
    with pytest.raises(CommandError, match="--default"):
        call_command("load_grid")
