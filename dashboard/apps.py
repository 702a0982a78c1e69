import re

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"
    verbose_name = "Tableaux de bord"

    def ready(self):
        from core.jobs import tell_only_while
        from core.templatetags.ui import register_tones

        from . import notices
        from .balance import facts as balance
        from .syntheses import facts as syntheses
        from .weekly import facts as weekly
        from .weekly.drafting import is_still_late

        weekly.register_sources()
        syntheses.register_sources()
        balance.register_sources()
        tell_only_while(re.compile(r"weekly-\d+-late"), is_still_late)
        notices.tell()
        register_tones({"weeklyreport.draft": "watch", "weeklyreport.sent": "good"})
        register_tones({"synthesis.draft": "neutral", "synthesis.submitted": "watch", "synthesis.approved": "good"})
