"""What an administrator does leaves its line in the journal, and what was changed can be read back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseRedirect

from core.french import NBSP, capitalise, feminine, sentence_list, typo

from .models import Capability, Establishment, JournalHead, Mandate, Territory, record, roles_with

CONFLICT = (
    "Rien n’a été enregistré : quelqu’un vient de modifier la même fiche, ou deux périodes se recouvrent. "
    "Relisez-la et recommencez."
)


def owners(subject, by):
    """Where the line of the journal is read: the house, the territory, else the administrator's own territory."""
    if isinstance(subject, Establishment):
        return {"establishment": subject}
    if isinstance(subject, Territory):
        return {"territory": subject}
    for name in ("establishment", "territory"):
        if getattr(subject, name, None) is not None:
            return {name: getattr(subject, name)}
    held = Mandate.objects.held_by(by, roles_with(Capability.MANAGE_REGISTER)).select_related("territory")
    return {"territory": next((mandate.territory for mandate in held if mandate.territory_id), None)}


def changed(model, names):
    """« nom, type » : the labels of changed fields, in the words of the screen."""
    labels = {field.name: str(field.verbose_name) for field in model._meta.fields}
    return sentence_list([labels.get(name, name) for name in names])


def told(form, formsets):
    """What a save did, in French, for the note of the journal; empty when nothing changed."""
    parts = [changed(form._meta.model, form.changed_data)] if form.changed_data else []
    for formset in formsets:
        noun = str(formset.model._meta.verbose_name)
        for verb, rows in [
            ("ajout", formset.new_objects),
            ("modification", [row for row, _ in formset.changed_objects]),
            ("suppression", formset.deleted_objects),
        ]:
            parts += [f"{verb}{NBSP}: {noun} «{NBSP}{row}{NBSP}»" for row in rows]
    return capitalise(typo(" ; ".join(parts)))


class JournaledMixin:
    """One transaction a page, the journal's lock first (no deadlock then), one line a change."""

    is_feminine = False

    def _verb(self, participle):
        noun = str(self.model._meta.verbose_name)
        return f"{noun} {feminine(participle) if self.is_feminine else participle}"

    def journal(self, request, participle, subject, note=""):
        record(self._verb(participle), subject, by=request.user, note=note, **owners(subject, request.user))

    def _titled(self, object_id):
        noun = str(self.model._meta.verbose_name)
        return {"title": capitalise(noun) if object_id else f"Ajouter{NBSP}: {noun}"}

    def changelist_view(self, request, extra_context=None):
        title = capitalise(str(self.model._meta.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        extra_context = {**self._titled(object_id), **(extra_context or {})}
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            with transaction.atomic():
                JournalHead.locked()
                return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            messages.error(request, typo(CONFLICT))
            return HttpResponseRedirect(request.get_full_path())

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        note = told(form, formsets)
        if note or not change:
            self.journal(request, "modifié" if change else "créé", form.instance, note)

    def delete_view(self, request, object_id, extra_context=None):
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        with transaction.atomic():
            JournalHead.locked()
            return super().delete_view(request, object_id, extra_context)

    def delete_model(self, request, obj):
        self.journal(request, "supprimé", obj)
        super().delete_model(request, obj)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Outside the perimeter, a record does not exist: a 404 as everywhere else, not Django's redirection."""
        raise Http404


class ScopedHistoryMixin:
    """The history of simple_history, which asks nobody's permission by itself: only for records of the scope."""

    object_history_template = "admin/history.html"
    object_history_list_template = "admin/history_list.html"
    object_history_form_template = "admin/history_version.html"

    def revert_disabled(self, request, obj=None):
        """The past is read, never written back: a correction is a change like another."""
        return True

    def _known_or_404(self, request, object_id):
        if self.get_object(request, object_id) is None:
            raise Http404

    def history_view(self, request, object_id, extra_context=None):
        self._known_or_404(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        self._known_or_404(request, object_id)
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)

    def history_view_title(self, request, obj):
        return f"Historique{NBSP}: {obj}"

    def history_form_view_title(self, request, obj):
        return f"{obj}, à cette date"
