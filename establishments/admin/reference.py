"""Reference data: outlines, rules of the texts, words of the collectivité; read here, kept in files."""

from django.contrib import admin
from django.template.response import TemplateResponse
from django.utils import timezone

from ..admin_scope import SharedAdmin
from ..models import TerritoryBoundary
from ..regulation import KIND_LABELS, RULES
from ..vocabulary import available_packs, current_pack, load_pack


@admin.register(TerritoryBoundary)
class TerritoryBoundaryAdmin(SharedAdmin):
    """Imported by `import_boundaries`; a wrong one may be removed."""

    addable = changeable = False
    list_display = ["code", "name", "source", "imported_at"]
    search_fields = ["code", "name"]
    fields = ["code", "name", "source", "imported_at"]
    ordering = ["code"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("geometry")


def rules_view(request, admin_site):
    """The catalogue of rules with their articles and dates, those of a day when one is asked."""
    today = timezone.localdate()
    rows = [(rule, rule.in_force(today), [KIND_LABELS[kind] for kind in rule.kinds]) for rule in RULES]
    return page(request, admin_site, "admin/rules.html", "Règles", rows=rows)


def packs_view(request, admin_site):
    """The words of each pack side by side; the one in service comes from the settings."""
    packs = [load_pack(slug) for slug in available_packs()]
    identifiers = sorted({identifier for _, words in packs for identifier in words})
    rows = [(identifier, [words.get(identifier) for _, words in packs]) for identifier in identifiers]
    context = {"packs": [pack for pack, _ in packs], "current": current_pack().slug, "rows": rows}
    return page(request, admin_site, "admin/packs.html", "Vocabulaire", **context)


def page(request, admin_site, template, title, **context):
    return TemplateResponse(request, template, {**admin_site.each_context(request), "title": title, **context})


PAGES = [("regles", "Règles", rules_view), ("vocabulaire", "Vocabulaire", packs_view)]
