"""The fourteen sections of a functioning review (domain 5.2) and their points: what each reads. Pure data.

A point reads subjects of `facts.py`; `sentences.py` says them. One that reads nothing waits for a person: what no
page of the product may tell here (appraisals, council of parents…) is asked, never invented. 13 and 14: the opinions.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """`reads`: subjects, "seen:charte 2" for one part of a subject. `reference`: the text it answers to."""

    section: int
    key: str
    label: str
    reads: tuple[str, ...] = ()
    reference: str = ""

    @property
    def subjects(self) -> tuple[str, ...]:
        return tuple(read.partition(":")[0] for read in self.reads)


SECTIONS = {
    1: "Carte d’identité et autorisation",
    2: "Activité",
    3: "Conformité réglementaire",
    4: "Équipe",
    5: "Projet d’établissement et protocoles",
    6: "Charte nationale\u00a0: synthèse des visites",
    7: "Familles",
    8: "Santé et inclusion",
    9: "Locaux, sécurité, travaux",
    10: "Événements et contrôles",
    11: "Forces, faiblesses, opportunités, risques",
    12: "Plan d’actions de vingt-quatre mois",
    13: "Avis de la direction de l’établissement",
    14: "Avis et validation",
}

CHARTE = [
    "Accueil quelle que soit la situation",
    "Rythme, langage, jeu et expérience",
    "Place des parents",
    "Professionnels bienveillants",
    "Éveil artistique et culturel",
    "Contact avec la nature",
    "Hors de tout stéréotype",
    "Environnement beau, sain et propice à l’éveil",
    "Adultes bien traités, temps de réflexion",
    "Professionnels formés",
]

POINTS = (
    Point(1, "identity-category", "Type, catégorie et places", ("identity",), "CSP R. 2324-17"),
    Point(1, "identity-authorisation", "Autorisation et échéance", ("identity",), "CSP R. 2324-18 à R. 2324-24"),
    Point(1, "identity-slots", "Modulation des places", ("identity",)),
    Point(1, "identity-hours", "Jours et heures d’ouverture", ("hours",)),
    Point(2, "activity-attendance", "Taux de fréquentation", ("months",)),
    Point(2, "activity-levers", "Ouverture, admission, assiduité", ("months",)),
    Point(2, "activity-trend", "Évolution sur vingt-quatre mois", ("months",)),
    Point(2, "activity-around", "Comparaison avec le secteur", ("months", "around")),
    Point(2, "activity-billing", "Taux de facturation", ("months",)),
    Point(3, "compliance-direction", "Direction", ("quotas",), "CSP R. 2324-46-1"),
    Point(3, "compliance-eje", "Éducation de jeunes enfants", ("quotas",), "CSP R. 2324-46-3"),
    Point(3, "compliance-health", "Accompagnement santé", ("quotas",), "CSP R. 2324-40, R. 2324-46-2"),
    Point(3, "compliance-category", "Part de la catégorie 1° dans l’équipe", ("team",), "CSP R. 2324-42"),
    Point(3, "compliance-ratio", "Encadrement constaté en visite", ("ratios",), "CSP R. 2324-46-4"),
    Point(4, "team-posts", "Postes et métiers", ("team",)),
    Point(4, "team-turnover", "Arrivées et départs", ("moves",)),
    Point(4, "team-direction", "Continuité de la direction", ("directions",)),
    Point(4, "team-absences", "Absences, en jours", ("absences",)),
    Point(4, "team-leaves", "Congés décidés", ("leaves",)),
    Point(4, "team-courses", "Formations suivies", ("courses",)),
    Point(4, "team-training", "Absences pour formation, en jours", ("training",)),
    Point(4, "team-practice", "Analyse des pratiques professionnelles", ("practice",), "CSP R. 2324-37"),
    Point(4, "team-appraisals", "Entretiens professionnels"),
    Point(5, "project-in-force", "Projet d’établissement", ("projects",), "CSP R. 2324-29"),
    Point(5, "project-rules", "Règlement de fonctionnement", ("projects",), "CSP R. 2324-30"),
    Point(5, "project-days", "Journées pédagogiques", ("days",)),
    Point(5, "project-protocols", "Protocoles", ("duties:protocols",), "CSP R. 2324-30 II"),
    *(
        Point(6, f"charte-{n:02}", label, (f"seen:charte {n}",), f"Charte nationale, principe {n}")
        for n, label in enumerate(CHARTE, start=1)
    ),
    Point(7, "families-seen", "Place des familles, vue en visite", ("seen:charte 3",)),
    Point(7, "families-council", "Conseil de parents"),
    Point(7, "families-complaints", "Réclamations", ("complaints",)),
    Point(8, "health-rsai", "Référent santé et accueil inclusif", ("health",), "CSP R. 2324-46-2"),
    Point(8, "health-hours", "Heures de référent santé et accueil inclusif", ("rsai",), "CSP R. 2324-46-2"),
    Point(8, "health-inclusion", "Accueil inclusif, vu en visite", ("seen:charte 1",)),
    Point(8, "health-plans", "Projets d’accueil individualisé (nombre)"),
    Point(9, "premises-works", "Travaux", ("works",)),
    Point(9, "premises-closures", "Fermetures et places gelées", ("closures",)),
    Point(9, "premises-safety", "Commission de sécurité et exercices", ("duties:safety",)),
    Point(9, "premises-water", "Eau, air, secourisme, document unique", ("duties:premises",)),
    Point(9, "premises-seen", "Lieux et sécurité, vus en visite", ("seen:charte 8",)),
    Point(10, "events", "Événements", ("events",), "CSP R. 2324-25"),
    Point(10, "inspections", "Contrôles", ("inspections",), "CSP L. 2324-2-2"),
    Point(10, "visits", "Visites reçues", ("visits",)),
    Point(11, "strengths", "Forces", ("strengths",)),
    Point(11, "weaknesses", "Faiblesses", ("gaps",)),
    Point(11, "opportunities", "Opportunités", ("practices",)),
    Point(11, "risks", "Risques", ("actions", "duties:all")),
    Point(12, "plan-open", "Actions ouvertes à reprendre", ("actions",)),
    Point(12, "plan-done", "Actions menées à leur terme", ("actions",)),
)

BY_KEY = {point.key: point for point in POINTS}
