"""The agents and where they work: part of the register. Leaves, activity and actions are not an administrator's."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from core.french import hours, normalise
from core.periods import active_on
from establishments.admin.lists import ActiveFilter, TerritoryFilter
from establishments.admin_periods import PeriodFormSet
from establishments.admin_scope import HistoricAdmin, ScopedInline, establishments_of
from establishments.models import record
from establishments.vocabulary import said

from .models import Employee, Posting, Roster, RosterSlot
from .week_text import weekly_minutes


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


class AgentSearchMixin:
    """Rows found by the name or the number of their agent, or by their house, accents or not."""

    search_help_text = said("Nom, matricule ou {establishment}, avec ou sans accents")

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, normalise(search_term))


@admin.register(Posting)
class PostingAdmin(AgentSearchMixin, HistoricAdmin):
    """To look for: a posting is written on the page of its agent, beside those before and after it."""

    addable = changeable = False
    list_display = ["employee", "establishment", "job", "starts_on", "ends_on"]
    list_filter = [ActiveFilter, TerritoryFilter, "job"]
    search_fields = ["employee__search_name", "employee__staff_number", "establishment__search_name"]
    fields = [
        "employee",
        "establishment",
        ("job", "category"),
        ("fte", "weekly_days"),
        "pool",
        ("starts_on", "ends_on"),
    ]

    def get_queryset(self, request):
        """With the agent, whom a choice of posting names as the list does."""
        return super().get_queryset(request).select_related("employee", "establishment")


class RosterHouseFilter(TerritoryFilter):
    reach = "posting__establishment"


class SlotFormSet(PeriodFormSet):
    """The week as it will be: at least one stretch of work, none over another, no week B without alternation."""

    def clean(self):
        super().clean()
        rows = [form for form in self.forms if self._lasts(form)]
        if any(form.errors for form in self.forms) or self.instance.weeks is None:
            return
        if not rows:
            raise ValidationError("Indiquez au moins un jour de travail.")
        for form in rows:
            if form.instance.week > self.instance.weeks:
                form.add_error("week", "Sans alternance, il n’y a pas de semaine B.")
        rows.sort(key=lambda form: _place(form.instance))
        for before, after in zip(rows, rows[1:], strict=False):
            same_day = _place(before.instance)[:2] == _place(after.instance)[:2]
            if same_day and after.instance.starts_at < before.instance.ends_at:
                after.add_error("starts_at", "Cette plage en recouvre une autre du même jour.")


def _place(slot):
    return slot.week, slot.weekday, slot.starts_at


class SlotInline(ScopedInline):
    model = RosterSlot
    formset = SlotFormSet

    def get_queryset(self, request):
        return admin.TabularInline.get_queryset(self, request)  # those of a roster already in scope


@admin.register(Roster)
class RosterAdmin(AgentSearchMixin, HistoricAdmin):
    """Hours of work between two dates; others that follow start the day after these end."""

    list_display = ["employee", "house", "weeks", "per_week", "starts_on", "ends_on"]
    list_filter = [ActiveFilter, RosterHouseFilter, "weeks", "posting__job"]
    search_fields = [
        "posting__employee__search_name",
        "posting__employee__staff_number",
        "posting__establishment__search_name",
    ]
    autocomplete_fields = ["posting"]
    fields = ["posting", "weeks", ("starts_on", "ends_on")]
    inlines = [SlotInline]

    def get_queryset(self, request):
        """A roster reaches its house through its posting."""
        houses = establishments_of(request.user).order_by().values("pk")
        rows = super().get_queryset(request).filter(posting__establishment__in=houses)
        return rows.select_related("posting__employee", "posting__establishment").prefetch_related("slots")

    def get_readonly_fields(self, request, obj=None):
        return ["posting"] if obj else []

    def journal(self, request, participle, subject, note=""):
        house = subject.posting.establishment
        record(self._verb(participle), subject, by=request.user, note=note, establishment=house)

    @admin.display(description=said("{employee}"), ordering="posting__employee__last_name")
    def employee(self, roster):
        return roster.posting.employee

    @admin.display(description=said("{establishment}"), ordering="posting__establishment__name")
    def house(self, roster):
        return roster.posting.establishment

    @admin.display(description="par semaine")
    def per_week(self, roster):
        return hours(minutes=weekly_minutes(roster.slots.all(), roster.weeks))
