"""The sentences of the CRA: number, gender and lists agree, whatever the words of the collectivité."""

import pytest

from core.french import Term
from dashboard.weekly.sentences import SECTIONS, Terms, sentences

TERMS = Terms(
    house=Term("établissement"),
    visit=Term("visite", gender="f"),
    action=Term("action", gender="f"),
    leave=Term("congé"),
    report=Term("compte rendu", "comptes rendus"),
)
MASCULINE = Terms(
    house=Term("crèche", gender="f"),
    visit=Term("passage"),
    action=Term("engagement"),
    leave=Term("absence", gender="f"),
    report=Term("note", gender="f"),
)
NOTHING = {
    "week.events": [],
    "week.visits": [],
    "week.late": [],
    "week.reports": [],
    "week.directions": [],
    "week.actions": [],
    "week.leaves": [],
    "week.hours": ["2026-02-01", 0, 0, 15, "0", "0", "0", "0", "0"],
    "week.to_come": [],
}


def said(key, terms=TERMS, **facts):
    subjects = {f"week.{name}": rows for name, rows in facts.items()}
    return next(one.text for one in sentences({**NOTHING, **subjects}, terms) if one.key == key)


def rows(**counts):
    return [[number, what] for what, count in counts.items() for number in range(count)]


def named(what, *names):
    return [[number, name, what] for number, name in enumerate(names)]


V1, V2, V3 = [1, 7, "Piat", "regular"], [2, 7, "Piat", "regular"], [3, 8, "Rampal", "thematic"]
LATE_1, LATE_2 = [7, "Piat", "2026-03-01"], [8, "Rampal", "2026-02-20"]
SIX = [[n, f"N{n}", "2026-03-01"] for n in range(6)]
HOURS = ["2026-02-01", 13, 11, 15, "1000", "900", "800", "729", "760"]
OF_NOTHING = ["2026-02-01", 2, 2, 15, "0", "0", "0", "0", "0"]
ONE_LEFT = ["2026-04-01", 15, 14, 15, "1000", "900", "800", "700", "760"]


