from datetime import timedelta

import django_filters
from django.utils import timezone

from establishments.models import Closure, WorksPeriod

from .places import PlaceFilter

OLD = timedelta(days=60)


class WorksFilter(PlaceFilter):
    status = django_filters.ChoiceFilter(label="Statut", choices=WorksPeriod.Status)
    priority = django_filters.ChoiceFilter(label="Priorité", choices=WorksPeriod.Priority)
    safety = django_filters.ChoiceFilter(
        label="Sécurité",
        choices=[("oui", "sécurité"), ("vieux", "sécurité, demandés depuis plus de 60 jours")],
        method="about_safety",
    )

    class Meta:
        model = WorksPeriod
        fields = ["establishment", "territory", "status", "priority", "safety"]

    def about_safety(self, works, name, value):
        return works.filter(is_safety=True) if value == "oui" else works.safety_since(timezone.localdate() - OLD)


class ClosureFilter(PlaceFilter):
    cause = django_filters.ChoiceFilter(label="Cause", choices=Closure.Cause)
    since = django_filters.DateFilter(label="Depuis le", field_name="ends_on", lookup_expr="gte")
    until = django_filters.DateFilter(label="Jusqu’au", field_name="starts_on", lookup_expr="lte")
    families = django_filters.ChoiceFilter(
        label="Familles", choices=[("non", "pas encore informées")], method="not_told"
    )
    host = django_filters.ChoiceFilter(
        label="Regroupement", choices=[("oui", "avec accueil"), ("non", "sans accueil")], method="with_host"
    )

    class Meta:
        model = Closure
        fields = ["establishment", "territory", "cause", "since", "until", "families", "host"]

    def not_told(self, closures, name, value):
        return closures.filter(families_informed_on__isnull=True)

    def with_host(self, closures, name, value):
        return closures.filter(host__isnull=value == "non")
