"""Frameworks in the administration: read, and imported from a file, checked first when asked."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path

from establishments.admin_scope import ScopedInline, SharedAdmin, administers_everything

from ..models import Framework, FrameworkItem
from .loading import import_framework
from .reading import LONGEST_FILE, FileRefused


class ImportForm(forms.Form):
    file = forms.FileField(
        label="Fichier du référentiel (YAML)",
        help_text="Un mégaoctet au plus. Le même fichier une deuxième fois ne change rien.",
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LONGEST_FILE:
            raise forms.ValidationError("Le fichier dépasse un mégaoctet.")
        return file


class FrameworkItemInline(ScopedInline):
    model = FrameworkItem
    fields = readonly_fields = ["position", "key", "parent_key", "title", "reference", "wording"]
    can_delete = False
    max_num = 0


@admin.register(Framework)
class FrameworkAdmin(SharedAdmin):
    """Kept in files: what is imported is read here, a change is a new version."""

    addable = changeable = False
    change_list_template = "admin/framework_list.html"
    list_display = ["title", "code", "version", "starts_on", "ends_on", "items_shown", "reviews_shown"]
    list_filter = ["code"]
    search_fields = ["search_text"]
    fields = ["title", "code", "version", "publisher", "source", "starts_on", "ends_on"]
    inlines = [FrameworkItemInline]

    def get_queryset(self, request):
        return super().get_queryset(request).with_counts()

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"is_top": administers_everything(request), **(extra_context or {})})

    @admin.display(description="points", ordering="item_count")
    def items_shown(self, framework):
        return framework.item_count

    @admin.display(description="analyses", ordering="review_count")
    def reviews_shown(self, framework):
        return framework.review_count

    def get_urls(self):
        page = path("importer/", self.admin_site.admin_view(self.import_view), name="visits_framework_import")
        return [page, *super().get_urls()]

    def import_view(self, request):
        if not administers_everything(request):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        problems, outcome = [], None
        if request.method == "POST" and form.is_valid():
            try:
                outcome = import_framework(
                    form.cleaned_data["file"].read(), by=request.user, dry_run="verifier" in request.POST
                )
            except FileRefused as refusal:
                problems = refusal.problems
            if outcome and not outcome.dry_run:
                messages.success(request, str(outcome))
                return redirect("admin:visits_framework_changelist")
        context = {"title": "Importer un référentiel", "opts": self.model._meta, "form": form}
        context |= {"problems": problems, "outcome": outcome}
        page = {**self.admin_site.each_context(request), **context}
        return TemplateResponse(request, "admin/framework_import.html", page)
