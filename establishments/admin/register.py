"""The houses: their identity, what is authorised, when they open, who directs them."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import path
from django.utils import timezone

from core.french import normalise, typo

from ..admin_periods import DayInput, PeriodFormSet, ScopedForm
from ..admin_scope import HistoricAdmin, ScopedInline
from ..models import (
    Authorisation,
    CapacityChange,
    Closure,
    Establishment,
    OpeningHours,
    PastIdentity,
    SectorAttachment,
)
from ..regulation import category, category_label
from ..vocabulary import said
from . import bulk, exports
from .lists import GapFilter, HouseTerritoryFilter, OpenFilter
from .mandates import DirectorshipInline


class EstablishmentForm(ScopedForm):
    """A correction changes today's identity; with a date, the identity of before stays readable."""

    identity_since = forms.DateField(
        label="Valable à partir du",
        required=False,
        widget=DayInput,
        help_text=typo(
            "Pour un changement réel de nom, de type, de gestion ou d’adresse : ce qui était vrai avant reste "
            "consultable. Laissez vide pour corriger une erreur de saisie."
        ),
    )

    class Meta:
        model = Establishment
        fields = "__all__"  # noqa: DJ007 - the fieldsets below are the list

    def clean(self):
        cleaned = super().clean()
        if self.dated_changes() and not self.errors:
            try:
                with transaction.atomic():  # the model says whether the date is possible; nothing is kept
                    self.stored().change_identity(since=cleaned["identity_since"], **self.dated_changes())
                    transaction.set_rollback(True)
            except ValidationError as error:
                self.add_error("identity_since", error)
        return cleaned

    def stored(self):
        return Establishment.objects.get(pk=self.instance.pk)

    def dated_changes(self):
        """{field: new value} of the identity, when a date was given for a house that exists."""
        if not self.instance.pk or not self.cleaned_data.get("identity_since"):
            return {}
        names = [name for name in self.changed_data if name in Establishment.IDENTITY]
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


AT_ONCE = (
    "Rattachez {establishment.ce} dès aujourd’hui, même avant son ouverture\u00a0: "
    "sans cela, sa fiche ne serait visible de personne."
)


class AttachmentFormSet(PeriodFormSet):
    """A new house that opens later is attached all the same today: it would be out of reach of who enters it."""

    def clean(self):
        super().clean()
        starts = [form.cleaned_data.get("starts_on") for form in self.forms if self._lasts(form)]
        if self.instance.pk is None and all(starts) and starts and min(starts) > timezone.localdate():
            raise ValidationError(said(AT_ONCE))


class AttachmentInline(ScopedInline):
    model = SectorAttachment
    formset = AttachmentFormSet
    autocomplete_fields = ["territory"]
    deletable = False
    verbose_name_plural = "rattachements (fermez l’ancien, ouvrez le nouveau)"

    def get_min_num(self, request, obj=None, **kwargs):
        return 0 if obj else 1

    def get_formset(self, request, obj=None, **kwargs):
        """A new house is attached from the start: nobody would see it otherwise."""
        return super().get_formset(request, obj, validate_min=obj is None, **kwargs)


class AuthorisationInline(ScopedInline):
    model = Authorisation
    show_change_link = True
    fields = ["places", "ratio_rule", "issued_on", "expires_on", "reference", "starts_on", "ends_on"]


class OpeningHoursInline(ScopedInline):
    model = OpeningHours


class CapacityChangeInline(ScopedInline):
    model = CapacityChange


class ClosureInline(ScopedInline):
    model = Closure
    fk_name = "establishment"
    autocomplete_fields = ["host"]


class PastIdentityInline(ScopedInline):
    model = PastIdentity
    addable = changeable = deletable = False
    fields = ["name", "kind", "management_mode", "operator", "street", "starts_on", "ends_on"]


@admin.register(Establishment)
class EstablishmentAdmin(HistoricAdmin):
    form = EstablishmentForm
    list_display = ["name", "kind_name", "category", "places", "frozen", "sector", "management", "state"]
    list_filter = [GapFilter, HouseTerritoryFilter, OpenFilter, "kind", "management_mode"]
    search_fields = ["search_name"]
    search_help_text = "Nom, adresse ou code postal, avec ou sans accents"
    ordering = ["name", "pk"]
    actions = [*bulk.ACTIONS, exports.export_csv, exports.export_xlsx]
    inlines = [
        AttachmentInline,
        AuthorisationInline,
        DirectorshipInline,
        OpeningHoursInline,
        CapacityChangeInline,
        ClosureInline,
        PastIdentityInline,
    ]
    change_list_template = "admin/establishment_list.html"
    fieldsets = [
        ("Identité", {"fields": ["name", "code", ("kind", "organisation"), ("management_mode", "operator"), "siret"]}),
        ("Adresse", {"fields": ["street", ("postcode", "city"), ("latitude", "longitude")]}),
        ("Contact", {"fields": [("phone", "email")]}),
        ("Ouverture", {"fields": [("opened_on", "closed_on")]}),
    ]

    def get_queryset(self, request):
        today = timezone.localdate()
        return super().get_queryset(request).with_places(today).with_territories(today)

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, normalise(search_term))

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.fieldsets
        since = ("Date de ce changement", {"fields": ["identity_since"]})
        return [*self.fieldsets[:2], since, *self.fieldsets[2:]]

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"code": ["name"]}

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    def save_model(self, request, obj, form, change):
        changes = form.dated_changes() if change else {}
        if not changes:
            super().save_model(request, obj, form, change)
            return
        stored = form.stored()
        for name in changes:
            setattr(obj, name, getattr(stored, name))
        obj.change_identity(since=form.cleaned_data["identity_since"], **changes)

    def get_urls(self):
        view = self.admin_site.admin_view(self.import_view)
        return [path("importer/", view, name="establishments_establishment_import"), *super().get_urls()]

    def import_view(self, request):
        from ..importing.wizard import import_wizard

        return import_wizard(request, self.admin_site)

    @admin.display(description="type", ordering="kind")
    def kind_name(self, house):
        return house.get_kind_display()

    @admin.display(description="catégorie", ordering="places")
    def category(self, house):
        """From the annotated places: no query a row."""
        if not house.places:
            return None
        return category_label(house.kind, category(house.kind, house.places, timezone.localdate()))

    @admin.display(description="places", ordering="places")
    def places(self, house):
        return house.places

    @admin.display(description="gelées", ordering="frozen")
    def frozen(self, house):
        return house.frozen or None

    @admin.display(description="rattachement", ordering="sector_name")
    def sector(self, house):
        return house.sector_name

    @admin.display(description="gestion", ordering="management_mode")
    def management(self, house):
        return house.get_management_mode_display()

    @admin.display(description="ouverture", ordering="closed_on")
    def state(self, house):
        today = timezone.localdate()
        if house.closed_on and house.closed_on <= today:
            return "fermé"
        return "ouvert" if house.is_open_on(today) else "à ouvrir"
