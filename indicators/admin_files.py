"""The small files of the reference data, sent from the administration: tried first, written all or nothing."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from core.inputs import DayInput
from core.spreadsheets import UnreadableFile
from establishments.admin_scope import establishments_of, territories_of
from establishments.models import record

from .budget_import import import_budget
from .context_import import import_context
from .plain_files import RefusedFile

MAX_BYTES = 20 * 1024 * 1024


class FileForm(forms.Form):
    """A file, read by `take` for the perimeter of `user`; what is wrong with it is said beside its field."""

    fichier = forms.FileField(label="Fichier", help_text="CSV, XLSX ou ODS, 20\u00a0Mo au plus.", max_length=200)

    def clean_fichier(self):
        file = self.cleaned_data["fichier"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError("Ce fichier dépasse 20\u00a0Mo.")
        return file

    def run(self, user, *, is_trial):
        """The Outcome, None when the file is refused; nothing is written by a trial nor by a refused file."""
        file = self.cleaned_data["fichier"]
        try:
            with transaction.atomic():
                done = self.take(file.read(), file.name, user)
                transaction.set_rollback(is_trial)
        except (RefusedFile, UnreadableFile) as error:
            self.add_error("fichier", f"{error} Rien n’a été écrit.")
            return None
        return done


class BudgetFileForm(FileForm):
    columns = "code, ligne, alloué, engagé, dépensé (année et arrêté au, si le fichier les donne)"
    arrete_au = forms.DateField(label="Arrêté au", widget=DayInput)

    def take(self, content, name, user):
        day = self.cleaned_data["arrete_au"]
        return import_budget(content, name, establishments_of(user), year=day.year, as_of=day)


class ContextFileForm(FileForm):
    columns = "territoire, donnée, année, valeur, source"
    source = forms.CharField(
        label="Source", required=False, max_length=200, help_text="Pour les lignes qui n’en nomment pas."
    )

    def take(self, content, name, user):
        given = {"source": self.cleaned_data["source"], "today": timezone.localdate()}
        return import_context(content, name, territories_of(user), **given)


class FileImportMixin:
    """« Importer un fichier » on a list of the administration; `file_form` reads it."""

    file_form: type[FileForm]
    change_list_template = "admin/list_with_file.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.import_file)
        return [path("importer/", view, name=self.import_name), *super().get_urls()]

    @property
    def import_name(self):
        return f"{self.opts.app_label}_{self.opts.model_name}_import"

    def changelist_view(self, request, extra_context=None):
        place = reverse(f"{self.admin_site.name}:{self.import_name}")
        return super().changelist_view(request, {**(extra_context or {}), "import_url": place})

    def import_file(self, request):
        """GET shows the form; POST tries (« essai ») or writes."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.file_form(request.POST or None, request.FILES or None)
        is_trial, done = "essai" in request.POST, None
        if request.method == "POST" and form.is_valid():
            done = form.run(request.user, is_trial=is_trial)
        if done and not is_trial:
            self._told(request, done, form)
            return HttpResponseRedirect(self._list_url())
        title = f"Importer des {self.opts.verbose_name_plural}"
        trail = [("Administration", reverse(f"{self.admin_site.name}:index")), (title, None)]
        context = {"title": title, "trail": trail, "form": form, "done": done}
        return TemplateResponse(request, "indicators/file_import.html", context)

    def _list_url(self):
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _told(self, request, done, form):
        """One line in the journal for the file: what it holds keeps its own history."""
        if done.created or done.changed:
            note = f"{self.opts.verbose_name_plural}, {form.cleaned_data['fichier'].name}\u00a0: {done}"
            record("fichier importé", request.user, by=request.user, note=note)
        messages.success(request, f"Lignes\u00a0: {done}.")
