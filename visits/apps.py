from django.apps import AppConfig

from core.templatetags.ui import register_tones


class VisitsConfig(AppConfig):
    name = "visits"
    verbose_name = "Visites"

    def ready(self):
        from .reviews.sources import register_sources

        register_sources()
        register_tones({"visit.shared": "info", "visit.answered": "watch"})
        register_tones(
            {
                "functioningreview.drafted": "info",
                "functioningreview.answering": "watch",
                "functioningreview.validated": "good",
                "functioningreview.followed": "good",
            }
        )
        register_tones({"event.reported": "watch", "event.acknowledged": "info", "event.closed": "good"})
        register_tones({"rulechange.recorded": "watch", "rulechange.cancelled": "neutral"})
        register_tones({"doublerating.compared": "watch", "doublerating.settled": "good"})
        register_tones({"inspection.open": "watch", "inspection.answered": "info", "inspection.closed": "good"})
        register_tones({"finding.standing": "watch", "finding.lifted": "good"})
