"""The directory of partners, the series of meetings, the parts that the law lists; questions and orders, to be read.

Never what is written in a file: of a question or an order, its title, where it is and since when.
"""

from django.contrib import admin
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from establishments.admin.lists import DirectTerritoryFilter
from establishments.admin.mandates import PersonSearchMixin
from establishments.admin_scope import ScopedAdmin, ScopedInline, SharedAdmin

from .admin_relay import ServiceOrderAdmin, ServiceRequestAdmin
from .models import MeetingSeries, Partner, PartnerContact, SectionRule, SeriesMember

__all__ = ["ServiceOrderAdmin", "ServiceRequestAdmin"]


@admin.register(SectionRule)
class SectionRuleAdmin(SharedAdmin):
    """Dated law: a part that changes ends, and another starts; what was validated keeps the parts of its day."""

    list_display = ["title", "document", "article", "is_required", "starts_on", "ends_on"]
    list_filter = ["document", "is_required"]
    search_fields = ["title", "article", "key"]
    fields = ["document", "key", "position", "title", "expected", "article", "is_required", ("starts_on", "ends_on")]

    def get_readonly_fields(self, request, obj=None):
        return ["document", "key"] if obj else []


class ContactInline(ScopedInline):
    """Somebody leaves on a day; she stays in the history."""

    model = PartnerContact
    deletable = False
    fields = ["name", "role", "email", "phone", "starts_on", "ends_on"]


@admin.register(Partner)
class PartnerAdmin(PersonSearchMixin, ScopedAdmin):
    list_display = ["name", "kind", "territory"]
    list_filter = [DirectTerritoryFilter, "kind"]
    list_select_related = ["territory"]
    search_fields = ["search_name"]
    search_help_text = "Nom, avec ou sans accents"
    autocomplete_fields = ["territory"]
    fields = ["territory", "name", "kind"]
    inlines = [ContactInline]


class MemberInline(ScopedInline):
    model = SeriesMember
    autocomplete_fields = ["person"]


@admin.register(MeetingSeries)
class MeetingSeriesAdmin(ScopedAdmin):
    """Who is called, how often; agendas and minutes are not an administrator's. A series begins on its own page."""

    addable = False
    list_display = ["title", "kind", "territory", "every", "member_count", "is_closed"]
    list_filter = [DirectTerritoryFilter, "kind", "is_closed"]
    list_select_related = ["territory"]
    search_fields = ["title"]
    fields = ["territory", "kind", "title", "every", "length", "is_closed"]
    readonly_fields = ["territory"]
    inlines = [MemberInline]

    def get_queryset(self, request):
        members = SeriesMember.objects.filter(series=OuterRef("pk")).order_by().values("series")
        count = Coalesce(Subquery(members.annotate(n=Count("pk")).values("n")), 0)
        return super().get_queryset(request).annotate(members_total=count)

    @admin.display(description="membres", ordering="members_total")
    def member_count(self, series):
        return series.members_total
