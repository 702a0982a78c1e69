import django_filters

from ..models import GoodPractice
from .places import PlaceFilter


class GoodPracticeFilter(PlaceFilter):
    search_columns = ("search_text", "establishment__search_name")
    search_label = "Rechercher"
    status = django_filters.ChoiceFilter(label="Statut", choices=GoodPractice.Status)
    theme = django_filters.CharFilter(label="Thème", lookup_expr="icontains", max_length=120)

    class Meta:
        model = GoodPractice
        fields = ["establishment", "territory", "status", "theme"]
