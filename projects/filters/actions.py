import django_filters
from django.utils import timezone

from core.models import User
from establishments.door import PerimeterFilterSet
from establishments.filters import TerritoryFilter
from establishments.models import Capability, Establishment
from establishments.vocabulary import said, titled

from ..models import ActionItem


def owners(request):
    """Those who own an action that the reader may see."""
    actions = ActionItem.objects.visible_to(request.user)
    return User.objects.all().filter(pk__in=actions.order_by().values("owner"))


class ActionFilter(PerimeterFilterSet):
    capability = Capability.VIEW_ACTIONS
    search_columns = ("search_text", "establishment__search_name", "territory__search_name")
    search_label = said("Action ou {establishment}")

    establishment = django_filters.ModelChoiceFilter(
        label=titled("{establishment}"), queryset=Establishment.objects.all()
    )
    territory = TerritoryFilter()
    status = django_filters.ChoiceFilter(label="Statut", choices=ActionItem.Status)
    late = django_filters.ChoiceFilter(label="Échéance", choices=[("oui", "en retard")], method="that_are_late")
    origin = django_filters.ChoiceFilter(label="Origine", field_name="origin_kind", choices=ActionItem.Origin)
    priority = django_filters.ChoiceFilter(label="Priorité", choices=ActionItem.Priority)
    owner = django_filters.ModelChoiceFilter(label="Responsable de l’action", queryset=owners)

    theme = django_filters.CharFilter(label="Thème", lookup_expr="iexact", max_length=80)

    class Meta:
        model = ActionItem
        fields = ["establishment", "territory", "status", "late", "origin", "priority", "owner", "theme"]

    def that_are_late(self, actions, name, value):
        return actions.overdue(timezone.localdate())
