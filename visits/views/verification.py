"""Anybody who holds a paper of Ronde checks it here: by its file, or by the fingerprint printed on it."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache

from core.throttle import failed_too_often

from ..issuing import MOST_BYTES, verdict_on_file, verdict_on_fingerprint

MOST_FAILURES, WITHIN = 30, 600
SLOW_DOWN = "Trop de vérifications sans résultat depuis cette adresse : réessayez dans quelques minutes."


class VerificationForm(forms.Form):
    fingerprint = forms.CharField(
        label="Empreinte imprimée au bas des pages",
        required=False,
        max_length=40,
        help_text="Seize chiffres et lettres, par exemple 3F2A 9C01 77B0 D4E8.",
    )
    document = forms.FileField(
        label="Ou le fichier PDF",
        required=False,
        help_text="Il est lu sur place et n’est pas conservé.",
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
    )

    def clean(self):
        cleaned = super().clean()
        document = cleaned.get("document")
        if not document and not cleaned.get("fingerprint"):
            raise forms.ValidationError("Donnez l’empreinte, ou le fichier.")
        if document and document.size > MOST_BYTES:
            self.add_error("document", "Ce fichier dépasse 20 Mo : il ne vient pas de Ronde.")
        return cleaned

    def verdict(self):
        document = self.cleaned_data.get("document")
        return verdict_on_file(document) if document else verdict_on_fingerprint(self.cleaned_data["fingerprint"])


@never_cache
@login_not_required
def verify(request):
    form = VerificationForm(request.POST, request.FILES) if request.method == "POST" else VerificationForm()
    verdict, status = None, 200
    if request.method == "POST" and form.is_valid():
        verdict = form.verdict()
        if not verdict.found and failed_too_often(request, "verify", most=MOST_FAILURES, seconds=WITHIN):
            form.add_error(None, SLOW_DOWN)
            verdict, status = None, 429
    return TemplateResponse(request, "visits/verify.html", {"form": form, "verdict": verdict}, status=status)
