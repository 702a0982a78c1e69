"""The words of the collectivité in the administration, in labels and in messages of constraints."""

import pytest
from django.contrib.admin import site
from django.urls import reverse

from establishments.models import Role, Territory
from establishments.vocabulary import available_packs, in_pack
from tests.test_words import foreign_words, text_of, without_names

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
OTHERS = ["val_de_marne", "generique"]


@pytest.mark.usefixtures("creche")
def test_the_administration_uses_the_words_of_the_pack(client, administrator, settings):
    client.force_login(administrator)
    wrong, seen = {}, 0
    for settings.RONDE_PACK in OTHERS:
        for model in site._registry:
            route = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            for url in (reverse(f"{route}_changelist"), reverse(f"{route}_add")):
                response = client.get(url)
                if response.status_code == 200:
                    seen += 1
                    if found := foreign_words(without_names(text_of(response.rendered_content)), settings.RONDE_PACK):
                        wrong[settings.RONDE_PACK, url] = found
    assert wrong == {}
    assert seen > 40


def test_a_form_that_refuses_says_so_in_the_words_of_the_pack(client, administrator, creche, settings):
    client.force_login(administrator)
    settings.RONDE_PACK = "val_de_marne"
    given = {"user": administrator.pk, "role": Role.COORDINATOR, "starts_on": "01/01/2026"}
    page = client.post(reverse("admin:establishments_mandate_add"), given).rendered_content
    assert "un territoire ou une crèche" in text_of(page)


def test_labels_follow_the_pack_and_migrations_do_not():
    said = {}
    for slug in available_packs():
        with in_pack(slug):
            said[slug] = (str(Territory.Kind.POLE.label), str(Role.COORDINATOR.label))
    assert said == {
        "generique": ("pôle", "coordinateur·rice"),
        "paris": ("pôle petite enfance", "coordinateur·rice"),
        "val_de_marne": ("territoire", "responsable de territoire"),
    }


@pytest.mark.parametrize("pack", OTHERS)
def test_no_migration_is_missing_whatever_the_pack(pack, settings, capsys):
    from django.core.management import call_command

    settings.RONDE_PACK = pack
    call_command("makemigrations", "--check", "--dry-run")
    assert "No changes detected" in capsys.readouterr().out
