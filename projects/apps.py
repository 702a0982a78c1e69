from django.apps import AppConfig

# Declared done is not verified: it still waits for a second look.
TONES = {
    "actionitem.to_start": "neutral",
    "actionitem.in_progress": "info",
    "actionitem.done": "watch",
    "actionitem.verified": "good",
    "actionitem.abandoned": "neutral",
    "establishmentproject.draft": "neutral",
    "establishmentproject.proposed": "watch",
    "establishmentproject.reviewed": "watch",
    "establishmentproject.to_rework": "alert",
    "establishmentproject.validated": "good",
    "establishmentproject.in_force": "good",
    "establishmentproject.to_revise": "watch",
    "establishmentproject.replaced": "neutral",
    "transversalproject.running": "info",
    "transversalproject.closed": "good",
    "localaction.reported": "good",
    "networkevent.reported": "good",
    "meeting.preparing": "neutral",
    "meeting.sent": "info",
    "meeting.held": "watch",
    "meeting.published": "good",
    "meeting.cancelled": "neutral",
    "decision.to_apply": "watch",
    "decision.applied": "good",
    "decision.dropped": "neutral",
    "pedagogicalday.requested": "watch",
    "pedagogicalday.advised": "watch",
    "pedagogicalday.reported": "good",
    "servicerequest.asked": "watch",
    "servicerequest.taken": "info",
    "servicerequest.relayed": "info",
    "servicerequest.answered": "good",
    "servicerequest.closed": "neutral",
    "servicerequest.withdrawn": "neutral",
    "serviceorder.sent": "info",
    "serviceorder.closed": "good",
    "orderaddressee.unseen": "watch",
    "orderaddressee.running": "info",
    "orderaddressee.done": "good",
    "orderaddressee.impossible": "alert",
    "arbitration.proposed": "watch",
    "arbitration.decided": "good",
    "watchnotice.published": "good",
    "goodpractice.proposed": "watch",
    "goodpractice.agreed": "info",
    "goodpractice.published": "good",
    "worksperiod.needed": "watch",
    "worksperiod.decided": "info",
    "worksperiod.reopened": "good",
}


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = "Projets et actions"

    def ready(self):
        from core.jobs import tell_only_while
        from core.templatetags.ui import register_tones
        from establishments.models import Capability
        from establishments.search import search_scope

        from . import recurring
        from .models import MeetingSeries

        tell_only_while(recurring.WRITTEN, recurring.reminder_still_true)
        tell_only_while(recurring.REQUEST_WRITTEN, recurring.request_still_late)
        search_scope("series", MeetingSeries, (Capability.READ_TRANSMITTED,))

        register_tones(TONES)
