"""What the law lists today (CSP R. 2324-29 and R. 2324-30, décret 2021-1131 of 30 August 2021), as dated rows.

The part on the evaluation of quality (décret 2025-304) was not verified for every house: listed, not required.
"""

from datetime import date

from django.db import migrations

SINCE = date(2021, 9, 1)
PROJECT = "CSP R. 2324-29, {}"
RULES = "CSP R. 2324-30, I, {}"
KNOWN = [
    ("project", "services", "Accueil\u00a0: prestations, durées et rythmes", PROJECT.format("1°"), ""),
    (
        "project",
        "inclusion",
        "Accueil des enfants en situation de handicap ou de maladie chronique",
        PROJECT.format("1°"),
        "Les dispositions prises, sans jamais parler d’un enfant.",
    ),
    (
        "project",
        "skills",
        "Compétences professionnelles mobilisées",
        PROJECT.format("1°"),
        "Par qualification, fonction et équivalent temps plein.",
    ),
    (
        "project",
        "training",
        "Analyse des pratiques, formation et apprentissage",
        PROJECT.format("1°"),
        "Voir aussi R. 2324-37.",
    ),
    ("project", "charter", "Mise en œuvre de la charte nationale", PROJECT.format("1°"), "Principe par principe."),
    (
        "project",
        "education",
        "Projet éducatif",
        PROJECT.format("2°"),
        "Accueil, soin, développement, bien-être, éveil artistique et culturel, égalité entre filles et garçons.",
    ),
    ("project", "social", "Environnement social et partenaires", PROJECT.format("3°"), ""),
    (
        "project",
        "families",
        "Participation des familles et soutien à la parentalité",
        PROJECT.format("3°"),
        "Dont le conseil d’établissement (R. 2324-32), s’il existe.",
    ),
    (
        "project",
        "insertion",
        "Places au bénéfice des parents en insertion",
        PROJECT.format("3°"),
        "CASF L. 214-2 et L. 214-7.",
    ),
    ("project", "sustainability", "Développement durable", PROJECT.format("3°"), ""),
    ("rules", "direction", "Fonctions de la direction", RULES.format("1°"), ""),
    ("rules", "continuity", "Continuité de la fonction de direction", RULES.format("2°"), ""),
    ("rules", "admission", "Inscription et admission", RULES.format("3°"), ""),
    ("rules", "hours", "Horaires, arrivée et départ", RULES.format("4°"), ""),
    ("rules", "tariff", "Tarifs et contrat d’accueil", RULES.format("5°"), ""),
    ("rules", "health", "Référent santé et accueil inclusif, professionnels de santé", RULES.format("6°"), ""),
    ("rules", "overcapacity", "Accueil en surnombre", RULES.format("7°"), "Voir R. 2324-27."),
]
NOT_VERIFIED = {
    "document": "project",
    "key": "evaluation",
    "position": 11,
    "title": "Évaluation de la qualité d’accueil",
    "article": "Décret 2025-304 du 1er avril 2025",
    "expected": "Sa portée pour toutes les structures n’est pas vérifiée\u00a0: partie facultative.",
    "is_required": False,
    "starts_on": date(2025, 9, 1),
}


def write(apps, schema_editor):
    rules = apps.get_model("projects", "SectionRule").objects.using(schema_editor.connection.alias)
    for position, (document, key, title, article, expected) in enumerate(KNOWN, start=1):
        facts = {"title": title, "article": article, "expected": expected, "position": position}
        rules.create(document=document, key=key, starts_on=SINCE, **facts)
    rules.create(**NOT_VERIFIED)


def erase(apps, schema_editor):
    apps.get_model("projects", "SectionRule").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_establishment_projects")]

    operations = [migrations.RunPython(write, erase)]
