"""Questions of the field and orders in the administration: read, filtered, searched, with their history.

Nothing is changed there: who owns a question, what was answered, who acknowledged an order are steps, taken on their
own pages by those whose business it is. Texts, answers and reasons are not shown.
"""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from core.french import counted, normalise
from establishments.admin.lists import DirectTerritoryFilter
from establishments.admin_scope import ScopedAdmin, ScopedInline, territories_of
from establishments.models import JournalEntry

from .models import OrderAddressee, ServiceOrder, ServiceRequest


class SituationFilter(admin.SimpleListFilter):
    """`situations` are {value: (label, the rows of a queryset on a day)}."""

    title = "situation"
    parameter_name = "situation"

    def lookups(self, request, model_admin):
        return [(value, label) for value, (label, _) in self.situations.items()]

    def queryset(self, request, queryset):
        if self.value() not in self.situations:
            return queryset
        return self.situations[self.value()][1](queryset, timezone.localdate())


class RequestSituation(SituationFilter):
    situations = {
        "en-retard": ("sans réponse, délai passé", lambda rows, today: rows.overdue(today)),
        "en-cours": ("sans réponse, dans le délai", lambda rows, today: rows.open().filter(due_on__gte=today)),
        "sans-personne": ("sans réponse, chez personne", lambda rows, today: rows.open().filter(owner__isnull=True)),
        "groupee": ("groupée avec une autre", lambda rows, today: rows.filter(same_as__isnull=False)),
    }


class AddressedFilter(DirectTerritoryFilter):
    """Orders that a territory, or one below it, gives or receives."""

    def reached(self, queryset, below):
        received = OrderAddressee.objects.filter(territory__in=below).order_by().values("order")
        return queryset.filter(Q(territory__in=below) | Q(pk__in=received))


class OrderSituation(SituationFilter):
    situations = {
        "en-retard": ("pas faite partout, échéance passée", lambda rows, today: rows.late(today)),
        "a-accuser": ("pas reçue partout", lambda rows, today: rows.unseen()),
    }


class FollowedAdmin(ScopedAdmin):
    """Read only: a status changes by its step alone. The history is that of the journal, without its notes."""

    addable = changeable = False
    object_history_template = "admin/journal_history.html"

    def history_view(self, request, object_id, extra_context=None):
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        lines = JournalEntry.objects.about(record).select_related("actor")
        return super().history_view(request, object_id, {"lines": lines, **(extra_context or {})})

    def get_search_results(self, request, queryset, search_term):
        """As typed, for titles; without accents, for the names that are kept so."""
        found = [
            super(FollowedAdmin, self).get_search_results(request, queryset, term)[0].order_by().values("pk")
            for term in dict.fromkeys([search_term, normalise(search_term)])
        ]
        either = Q()
        for keys in found:
            either |= Q(pk__in=keys)
        return queryset.filter(either), False


@admin.register(ServiceRequest)
class ServiceRequestAdmin(FollowedAdmin):
    list_display = ["title", "place_asking", "status", "owner", "asked_on", "due_on"]
    list_filter = [DirectTerritoryFilter, "status", RequestSituation]
    list_select_related = ["establishment", "territory", "owner"]
    search_fields = ["title", "establishment__search_name", "territory__name", "owner__search_name"]
    search_help_text = "Question, lieu, ou personne chez qui elle est"
    ordering = ["-asked_on", "-pk"]
    fields = ["title", "establishment", "territory", "status", "asked_by", "asked_on", "delay_days", "due_on"]
    fields += ["owner", "service", "same_as", "answerer", "answered_on", "broadcast", "purged_at"]
    readonly_fields = fields

    @admin.display(description="lieu")
    def place_asking(self, request):
        return request.place or "—"

    @admin.display(description="répondue par")
    def answerer(self, request):
        return request.answered_by or "—"


class AddresseeInline(ScopedInline):
    """The territories of the perimeter that an order is addressed to, and where each stands."""

    model = OrderAddressee
    addable = changeable = deletable = False
    fields = ["territory", "due_on", "status", "receiver", "seen_on", "settled_on"]
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("territory", "seen_by")

    @admin.display(description="reçue par")
    def receiver(self, line):
        return line.seen_by or "—"


@admin.register(ServiceOrder)
class ServiceOrderAdmin(FollowedAdmin):
    list_display = ["title", "issuer", "territory", "status", "due_on", "progress"]
    list_filter = [AddressedFilter, "issuer", "status", OrderSituation]
    list_select_related = ["territory"]
    search_fields = ["title", "territory__name"]
    search_help_text = "Commande, ou territoire qui la passe"
    ordering = ["-due_on", "-pk"]
    fields = ["title", "issuer", "territory", "status", "due_on", "workload_days", "sender", "sent_on"]
    readonly_fields = fields
    inlines = [AddresseeInline]

    def get_queryset(self, request):
        """Given by a territory of the perimeter, or, once sent, addressed to one."""
        mine = territories_of(request.user).order_by().values("pk")
        received = OrderAddressee.objects.filter(territory__in=mine).order_by().values("order")
        reached = Q(territory__in=mine) | (Q(pk__in=received) & ~Q(status=ServiceOrder.Status.DRAFT))
        return admin.ModelAdmin.get_queryset(self, request).filter(reached).with_progress()

    @admin.display(description="envoyée par")
    def sender(self, order):
        return order.sent_by or "—"

    @admin.display(description="avancement")
    def progress(self, order):
        return f"{counted(order.n_done, 'faite')} sur {order.n_addressees}"
