from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = "Projets et actions"

    def ready(self):
        from core.templatetags.ui import register_tones

        # Declared done is not verified: it still waits for a second look.
        register_tones(
            {
                "actionitem.to_start": "neutral",
                "actionitem.in_progress": "info",
                "actionitem.done": "watch",
                "actionitem.verified": "good",
                "actionitem.abandoned": "neutral",
            }
        )
