"""Rules of the code de la santé publique (decree 2021-1131, amended by decrees 2022-1772 and 2025-304).

Values were read on mirrors of the texts (keys of `source_key`, indexed in the domain reference): the article is there
for anyone to check again. A rule without `starts_on` is one whose beginning the sources do not state.
"""

from datetime import date
from decimal import Decimal

from establishments.regulation.rules import Extra, Rule

_COLLECTIVE = ("creche_collective", "halte_garderie")
_REFORM = date(2021, 9, 1)
_MICRO_REFORM = date(2026, 9, 1)


def _table(codes: str, *values: str) -> dict[str, Decimal]:
    return dict(zip(codes.split(), map(Decimal, values), strict=True))


_FIVE = "micro petite creche grande tres_grande"
_FOUR = "petite familiale grande tres_grande"
_THREE = "petit_jardin jardin grand_jardin"
_NO_DEPUTY = _table(_FIVE, "0", "0", "0", "0", "0.75")

_CATEGORIES = (
    Rule(
        "CAT-COLLECTIVE",
        "Catégories des crèches collectives et haltes-garderies",
        "CSP R. 2324-46",
        "Micro-crèche jusqu’à 12 places, petite crèche de 13 à 24, crèche de 25 à 39, grande crèche de 40 à 59, "
        "très grande crèche à partir de 60.",
        {
            "bounds": {
                "micro": (1, 12),
                "petite": (13, 24),
                "creche": (25, 39),
                "grande": (40, 59),
                "tres_grande": (60, None),
            }
        },
        "jur-46",
        starts_on=_REFORM,
        kinds=_COLLECTIVE,
    ),
    Rule(
        "CAT-JARDIN",
        "Catégories des jardins d’enfants",
        "CSP R. 2324-47",
        "Petit jardin d’enfants jusqu’à 24 places, jardin d’enfants de 25 à 59, grand jardin à partir de 60.",
        {"bounds": {"petit_jardin": (1, 24), "jardin": (25, 59), "grand_jardin": (60, None)}},
        "cal-47 pour les noms",
        starts_on=_REFORM,
        verified=False,
        kinds=("jardin_enfants",),
    ),
    Rule(
        "CAT-FAMILIALE",
        "Catégories des crèches familiales",
        "CSP R. 2324-48",
        "Petite crèche familiale jusqu’à 29 places, crèche familiale de 30 à 59, grande de 60 à 89, "
        "très grande à partir de 90.",
        {"bounds": {"petite": (1, 29), "familiale": (30, 59), "grande": (60, 89), "tres_grande": (90, None)}},
        "fbl-48",
        starts_on=_REFORM,
        kinds=("creche_familiale",),
    ),
)

_CAPACITY = (
    Rule(
        "SURNOMBRE-INSTANT",
        "Surnombre à un moment donné",
        "CSP R. 2324-27, arrêté du 8 octobre 2021 art. 6",
        "Au plus 115 % des places autorisées à un même moment, arrondi à l’enfant supérieur.",
        {"percent": 115},
        "jur-27, lpp-surn",
        starts_on=date(2021, 10, 16),
        kinds=(*_COLLECTIVE, "jardin_enfants"),
    ),
    Rule(
        "SURNOMBRE-HEBDO",
        "Capacité horaire de la semaine",
        "CSP R. 2324-27 1°, arrêté du 8 octobre 2021 art. 4",
        "Les heures de présence d’une semaine ne dépassent pas 100 % de sa capacité horaire, tranche par tranche.",
        {"percent": 100},
        "jur-27",
        kinds=(*_COLLECTIVE, "jardin_enfants"),
    ),
)

