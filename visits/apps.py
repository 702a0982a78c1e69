from django.apps import AppConfig

from core.templatetags.ui import register_tones


class VisitsConfig(AppConfig):
    name = "visits"
    verbose_name = "Visites"

    def ready(self):
        register_tones({"visit.shared": "info", "visit.answered": "watch"})
        register_tones({"event.reported": "watch", "event.acknowledged": "info", "event.closed": "good"})
