"""The kinds of events of every room, as a person calls them, and what she must still be able to see to be told."""

from core import notices
from establishments.vocabulary import titled


def tell():
    """Called once, when the applications are ready."""
    from projects.models import ActionItem, EstablishmentProject, PedagogicalDay
    from staffing.models import LeaveRequest
    from visits.models import Event, FunctioningReview, Visit

    from .models import Synthesis, WeeklyReport

    notices.name_kinds(
        {
            "action": titled("{action.plural}"),
            "congé": titled("{leave.plural}"),
            "day": "Journées pédagogiques",
            "event": "Événements et alertes",
            "demande": "Questions du terrain",
            "intérim": "Intérims et relais de direction",
            "job": "Tâches finies",
            "planning": "Plannings",
            "pool": "Affectations du pool volant",
            "project": "Projets",
            "renfort": "Besoins de renfort",
            "review": titled("{review.plural}"),
            "sensitive": "Dossiers sensibles",
            "synthesis": "Synthèses",
            "visit": "Visites et comptes rendus",
            "weekly": "CRA",
        }
    )
    for page, model in {
        "projects:action_detail": ActionItem,
        "projects:day_detail": PedagogicalDay,
        "projects:project_detail": EstablishmentProject,
        "staffing:leave_detail": LeaveRequest,
        "visits:detail": Visit,
        "visits:event": Event,
        "visits:review": FunctioningReview,
        "dashboard:synthesis": Synthesis,
        "dashboard:weekly": WeeklyReport,
    }.items():
        notices.seen_by(page, model)