_RATIO = (
    Rule(
        "RATIO-5-8",
        "Encadrement selon la marche",
        "CSP R. 2324-46-4",
        "1 professionnel pour 5 enfants qui ne marchent pas et 1 pour 8 qui marchent, à chaque instant.",
        {"children_per_adult": (5, 8)},
        "lpp-surn",
    ),
    Rule(
        "RATIO-6",
        "Encadrement quel que soit l’âge",
        "CSP R. 2324-46-4",
        "1 professionnel pour 6 enfants, à chaque instant.",
        {"children_per_adult": (6, 6)},
        "lpp-surn",
    ),
    Rule(
        "RATIO-JARDIN",
        "Encadrement des jardins d’enfants",
        "CSP R. 2324-47-4",
        "1 professionnel pour 6 enfants de moins de trois ans et 1 pour 15 à partir de trois ans.",
        {"children_per_adult": (6, 15)},
        "fbl-42",
        kinds=("jardin_enfants",),
    ),
    Rule(
        "RATIO-SORTIE",
        "Encadrement en sortie",
        "CSP R. 2324-43-2",
        "Au moins deux professionnels et 1 pour 5 enfants hors de l’établissement.",
        {"children_per_adult": (5, 5)},
        "dtr-43-2",
    ),
    Rule(
        "MIN-DEUX-PRO",
        "Jamais moins de deux professionnels",
        "CSP R. 2324-43-1",
        "Au moins deux professionnels auprès des enfants ; un seul suffit jusqu’à 3 enfants dans un établissement de "
        "12 places au plus ; au-delà de 24 places, l’un des deux relève de la catégorie 1°.",
        {"staff": 2, "alone_up_to_places": 12, "alone_up_to_children": 3, "category_1_above_places": 24},
        "fbl-41",
    ),
    Rule(
        "MICRO-SEUL-DIPLOME",
        "Professionnel seul en micro-crèche",
        "décret 2025-304",
        "Le professionnel seul auprès de trois enfants au plus est titulaire d’un diplôme d’État.",
        {"state_diploma": True},
        "amf56, an-5720",
        starts_on=_MICRO_REFORM,
        kinds=_COLLECTIVE,
    ),
    Rule(
        "QUALIF-40",
        "Part des professionnels de la catégorie 1°",
        "CSP R. 2324-42, R. 2324-43 I",
        "En moyenne sur chaque mois civil, la catégorie 1° représente au moins 40 % de l’effectif de référence, "
        "qui est la moyenne de l’effectif exigé par le taux d’encadrement.",
        {"share": Decimal("0.40")},
        "dtr-42, jur-43",
        starts_on=date(2023, 1, 1),
    ),
)


def _direction(micro: str, starts_on: date, ends_on: date | None, statement: str) -> Rule:
    return Rule(
        "DIRECTION-ETP",
        "Temps de direction et direction adjointe",
        "CSP R. 2324-35, R. 2324-46-1",
        statement,
        {"direction": _table(_FIVE, micro, "0.50", "0.75", "1", "1"), "deputy": _NO_DEPUTY},
        "jur-46-1, cal-46-1, fbl-632",
        starts_on=starts_on,
        ends_on=ends_on,
        kinds=_COLLECTIVE,
    )


