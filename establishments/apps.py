from django.apps import AppConfig

from .vocabulary import titled


class EstablishmentsConfig(AppConfig):
    name = "establishments"
    verbose_name = titled("{establishment.plural}")
