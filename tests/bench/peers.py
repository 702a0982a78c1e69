"""The same list as django-tables2 and django-filter draw it out of the box: what the list page is compared with."""

import django_filters
import django_tables2 as tables
from django.http import HttpResponse
from django.template import engines
from django.utils import timezone
from django_filters.views import FilterView
from django_tables2.views import SingleTableMixin

from establishments.models import Capability, Establishment, Territory
from establishments.tables import register_rows

PAGE = """{% extends "base.html" %}{% load render_table from django_tables2 %}
{% block content %}<form>{{ filter.form }}<button>Filtrer</button></form>{% render_table table %}{% endblock %}"""


class StockTable(tables.Table):
    name = tables.Column(linkify=True)
    sector_name = tables.Column()
    places = tables.Column()
    director_family = tables.Column()

    class Meta:
        model = Establishment
        fields = ["name", "sector_name", "places", "director_family", "street", "management_mode", "phone"]


class StockFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="search_name", lookup_expr="icontains")
    territory = django_filters.ModelChoiceFilter(queryset=Territory.objects.all(), field_name="attachments__territory")

    class Meta:
        model = Establishment
        fields = ["kind", "management_mode", "organisation"]


class StockList(SingleTableMixin, FilterView):
    table_class = StockTable
    filterset_class = StockFilter
    paginate_by = 50

    def get_queryset(self):
        return register_rows(self.request.user, Capability.SUMMARY, timezone.localdate())

    def render_to_response(self, context, **response):
        return HttpResponse(engines["django"].from_string(PAGE).render(context, self.request))
