"""The agents and where they work: part of the register. Leaves, activity and actions are not an administrator's."""

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from core.french import normalise
from core.periods import active_on
from establishments.admin_scope import HistoricAdmin, ScopedInline, establishments_of
from establishments.vocabulary import said

from .models import Employee, Posting


class PostingInline(ScopedInline):
    """Postings in the houses of the perimeter; one ends, it is not erased."""

    model = Posting
    deletable = False
    autocomplete_fields = ["establishment"]


@admin.register(Employee)
class EmployeeAdmin(HistoricAdmin):
    list_display = ["last_name", "first_name", "staff_number", "house"]
    list_display_links = ["last_name"]
    search_fields = ["search_name", "staff_number"]
    search_help_text = "Nom ou matricule, avec ou sans accents"
    ordering = ["last_name", "first_name", "pk"]
    autocomplete_fields = ["user"]
    fields = [("first_name", "last_name"), "staff_number", "user"]
    inlines = [PostingInline]

    def get_queryset(self, request):
        """Those who work, worked or will work in a house of the perimeter, and those posted nowhere yet."""
        rows = Posting.objects.filter(employee=OuterRef("pk"))
        houses = establishments_of(request.user).order_by().values("pk")
        today = rows.filter(active_on(timezone.localdate()), establishment__in=houses)
        reached = Q(Exists(rows.filter(establishment__in=houses))) | ~Exists(rows)
        named = Subquery(today.order_by("pk").values("establishment__name")[:1])
        return super().get_queryset(request).filter(reached).annotate(house_name=named)

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, normalise(search_term))

    @admin.display(description=said("{establishment}"), ordering="house_name")
    def house(self, employee):
        return employee.house_name
