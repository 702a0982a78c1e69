"""Who may do what, and who directs: roles go downward only, nobody touches her own (C40)."""

from django.contrib import admin
from django.utils import timezone

from core.french import normalise

from ..admin_periods import PeriodForm, ScopedForm
from ..admin_scope import HistoricAdmin, ScopedInline
from ..grants import grant_refusal
from ..models import Directorship, Mandate, SharedRole
from ..vocabulary import said
from .lists import ActiveFilter, DirectTerritoryFilter, TerritoryFilter


class PersonSearchMixin:
    """Accent-insensitive search by the person, or by the place."""

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, normalise(search_term))


class MandateForm(ScopedForm):
    def clean(self):
        cleaned = super().clean()
        if self.has_changed():
            instance = self.instance
            refusal = grant_refusal(
                self.by,
                user=cleaned.get("user") or (instance.user if instance.pk else None),
                territory=cleaned.get("territory") or instance.territory,
                establishment=cleaned.get("establishment") or instance.establishment,
            )
            if refusal:
                self.add_error(None, refusal)
        return cleaned


@admin.register(Mandate)
class MandateAdmin(PersonSearchMixin, HistoricAdmin):
    form = MandateForm
    list_display = ["user", "role", "place", "starts_on", "ends_on", "is_interim"]
    list_filter = [ActiveFilter, "role", DirectTerritoryFilter, "is_interim"]
    list_select_related = ["user", "territory", "establishment", "directorship"]
    search_fields = ["user__search_name", "territory__search_name", "establishment__search_name"]
    search_help_text = said("Personne, territoire ou {establishment}, avec ou sans accents")
    autocomplete_fields = ["user", "territory", "establishment"]
    fields = ["user", "role", ("territory", "establishment"), ("starts_on", "ends_on"), "is_interim"]

    def get_readonly_fields(self, request, obj=None):
        """A change of role is a mandate that ends and another that begins: what was granted stays readable."""
        return ["user", "role", "territory", "establishment", "starts_on"] if obj else []

    def has_change_permission(self, request, obj=None):
        """Not her own; and those of a direction follow it."""
        if obj is not None and (obj.user_id == request.user.pk or Directorship.objects.filter(mandate=obj).exists()):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Only what never gave a right: the others end on a date."""
        future = obj is not None and obj.starts_on > timezone.localdate()
        return future and self.has_change_permission(request, obj)

    @admin.display(description="sur")
    def place(self, mandate):
        return mandate.territory or mandate.establishment


class DirectorshipForm(PeriodForm):
    def clean(self):
        cleaned = super().clean()
        if self.has_changed():
            before = self.initial.get("person") == self.by.pk
            person = self.by if before else cleaned.get("person")
            refusal = grant_refusal(self.by, user=person)
            if refusal:
                self.add_error(None, refusal)
        return cleaned


class DirectorshipInline(ScopedInline):
    """Never deleted: a direction gives rights, and ends on a date."""

    model = Directorship
    form = DirectorshipForm
    autocomplete_fields = ["person"]
    deletable = False


class StandaloneDirectorshipForm(DirectorshipForm):
    """Alone on its page, a direction is compared with those of the database."""

    judges_overlaps = True


@admin.register(Directorship)
class DirectorshipAdmin(PersonSearchMixin, HistoricAdmin):
    is_feminine = True
    form = StandaloneDirectorshipForm
    list_display = ["person", "position", "establishment", "starts_on", "ends_on", "is_interim"]
    list_filter = [ActiveFilter, "position", TerritoryFilter, "is_interim"]
    list_select_related = ["person", "establishment"]
    search_fields = ["person__search_name", "establishment__search_name"]
    search_help_text = said("Personne ou {establishment}, avec ou sans accents")
    autocomplete_fields = ["person", "establishment"]
    fields = ["establishment", "person", "position", "is_interim", ("starts_on", "ends_on")]

    def get_readonly_fields(self, request, obj=None):
        return ["establishment", "person", "position"] if obj else []

    def has_change_permission(self, request, obj=None):
        own = obj is not None and obj.person_id == request.user.pk
        return not own and super().has_change_permission(request, obj)


@admin.register(SharedRole)
class SharedRoleAdmin(PersonSearchMixin, HistoricAdmin):
    is_feminine = True
    deletable = True
    list_display = ["person", "function", "place", "rank", "starts_on", "ends_on"]
    list_filter = [ActiveFilter, "function", DirectTerritoryFilter]
    list_select_related = ["person", "territory", "establishment"]
    search_fields = ["person__search_name", "territory__search_name", "establishment__search_name"]
    autocomplete_fields = ["person", "territory", "establishment"]
    fields = ["function", "person", ("territory", "establishment"), "rank", ("starts_on", "ends_on")]

    @admin.display(description="pour")
    def place(self, role):
        return role.territory or role.establishment
