"""Grids come as files: loaded once, refused with a reason, and comparable from one version to the next."""

import pytest
import yaml
from django.core.management import CommandError, call_command

from tests.visits.factories import VisitFactory
from visits.grid_files import DEFAULT, GridRefused, load_grid, read_grid
from visits.models import ObservationGrid

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


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": ""}, "title"),
        ({"themes": [{"title": "Vide", "items": []}]}, "points"),
        ({"themes": [{"title": "T", "items": [{"title": "Sans clé"}]}]}, "clé"),
        ({"themes": [{"title": "T", "items": [{"key": "a", "title": "A"}, {"key": "a", "title": "B"}]}]}, "deux fois"),
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
