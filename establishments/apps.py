from django.apps import AppConfig
from django.core import checks

from .vocabulary import titled


class EstablishmentsConfig(AppConfig):
    name = "establishments"
    verbose_name = titled("{establishment.plural}")

    def ready(self):
        from .charter import check_charter
        from .regulation import provided_by
        from .rule_changes import recorded

        checks.register(check_charter)
        provided_by(recorded)