_QUOTAS = (
    _direction(
        "0.20",
        _REFORM,
        date(2026, 8, 31),
        "Micro-crèche 0,20 ETP, petite 0,50, crèche 0,75, grande et très grande 1 ; adjoint 0,75 dès 60 places.",
    ),
    _direction(
        "0.50",
        _MICRO_REFORM,
        None,
        "Micro-crèche et petite crèche 0,50 ETP, crèche 0,75, grande et très grande 1 ; adjoint 0,75 dès 60 places.",
    ),
    Rule(
        "RSAI-HEURES",
        "Référent santé et accueil inclusif",
        "CSP R. 2324-46-2",
        "10, 20, 30, 40 ou 50 heures par an selon la catégorie, dont 2, 4, 6, 8 ou 10 par trimestre ; "
        "10 heures de plus par an pour chaque tranche complète de 20 places au-delà de 60.",
        {
            "per_year": _table(_FIVE, "10", "20", "30", "40", "50"),
            "per_quarter": _table(_FIVE, "2", "4", "6", "8", "10"),
            "extra": {"per_year": Extra(60, 20, Decimal(10))},
        },
        "jur-46-2",
        kinds=_COLLECTIVE,
    ),
    Rule(
        "RSAI-JARDIN",
        "Référent santé et accueil inclusif des jardins d’enfants",
        "CSP R. 2324-47-2",
        "10, 20 ou 30 heures par an selon la catégorie, dont 2, 4 ou 6 par trimestre.",
        {"per_year": _table(_THREE, "10", "20", "30"), "per_quarter": _table(_THREE, "2", "4", "6")},
        "cal-47",
        kinds=("jardin_enfants",),
    ),
    Rule(
        "SANTE-ETP",
        "Infirmiers et puériculteurs",
        "CSP R. 2324-40, R. 2324-46-2",
        "Crèche 0,20 ETP, grande crèche 0,30, très grande 0,40 et 0,10 de plus pour chaque tranche complète de "
        "20 places au-delà de 60.",
        {
            "fte": _table(_FIVE, "0", "0", "0.20", "0.30", "0.40"),
            "extra": {"fte": Extra(60, 20, Decimal("0.10"))},
        },
        "jur-46-2",
        kinds=_COLLECTIVE,
    ),
    Rule(
        "EJE-ETP",
        "Éducateurs de jeunes enfants",
        "CSP R. 2324-46-3",
        "Petite crèche 0,50 ETP, crèche 0,75, grande crèche 1, très grande 1 et 0,50 de plus pour chaque tranche "
        "complète de 20 places au-delà de 60.",
        {
            "fte": _table(_FIVE, "0", "0.50", "0.75", "1", "1"),
            "extra": {"fte": Extra(60, 20, Decimal("0.50"))},
        },
        "fbl-46-3",
        kinds=_COLLECTIVE,
    ),
    Rule(
        "EJE-JARDIN",
        "Éducateurs de jeunes enfants des jardins d’enfants",
        "CSP R. 2324-47-3",
        "Aucun dans un petit jardin, 0,50 ETP dans un jardin, 1 dans un grand jardin et 0,50 de plus pour chaque "
        "tranche de 20 places au-delà de 60.",
        {"fte": _table(_THREE, "0", "0.50", "1"), "extra": {"fte": Extra(60, 20, Decimal("0.50"))}},
        "fbl-42",
        kinds=("jardin_enfants",),
    ),
    Rule(
        "EJE-FAMILIALE",
        "Éducateurs de jeunes enfants des crèches familiales",
        "CSP R. 2324-48-3",
        "Aucun dans une petite crèche familiale, puis 0,50, 1 et 1,50 ETP ; 0,50 de plus pour chaque tranche complète "
        "de 30 places au-delà de 90.",
        {"fte": _table(_FOUR, "0", "0.50", "1", "1.50"), "extra": {"fte": Extra(90, 30, Decimal("0.50"))}},
        "fbl-48-3",
        kinds=("creche_familiale",),
    ),
)

_LIFE = (
    Rule(
        "CONTINUITE-DIRECTION",
        "Continuité de la fonction de direction",
        "CSP R. 2324-36",
        "En l’absence de qui dirige, une personne présente dans l’établissement, de la catégorie 1° ou à défaut de "
        "la catégorie 2° avec un an d’expérience auprès de jeunes enfants.",
        {"category_2_min_experience_years": 1},
        "fbl-40",
    ),
    Rule(
        "DIRECTION-DEUX-MICRO",
        "Micro-crèches dirigées par une même personne",
        "décret 2025-304",
        "Une même personne dirige au plus deux micro-crèches.",
        {"max_establishments": 2},
        "amf56",
        starts_on=_MICRO_REFORM,
        kinds=_COLLECTIVE,
    ),
    Rule(
        "APP-HEURES",
        "Analyse des pratiques professionnelles",
        "CSP R. 2324-37",
        "6 heures par professionnel et par an, dont 2 par quadrimestre, par groupes de 15 au plus, hors de la "
        "présence des enfants.",
        {"hours_per_year": 6, "hours_per_four_months": 2, "max_group": 15},
        "dtr-37",
    ),
    Rule(
        "AUTORISATION-15",
        "Durée de l’autorisation",
        "CSP L. 2324-1-1, R. 2324-20-3",
        "15 ans ; renouvellement demandé entre 24 et 12 mois avant l’échéance.",
        {"years": 15, "renewal_months_before": (24, 12)},
        "tri-loi18, mcc",
    ),
    Rule(
        "EVALUATION-5",
        "Évaluation sur le référentiel national",
        "CSP L. 2324-2-4",
        "Une évaluation tous les 5 ans.",
        {"years": 5},
        "lin-loi, weka-ref",
    ),
    Rule(
        "INCIDENT-PCD",
        "Information du président du conseil départemental",
        "CSP R. 2324-25",
        "Sans délai pour un accident suivi d’une hospitalisation ou d’une intervention de secours extérieurs, et pour "
        "tout décès.",
        {"triggers": ("hospitalisation", "secours_exterieurs", "deces"), "delay": "immediate"},
        "tri-25",
    ),
)

CSP_RULES: tuple[Rule, ...] = _CATEGORIES + _CAPACITY + _RATIO + _QUOTAS + _LIFE
