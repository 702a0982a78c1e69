from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = "Indicateurs"

    def ready(self):
        from core.templatetags.ui import register_tones

        register_tones({"monthlyactivity.closed": "good"})
