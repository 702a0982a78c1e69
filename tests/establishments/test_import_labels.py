"""Capitals of old lists turned into readable French."""

import pytest

from core.spreadsheets import Row
from establishments.importing import labels
from establishments.importing.profiles import available_profiles, detect, load_profile
from establishments.models import Kind, ManagementMode, Organisation

SPELLING = load_profile("paris").spelling


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("11, RUE MENDELSSOHN", "11, rue Mendelssohn"),
        ("23-27, RUE DE L'EVANGILE", "23-27, rue de l’Évangile"),
        ("124/130 BD DE MENILMONTANT", "124/130 boulevard de Ménilmontant"),
        ("8, RUE D' ANKARA", "8, rue d’Ankara"),
        ("36 BIS, QUAI DE LA LOIRE", "36 bis, quai de la Loire"),
        ("8, PLACE DU BATAILLON DU PACIFIQUE 1ER ETAGE", "8, place du Bataillon du Pacifique 1er étage"),
        ("RUE DES PRÊTRES SAINT SEVERIN", "rue des Prêtres Saint Séverin"),
        ("8 RUE DE LA FONTAINE À MULARD", "8 rue de la Fontaine à Mulard"),
        ("15-19, COURS DU 7E ART", "15-19, cours du 7e Art"),
        ("C2 33 RUE DU JAVELOT", "C2 33 rue du Javelot"),
        ("Rue Aimé-Bonpland", "Rue Aimé-Bonpland"),
        ("", ""),
    ],
)
def test_capitals_become_readable_and_what_was_well_typed_is_left_alone(typed, read):
    assert labels.readable(typed, SPELLING) == read


@pytest.mark.parametrize(
    ("label", "street", "read"),
    [
        ("11, RUE MENDELSSOHN", "RUE MENDELSSOHN", "11, rue Mendelssohn"),
        ("75 VERSAILLES", "AVENUE DE VERSAILLES", "75, avenue de Versailles"),
        ("10, VILLA FREDERIC MISTRAL", "RUE LECOURBE", "10, villa Frédéric Mistral"),
        ("FOYER MICHELET 235 RUE DE TOLBIAC", "RUE DE TOLBIAC", "235, rue de Tolbiac"),
        ("8, PLACE DU BATAILLON 2E ETAGE", "PLACE DU BATAILLON", "8, place du Bataillon"),
        ("FRANÇOISE DOLTO", "RUE MARIE-LOUISE DUBREIL", "Rue Marie-Louise Dubreil"),
    ],
)
def test_the_address_takes_its_number_from_the_label_and_its_way_from_the_street(label, street, read):
    assert labels.address(label, street, SPELLING) == read


def test_what_follows_the_mark_of_a_market_is_who_runs_the_house():
    before, after, found = labels.split_mark("5, PLACE DES PETITS PERES - ART. 30 (CRESCENDO)", "art 30")
    assert (before, after, found) == ("5, PLACE DES PETITS PERES", "CRESCENDO", True)
    assert labels.split_mark("5, RUE DES ARTS", "art 30") == ("5, RUE DES ARTS", "", False)


def test_every_profile_only_says_what_the_register_can_hold():
    allowed = {"kind": Kind.values, "organisation": Organisation.values, "management_mode": ManagementMode.values}
    for profile in available_profiles():
        known = [*profile.prefixes.values(), *(each for kind in profile.values.values() for each in kind.values())]
        for meaning in known:
            assert all(value in allowed[name] for name, value in meaning.sets.items()), (profile.name, meaning)
        assert profile.columns or profile.order, profile.name
        assert set(profile.key) <= {*profile.columns, *profile.order}, profile.name


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ("nom;type;adresse;cp;commune;code_insee;tel;gestion;gestionnaire;capacite;nb_accueil_fam", "ods_92"),
        ("geo_point_2d;geo_shape;statut;id;nom;type_daccueil;nbr_place;gestionnaire;adresse;ville", "cd_93"),
        ("ID;NOM;TYPE;ADRESSE;CP;COMMUNE;CODE_INSEE;TEL;CONTACT MAIL;GESTION;GESTIONNAIRE;CAPACITE", "merignac"),
        ("EQUIP_UID;EQUIP_TYPE;EQUIP_NOM;ADR_NUMERO", "niort"),
        ("Nom de l'établissement;Adresse;Code postal;Ville;Capacité", "generique"),
    ],
)  # fmt: skip
def test_the_profile_is_recognised_by_its_columns(headers, name):
    profile, header = detect([Row(1, ("Liste au 1er mars",)), Row(2, tuple(headers.split(";")))])
    assert (profile.name, header) == (name, 1)
