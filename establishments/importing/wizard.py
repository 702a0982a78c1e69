"""The import as pages of the administration: a file, what it would do, and one button.

Mounted by the admin: `import_wizard(request, admin_site)` is wrapped in `admin_site.admin_view`.
"""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core.spreadsheets import UnreadableFile

from ..door import require_capability
from ..models import Capability
from ..vocabulary import said
from . import deposits, reporting
from .profiles import UnknownProfile, available_profiles
from .running import carry_out, order_for, prepare, read_file

MAX_BYTES = 20 * 1024 * 1024
GONE = "Ce fichier n’est plus en attente\u00a0: l’import est déjà fait, ou il a été abandonné."
MOVED = "Le registre a changé depuis l’aperçu\u00a0: voici ce que l’import ferait maintenant."


class ImportForm(forms.Form):
    file = forms.FileField(label="Fichier", help_text="CSV, XLSX, ODS ou GeoJSON, 20\u00a0Mo au plus.", max_length=200)
    profile = forms.ChoiceField(
        label="Profil", required=False, help_text="Laissez «\u00a0reconnaître\u00a0» si vous ne savez pas."
    )
    source = forms.CharField(
        label="Source",
        required=False,
        max_length=60,
        help_text="Le nom sous lequel les reconnaître au prochain envoi\u202f; celui du profil si vide.",
    )
    opened_on = forms.DateField(
        label="Ouverts depuis le",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=said("Pour les {establishment.plural} dont le fichier ne donne pas l’ouverture."),
    )
    partial = forms.BooleanField(label="Importer les lignes valables malgré les rejets", required=False)
    overwrite = forms.BooleanField(label="Remplacer aussi ce qui a été corrigé à la main", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = [(profile.name, profile.label) for profile in available_profiles()]
        self.fields["profile"].choices = [("", "reconnaître"), *known]

    def clean(self):
        """The file is read here, so that an unreadable one is said beside its field."""
        cleaned = super().clean()
        file = cleaned.get("file")
        if file is None:
            return cleaned
        if file.size > MAX_BYTES:
            self.add_error("file", "Ce fichier dépasse 20\u00a0Mo.")
            return cleaned
        cleaned["content"] = file.read(MAX_BYTES + 1)
        try:
            read_file(cleaned["content"], file.name, cleaned.get("profile", ""))
        except (UnreadableFile, UnknownProfile) as error:
            self.add_error("file", str(error))
        return cleaned

    @property
    def choices(self):
        """What was asked, as a session keeps it."""
        day = self.cleaned_data["opened_on"]
        asked = {name: self.cleaned_data[name] for name in ("profile", "source", "partial", "overwrite")}
        return asked | {"opened_on": day.isoformat() if day else ""}


def import_wizard(request, admin_site):
    """The one view: GET shows the form, the preview or the rejects; POST sends, confirms or gives up."""
    require_capability(request.user, Capability.MANAGE_REGISTER)
    if request.method == "POST":
        step = {"confirm": confirm, "cancel": cancel}.get(request.POST.get("step"), send)
        return step(request, admin_site)
    if "rejets" in request.GET:
        return rejects(request)
    if "apercu" in request.GET:
        return preview(request, admin_site)
    return form_page(request, admin_site, ImportForm())


def send(request, admin_site):
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return form_page(request, admin_site, form)
    deposits.keep(request, form.cleaned_data["content"], form.cleaned_data["file"].name, form.choices)
    return HttpResponseRedirect(f"{request.path}?apercu=1")


def preview(request, admin_site):
    waiting = deposits.current(request)
    if waiting is None:
        return gone(request)
    reading, order = asked(request, *waiting)
    plan = prepare(reading, order)
    differences = list(reporting.differences(plan))
    context = {
        "plan": plan,
        "filename": reading.filename,
        "digest": waiting[0].digest,
        "counts": reporting.counts(plan),
        "refusal": reporting.refusal(plan) if plan.is_refused else "",
        "remarks": [text for text in [reporting.assumptions(plan), *reporting.unchecked(plan)] if text],
        "notice_groups": reporting.notice_groups(plan),
        "differences": differences[: reporting.PREVIEWED],
        "left_count": max(0, len(differences) - reporting.PREVIEWED),
        "reject_lines": plan.rejects[: reporting.PREVIEWED],
    }
    return page(request, admin_site, "establishments/import_preview.html", context)


def confirm(request, admin_site):
    """Do what was shown: the same file, the same effects. A second click finds nothing left to do."""
    waiting = deposits.current(request)
    if waiting is None or waiting[0].digest != request.POST.get("digest"):
        return gone(request)
    expected = request.POST.get("fingerprint", "")[:64] or "none"
    plan = carry_out(*asked(request, *waiting), expected)
    if plan.writes and plan.fingerprint != expected or plan.is_refused:
        messages.warning(request, MOVED)
        return HttpResponseRedirect(f"{request.path}?apercu=1")
    deposits.forget(request)
    messages.success(request, f"Import terminé\u00a0: {reporting.counts(plan)}.")
    return HttpResponseRedirect(request.path)


def cancel(request, admin_site):
    deposits.forget(request)
    messages.info(request, "Import abandonné\u00a0: rien n’a été écrit.")
    return HttpResponseRedirect(request.path)


def rejects(request):
    waiting = deposits.current(request)
    if waiting is None:
        return gone(request)
    plan = prepare(*asked(request, *waiting))
    headers = {"Content-Disposition": 'attachment; filename="rejets.csv"'}
    return HttpResponse(reporting.rejects_csv(plan.rejects), content_type="text/csv; charset=utf-8", headers=headers)


def asked(request, deposit, content):
    """(reading, order) of a waiting file."""
    choices = dict(deposit.choices)
    reading = read_file(content, deposit.filename, choices.pop("profile"))
    day = forms.DateField(required=False).clean(choices.pop("opened_on"))
    return reading, order_for(reading, opened_on=day, by=request.user, **choices)


def gone(request):
    messages.warning(request, GONE)
    return HttpResponseRedirect(request.path)


def form_page(request, admin_site, form):
    return page(request, admin_site, "establishments/import_upload.html", {"form": form})


def page(request, admin_site, template, context):
    trail = [("Administration", reverse(f"{admin_site.name}:index")), (said("Importer {establishment.des}"), None)]
    return TemplateResponse(request, template, {"trail": trail, **context})
