import django_filters

from ..models import WatchNotice
from .network import TerritoryOwned


class WatchFilter(TerritoryOwned):
    kind = django_filters.ChoiceFilter(label="Veille", choices=WatchNotice.Kind)
    status = django_filters.ChoiceFilter(label="Statut", choices=WatchNotice.Status)
    reading = django_filters.ChoiceFilter(label="Lecture", choices=[("a-lire", "à lire chez moi")], method="to_read")
    since = django_filters.DateFilter(label="Source depuis le", field_name="source_on", lookup_expr="gte")

    class Meta:
        model = WatchNotice
        fields = ["territory", "kind", "status", "reading", "since"]

    def to_read(self, notices, name, value):
        return notices.to_acknowledge(self.request.user)
