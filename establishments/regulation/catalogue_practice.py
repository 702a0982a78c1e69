"""Rules of other texts (civil service, Cnaf, circulars) and of the pôle's own practice (fiches de poste)."""

from datetime import date

from establishments.regulation.rules import Rule

PRACTICE_RULES: tuple[Rule, ...] = (
    Rule(
        "VISITE-BIMESTRIELLE",
        "Une visite au moins tous les deux mois",
        "fiche de poste (Paris)",
        "La visite suivante est due le même jour deux mois civils plus tard, ramené à la fin du mois.",
        {"months_between": 2},
        "seed",
    ),
    Rule(
        "PRISE-FONCTION-30",
        "Visites rapprochées pendant une prise de fonction",
        "usage proposé (accompagnement des prises de fonction)",
        "Six mois durant après une prise de fonction, la visite suivante est due 30 jours après la dernière.",
        {"interval_days": 30, "months": 6},
        "seed",
        verified=False,
    ),
    Rule(
        "ANALYSE-BIENNALE",
        "Analyse de fonctionnement",
        "fiche de poste (Paris)",
        "Une analyse de fonctionnement tous les 24 mois.",
        {"months": 24},
        "seed",
    ),
    Rule(
        "MISE-EN-SURETE",
        "Exercice de mise en sûreté",
        "circulaire DGCS/SD2C/2016/261 du 17 août 2016",
        "Au moins un exercice par an.",
        {"exercises_per_year": 1},
        "dir-2016",
    ),
    Rule(
        "JPEDA-CAF",
        "Journées pédagogiques financées",
        "circulaire Cnaf 2024-013",
        "3 journées au plus par année civile, à 10 heures par place.",
        {"max_per_year": 3, "hours_per_place": 10},
        "caf45-jp, disant-psu",
        starts_on=date(2024, 1, 1),
    ),
    Rule(
        "PSU-LINEAIRE",
        "Prix plafond de la PSU selon le taux de facturation",
        "Cnaf, réforme 2025",
        "Constant jusqu’à 107 %, décroissant en ligne droite de 107 à 120 %, constant au-delà.",
        {"knots_percent": (107, 120)},
        "caf45, caf-lin",
        starts_on=date(2025, 1, 1),
    ),
    Rule(
        "CONGES-DROIT",
        "Congés annuels",
        "décret 85-1250 art. 1",
        "5 fois le nombre de jours travaillés par semaine, du 1er janvier au 31 décembre.",
        {"weeks": 5},
        "cdg14",
    ),
    Rule(
        "CONGES-FRACTIONNEMENT",
        "Jours de fractionnement",
        "décret 85-1250 art. 1",
        "1 jour de plus pour 5, 6 ou 7 jours pris hors de la période du 1er mai au 31 octobre, 2 à partir de 8.",
        {"summer": ((5, 1), (10, 31)), "bonus_from_days": {5: 1, 8: 2}},
        "cdg14, cgtbm",
    ),
    Rule(
        "CONGES-31",
        "Durée d’une absence",
        "décret 85-1250 art. 4",
        "Au plus 31 jours consécutifs.",
        {"max_calendar_days": 31},
        "naud",
    ),
    Rule(
        "CET-20",
        "Alimentation du compte épargne-temps",
        "décret 2004-878",
        "Au moins 20 jours de congés pris dans l’année.",
        {"min_days_taken": 20},
        "lf-2004",
    ),
    Rule(
        "ENTRETIEN-PRO",
        "Entretien professionnel",
        "décret 2014-1526",
        "Chaque année ; convocation 8 jours avant, compte rendu notifié dans les 15 jours.",
        {"yearly": True, "convocation_days_before": 8, "notification_days_after": 15},
        "atd13, digischool",
    ),
)
