"""The journal of the register: read, filtered, checked; never written here."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.urls import path, reverse

from core.french import counted, sentence_list, typo

from ..admin_scope import ScopedAdmin
from ..models import JournalEntry, broken_links
from ..vocabulary import said
from .lists import DirectTerritoryFilter

# Decisions on leave or visits are read by those who take them, not by those who keep the register.
OF_THE_REGISTER = Q(subject_kind__startswith="establishments.") | Q(subject_kind__startswith="core.")


class SubjectFilter(admin.SimpleListFilter):
    title = "nature"
    parameter_name = "nature"
    KINDS = {
        "core.user": "comptes",
        "establishments.directorship": "directions",
        "establishments.establishment": said("{establishment.plural}"),
        "establishments.mandate": "mandats",
        "establishments.territory": "territoires",
        "establishments.importkey": "imports",
    }

    def lookups(self, request, model_admin):
        return self.KINDS.items()

    def queryset(self, request, queryset):
        return queryset.filter(subject_kind=self.value()) if self.value() in self.KINDS else queryset


@admin.register(JournalEntry)
class JournalEntryAdmin(ScopedAdmin):
    addable = changeable = False
    list_display = ["number", "at", "actor", "verb", "subject", "place"]
    list_filter = [SubjectFilter, DirectTerritoryFilter]
    list_select_related = ["actor", "establishment", "territory"]
    search_fields = ["verb", "subject"]
    ordering = ["-number"]
    fields = ["number", "at", "actor", "verb", "subject", "note", "establishment", "territory", "previous", "digest"]
    change_list_template = "admin/journal_list.html"

    def get_queryset(self, request):
        return super().get_queryset(request).filter(OF_THE_REGISTER)

    def get_urls(self):
        view = self.admin_site.admin_view(self.check_view)
        return [path("verifier/", view, name="establishments_journalentry_check"), *super().get_urls()]

    def check_view(self, request):
        """Read the whole chain again, and say whether a line was changed, added or removed."""
        if request.method != "POST":
            raise PermissionDenied
        broken = broken_links()
        if broken:
            lines = sentence_list([f"n°\u00a0{n}" for n in broken[:10]])
            text = typo(f"La chaîne est rompue : {counted(len(broken), 'ligne')} à examiner ({lines}).")
            messages.error(request, text)
        else:
            messages.success(request, "La chaîne est intacte, de la première à la dernière ligne.")
        return HttpResponseRedirect(reverse("admin:establishments_journalentry_changelist"))

    @admin.display(description="lieu")
    def place(self, entry):
        return entry.establishment or entry.territory
