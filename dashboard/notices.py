"""The kinds of events of every room, as a person calls them, and what she must still be able to see to be told."""

from core import notices
from establishments.vocabulary import titled


def tell():
    """Called once, when the applications are ready."""
    notices.name_kinds(KINDS)
    for page, model in _readers().items():
        notices.seen_by(page, model)


KINDS = {
    "action": titled("{action.plural}"),
    "commande": "Commandes",
    "congé": titled("{leave.plural}"),
    "day": "Journées pédagogiques",
    "double": "Doubles cotations",
    "event": "Événements et alertes",
    "finding": "Constats et injonctions",
    "inspection": "Contrôles",
    "meeting": "Réunions",
    "pratique": "Bonnes pratiques",
    "rule": "Changements de règles",
    "veille": "Veille",
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


def _readers():
    """{page: model}; each room is asked when it is ready."""
    from projects.models import (
        ActionItem,
        EstablishmentProject,
        GoodPractice,
        Meeting,
        PedagogicalDay,
        ServiceOrder,
        ServiceRequest,
        WatchNotice,
    )
    from staffing.models import LeavePlan, LeaveRequest, StaffingNeed
    from visits.models import DoubleRating, Event, Finding, FunctioningReview, Inspection, Visit

    from .models import Synthesis, WeeklyReport

    return {
        "projects:action_detail": ActionItem,
        "projects:day_detail": PedagogicalDay,
        "projects:project_detail": EstablishmentProject,
        "staffing:leave_detail": LeaveRequest,
        "projects:order_detail": ServiceOrder,
        "projects:practice_detail": GoodPractice,
        "projects:request_detail": ServiceRequest,
        "projects:watch_detail": WatchNotice,
        "staffing:need_detail": StaffingNeed,
        "staffing:plan_detail": LeavePlan,
        "visits:detail": Visit,
        "visits:double": DoubleRating,
        "visits:event": Event,
        "visits:review": FunctioningReview,
        "visits:finding": Finding,
        "visits:inspection": Inspection,
        "dashboard:meeting": Meeting,
        "dashboard:synthesis": Synthesis,
        "dashboard:weekly": WeeklyReport,
    }
