"""What an administrator's pages may reach: her mandates decide, never Django's staff flags or permissions.

`within_scope` narrows any queryset of the register; `ScopedAdmin`, `HistoricAdmin`, `ScopedInline` use it for lists,
autocompletion, changes, history and foreign keys, so that a forged POST is an invalid choice and the rest a 404.
"""

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, Exists, OuterRef, Q, TimeField
from django.utils import timezone
from simple_history.admin import SimpleHistoryAdmin

from core.models import User

from .admin_journal import JournaledMixin, ScopedHistoryMixin
from .admin_periods import DayInput, HourInput, PeriodForm, PeriodFormSet, ScopedForm
from .admin_versions import FIELD, conflict, sealed, snapshot
from .context import active_mandates
from .models import Capability, Establishment, Mandate, Role, SectorAttachment, SharedRole, Territory

REGISTER = Capability.MANAGE_REGISTER


def administered_tops(user):
    """Mandates of administrator over the top of a tree: they also keep what is attached to nothing yet."""
    top = Territory.Kind.DIRECTION
    return Mandate.objects.held_by(user, [Role.ADMINISTRATOR]).filter(territory__kind=top)


def administers_everything(request):
    """Whether the reference data shared by all (grids, outlines) is hers to change. No query: read once a request."""
    return any(
        mandate.role == Role.ADMINISTRATOR and mandate.territory and mandate.territory.kind == Territory.Kind.DIRECTION
        for mandate in active_mandates(request)
    )


def territories_of(user):
    return Territory.objects.visible_to(user, REGISTER)


def establishments_of(user):
    """The houses of the perimeter; for an administrator of the top, those that no territory holds today as well."""
    attached = SectorAttachment.objects.active_on(timezone.localdate()).filter(establishment=OuterRef("pk"))
    inside = Establishment.objects.visible_to(user, REGISTER).order_by().values("pk")
    return Establishment.objects.filter(Q(pk__in=inside) | (Exists(administered_tops(user)) & ~Exists(attached)))


def mandates_of(user):
    territories, houses = territories_of(user).order_by().values("pk"), establishments_of(user).order_by().values("pk")
    return Mandate.objects.filter(Q(territory__in=territories) | Q(establishment__in=houses))


def accounts_of(user):
    """Persons who hold, or held, something in the perimeter; and accounts that hold nothing anywhere yet."""
    known = mandates_of(user).order_by().values("user")
    shared = within_scope(SharedRole.objects.all(), user).order_by().values("person")
    placed = Exists(Mandate.objects.filter(user=OuterRef("pk"))) | Exists(
        SharedRole.objects.filter(person=OuterRef("pk"))
    )
    unplaced = Q(is_superuser=False) & ~placed
    return User.objects.filter(Q(pk__in=known) | Q(pk__in=shared) | Q(pk=user.pk) | unplaced)


def may_manage_account(user, account):
    """Whether her scope covers everything the account may do: otherwise its address would be a way up (C40)."""
    if account.is_superuser or account.is_staff:
        return False
    today = timezone.localdate()
    lasting = Mandate.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), user=account)
    return not lasting.exclude(pk__in=mandates_of(user).order_by().values("pk")).exists()


NARROWED = {
    Establishment: establishments_of,
    Territory: territories_of,
    Mandate: mandates_of,
    User: accounts_of,
}


def _points_to(model, name):
    try:
        return model._meta.get_field(name).is_relation
    except FieldDoesNotExist:
        return False


def within_scope(queryset, user):
    """The rows of the perimeter; a model that hangs on no territory and no house is reference data, shared by all."""
    model = queryset.model
    if model in NARROWED:
        return queryset.filter(pk__in=NARROWED[model](user).order_by().values("pk"))
    query = Q()
    if _points_to(model, "establishment"):
        query |= Q(establishment__in=establishments_of(user).order_by().values("pk"))
    if _points_to(model, "territory"):
        query |= Q(territory__in=territories_of(user).order_by().values("pk"))
    return queryset.filter(query)


# The browser's own pickers: typed or chosen, on a phone as on a desk, without a script.
NATIVE = {
    DateField: {"widget": DayInput},
    TimeField: {"widget": HourInput},
}


class CapabilityMixin:
    """Rights from the mandate; whoever passed `RondeAdminSite.has_permission` may read and change her scope."""

    addable = changeable = True
    deletable = False
    formfield_overrides = NATIVE

    def _is_administrator(self, request):
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request, obj=None):
        return self._is_administrator(request)

    def has_add_permission(self, request, *parent):
        return self.addable and self._is_administrator(request)

    def has_change_permission(self, request, obj=None):
        return self.changeable and self._is_administrator(request)

    def has_delete_permission(self, request, obj=None):
        return self.deletable and self._is_administrator(request)

    def has_module_permission(self, request):
        return self._is_administrator(request)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        rows = kwargs.get("queryset")
        rows = db_field.related_model._default_manager.all() if rows is None else rows
        kwargs["queryset"] = within_scope(rows, request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_queryset(self, request):
        return within_scope(super().get_queryset(request), request.user)


class ScopedInline(CapabilityMixin, admin.TabularInline):
    """Rows that belong to the record shown, checked against each other as they will be after the save."""

    form = PeriodForm
    formset = PeriodFormSet
    extra = 0
    deletable = True

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.by = request.user  # a class made for this request: forms judge what she may grant
        return formset


class ScopedAdmin(CapabilityMixin, JournaledMixin, admin.ModelAdmin):
    """Base of every admin of the product (see `HistoricAdmin` for models with a history)."""

    class Media:
        js = ["js/admin.js"]

    form = ScopedForm
    view_on_site = False  # `RondeAdminSite` has no such page
    list_per_page = 50
    list_max_show_all = 500
    show_full_result_count = False  # one count a list, not two

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by = request.user  # a class made for this request: forms judge what she may grant
        if request.method == "POST" and obj is not None:
            form.moved = conflict(obj, self.get_inline_instances(request, obj), request.POST.get(FIELD))
        return form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and obj is not None and self.has_change_permission(request, obj):
            context["seen_field"] = FIELD
            context["seen"] = sealed(snapshot(obj, self.get_inline_instances(request, obj)))
        return super().render_change_form(request, context, add, change, form_url, obj)


class HistoricAdmin(ScopedHistoryMixin, ScopedAdmin, SimpleHistoryAdmin):
    """The same, for a model whose changes are kept: who changed what, when, in French."""


class SharedAdmin(ScopedAdmin):
    """Reference data used by all: read by every administrator, changed by those of the top of the tree only."""

    def get_queryset(self, request):
        return admin.ModelAdmin.get_queryset(self, request)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and administers_everything(request)

    def has_add_permission(self, request, *parent):
        return super().has_add_permission(request) and administers_everything(request)
