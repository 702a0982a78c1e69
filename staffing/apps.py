from django.apps import AppConfig


class StaffingConfig(AppConfig):
    name = "staffing"
    verbose_name = "Équipes et congés"

    def ready(self):
        from core.templatetags.ui import register_tones

        register_tones(
            {
                "leaverequest.proposed": "watch",
                "leaveplan.preparing": "neutral",
                "leaveplan.submitted": "watch",
                "leaveplan.decided": "good",
                "staffimport.applied": "good",
                "staffimport.undone": "neutral",
                "interim.standing": "good",
                "interim.withdrawn": "neutral",
                "staffingneed.asked": "watch",
                "staffingneed.agreed": "info",
                "staffingneed.approved": "good",
                "staffingneed.refused": "neutral",
                "staffingneed.withdrawn": "neutral",
                "agencybooking.ordered": "watch",
                "agencybooking.delivered": "info",
                "agencybooking.invoiced": "good",
                "agencybooking.cancelled": "neutral",
                "recruitment.open": "info",
                "recruitment.filled": "good",
                "recruitment.failed": "watch",
                "recruitment.dropped": "neutral",
                "training.wished": "watch",
                "training.agreed": "info",
                "training.done": "good",
                "training.refused": "neutral",
                "intervention.planned": "info",
                "intervention.done": "good",
                "intervention.cancelled": "neutral",
            }
        )
