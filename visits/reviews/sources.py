"""The sources that a review quotes: how each subject is read, called and opened (decisions, 19)."""

from urllib.parse import urlencode

from django.urls import reverse

from core.sources import Source, SourceKind, register

from .facts import READINGS_OF_THE_HOUSE, Window, by_key
from .given import READINGS_OF_THE_TEAM
from .sections import Point
from .seen import READINGS_OF_THE_VISITS

PREFIX = "review."
READINGS = READINGS_OF_THE_HOUSE | READINGS_OF_THE_TEAM | READINGS_OF_THE_VISITS
# subject: (what it is called, the page that holds it)
PLACES = {
    "identity": ("Autorisation", "establishments:authorisation"),
    "hours": ("Horaires d’ouverture", "establishments:authorisation"),
    "months": ("Activité des mois", "indicators:establishment_activity"),
    "around": ("Activité des mois du même périmètre", "indicators:overview"),
    "quotas": ("Conformité des équipes", "staffing:compliance"),
    "team": ("Équipe", "staffing:establishment_team"),
    "moves": ("Affectations", "staffing:establishment_team"),
    "directions": ("Directions", "establishments:history"),
    "absences": ("Absences, en nombre", "staffing:establishment_team"),
    "training": ("Absences pour formation, en nombre", "staffing:establishment_team"),
    "courses": ("Formations, en nombre", "staffing:establishment_development"),
    "practice": ("Analyse des pratiques, en heures", "staffing:establishment_development"),
    "rsai": ("Interventions, en heures", "staffing:establishment_development"),
    "leaves": ("Congés décidés", "staffing:leave_list"),
    "projects": ("Projets et règlements", "projects:establishment_projects"),
    "days": ("Journées pédagogiques", "projects:day_list"),
    "duties": ("Obligations", "establishments:obligations"),
    "health": ("Fonctions mutualisées", "establishments:detail"),
    "works": ("Travaux", "projects:works_list"),
    "closures": ("Fermetures et gels", "establishments:calendar"),
    "actions": ("Actions", "projects:establishment_actions"),
    "events": ("Événements", "visits:establishment_events"),
    "complaints": ("Réclamations", "visits:establishment_events"),
    "inspections": ("Contrôles", "visits:establishment_inspections"),
    "visits": ("Visites", "visits:establishment_visits"),
    "ratios": ("Encadrement compté en visite", "visits:establishment_visits"),
    "seen": ("Observations des visites", "visits:establishment_visits"),
    "strengths": ("Points forts observés", "visits:establishment_visits"),
    "gaps": ("Points à reprendre observés", "visits:establishment_visits"),
    "practices": ("Bonnes pratiques observées", "visits:establishment_visits"),
}
# Those whose page is the agents': named to everyone who reads the review, opened by who may see the teams.
OF_TEAMS = {f"{PREFIX}{subject}" for subject, (_, page) in PLACES.items() if page.startswith("staffing:")}
LISTS = {
    "indicators:overview",
    "staffing:compliance",
    "staffing:leave_list",
    "projects:day_list",
    "projects:works_list",
}


def sources_of(point: Point, window: Window) -> dict[str, Source]:
    """{subject: source} of what a point reads, for one house and one period."""
    found = {}
    for read in point.reads:
        subject, _, part = read.partition(":")
        found[subject] = Source(PREFIX + subject, Window(window.house, window.since, window.until, part).key)
    return found


def _url(subject: str, key: str) -> str:
    name, house = PLACES[subject][1], Window.of(key).house
    if name in LISTS:
        return f"{reverse(name)}?{urlencode({'establishment': house})}"
    return reverse(name, args=[house])


def register_sources() -> None:
    for subject, read in READINGS.items():
        register(
            SourceKind(
                PREFIX + subject,
                by_key(read),
                lambda key, subject=subject: PLACES[subject][0],
                lambda key, subject=subject: _url(subject, key),
            )
        )
