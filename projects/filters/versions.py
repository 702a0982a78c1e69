import django_filters
from django.utils import timezone

from core.calendar import add_months

from ..models import EstablishmentProject, LegalDocument
from .places import PlaceFilter

SOON_MONTHS = 6


class VersionFilter(PlaceFilter):
    document = django_filters.ChoiceFilter(label="Document", choices=LegalDocument)
    status = django_filters.ChoiceFilter(label="Statut", choices=EstablishmentProject.Status)
    due = django_filters.ChoiceFilter(
        label="Révision", choices=[("six-mois", "attendue dans les six mois")], method="due_soon"
    )

    class Meta:
        model = EstablishmentProject
        fields = ["establishment", "territory", "document", "status", "due"]

    def due_soon(self, versions, name, value):
        today = timezone.localdate()
        return versions.of_open_houses(today).to_revise_before(add_months(today, SOON_MONTHS))
