import re

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"
    verbose_name = "Tableaux de bord"

    def ready(self):
        from core.jobs import tell_only_while
        from core.templatetags.ui import register_tones

        from .weekly.drafting import is_still_late
        from .weekly.facts import register_sources

        register_sources()
        tell_only_while(re.compile(r"weekly-\d+-late"), is_still_late)
        register_tones({"weeklyreport.draft": "watch", "weeklyreport.sent": "good"})