@pytest.mark.parametrize(
    ("key", "facts", "expected"),
    [
        ("evenements", {}, "Aucun événement n’a été signalé."),
        ("evenements", {"events": [[1, "Fuite d’eau", "Piat", 2]]}, "1 événement signalé : Fuite d’eau (Piat)."),
        (
            "evenements",
            {"events": [[1, "Chute", "A", 4], [2, "Fuite", "B", 3], [3, "Prix", "C", 0]]},
            "3 événements signalés, dont 2 graves ou critiques : Chute (A), Fuite (B) et Prix (C).",
        ),
        (
            "evenements",
            {"events": [[1, "Chute", "A", 3]]},
            "1 événement signalé, dont 1 grave ou critique : Chute (A).",
        ),
        ("visites", {}, "Aucune visite n’a été réalisée."),
        ("visites", {"visits": [V1]}, "1 visite a été réalisée dans 1 établissement."),
        ("visites", {"visits": [V1, V2]}, "2 visites ont été réalisées dans 1 établissement."),
        ("visites", {"visits": [V1, V2, V3]}, "3 visites ont été réalisées dans 2 établissements."),
        ("retards", {}, "Aucun établissement n’est en retard de visite."),
        (
            "retards",
            {"late": [LATE_1]},
            "1 établissement est en retard de visite : Piat (échéance la plus ancienne : 1er mars 2026).",
        ),
        (
            "retards",
            {"late": [LATE_2, LATE_1]},
            "2 établissements sont en retard de visite : Rampal et Piat"
            " (échéance la plus ancienne : 20 février 2026).",
        ),
        (
            "retards",
            {"late": SIX},
            "6 établissements sont en retard de visite : N0, N1, N2, N3, N4 et 1 autre"
            " (échéance la plus ancienne : 1er mars 2026).",
        ),
        ("comptes-rendus", {}, "Aucun compte rendu n’a été transmis ni validé."),
        ("comptes-rendus", {"reports": rows(shared=1)}, "1 compte rendu transmis."),
        ("comptes-rendus", {"reports": rows(validated=2)}, "2 comptes rendus validés."),
        ("comptes-rendus", {"reports": rows(shared=2, validated=1)}, "2 comptes rendus transmis et 1 validé."),
        ("directions", {}, "Toutes les directions sont pourvues."),
        ("directions", {"directions": named("vacant", "Piat")}, "1 direction est vacante (Piat)."),
        ("directions", {"directions": named("vacant", "A", "B")}, "2 directions sont vacantes (A et B)."),
        ("directions", {"directions": named("started", "A")}, "1 direction a pris ses fonctions (A)."),
        ("directions", {"directions": named("started", "A", "B")}, "2 directions ont pris leurs fonctions (A et B)."),
        (
            "directions",
            {"directions": named("vacant", "A") + named("started", "B")},
            "1 direction est vacante (A) et 1 direction a pris ses fonctions (B).",
        ),
        ("actions", {}, "Aucune action n’a été ouverte ni vérifiée."),
        ("actions", {"actions": rows(created=1)}, "1 action ouverte."),
        (
            "actions",
            {"actions": rows(created=2, verified=1, late=9)},
            "2 actions ouvertes, 1 vérifiée et 9 en retard.",
        ),
        ("actions", {"actions": rows(late=1)}, "1 action en retard."),
        ("conges", {}, "Aucun congé n’a été décidé."),
        ("conges", {"leaves": rows(granted=1)}, "1 congé accordé."),
        ("conges", {"leaves": rows(granted=43, refused=4)}, "43 congés accordés et 4 refusés."),
        ("conges", {"leaves": rows(refused=1)}, "1 congé refusé."),
        ("frequentation", {}, "Aucune activité n’est encore connue pour février 2026."),
        ("frequentation", {"hours": OF_NOTHING}, "Aucune activité n’est encore connue pour février 2026."),
        (
            "frequentation",
            {"hours": HOURS},
            "La fréquentation de février 2026 est de 72,9 % (13 établissements sur 15, dont 2 non validés).",
        ),
        (
            "frequentation",
            {"hours": ONE_LEFT},
            "La fréquentation d’avril 2026 est de 70,0 % (15 établissements sur 15, dont 1 non validé).",
        ),
        ("suite", {}, "Rien n’est encore inscrit."),
        ("suite", {"to_come": [["visit", 1, "A", "2026-03-20"]]}, "1 visite prévue."),
        (
            "suite",
            {"to_come": [["visit", 1, "A", "d"], ["visit", 2, "B", "d"], ["closure", 3, "A", "d"]]},
            "2 visites prévues et 1 fermeture (A).",
        ),
    ],
)
def test_a_sentence_agrees(key, facts, expected):
    assert said(key, **facts) == expected.replace(" :", "\u00a0:").replace(" %", "\u202f%")


@pytest.mark.parametrize(
    ("key", "facts", "expected"),
    [
        ("visites", {}, "Aucun passage n’a été réalisé."),
        ("visites", {"visits": [V1, V3]}, "2 passages ont été réalisés dans 2 crèches."),
        ("retards", {}, "Aucune crèche n’est en retard de visite."),
        ("actions", {"actions": rows(created=2, verified=2)}, "2 engagements ouverts et 2 vérifiés."),
        ("conges", {"leaves": rows(granted=2, refused=1)}, "2 absences accordées et 1 refusée."),
        ("comptes-rendus", {"reports": rows(shared=2)}, "2 notes transmises."),
        (
            "frequentation",
            {"hours": HOURS},
            "La fréquentation de février 2026 est de 72,9\u202f% (13 crèches sur 15, dont 2 non validées).",
        ),
    ],
)
def test_a_sentence_agrees_with_the_words_of_another_collectivite(key, facts, expected):
    assert said(key, MASCULINE, **facts) == expected


def test_every_sentence_has_a_section_and_a_source():
    drafted = sentences(NOTHING, TERMS)
    assert all(one.section in SECTIONS and one.subjects and one.text.endswith(".") for one in drafted)
    assert len({one.key for one in drafted}) == len(drafted)
