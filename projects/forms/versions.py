from django import forms

from core.pages import UNREADABLE
from establishments.door import PerimeterModelForm
from establishments.forms import DocumentForm
from establishments.models import Capability, Document, Level
from establishments.workflow import StaleVersion

from ..models import EstablishmentProject

LONGEST = 20_000


class VersionForm(PerimeterModelForm):
    """The sections of one version, as the law lists them on its day; nothing is required while it is a draft."""

    capability = Capability.PROPOSE_PROJECT
    mark_optional = False
    lock = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = EstablishmentProject
        fields = ["summary"]
        widgets = {"summary": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["lock"] = self.instance.lock
        texts = self.instance.texts()
        self.rules = list(self.instance.rules())
        for rule in self.rules:
            required = "" if rule.is_required else " Facultatif."
            self.fields[rule.key] = forms.CharField(
                label=rule.title,
                required=False,
                max_length=LONGEST,
                initial=texts.get(rule.key, ""),
                help_text=f"{rule.article}. {rule.expected}{required}".strip(),
                widget=forms.Textarea(attrs={"rows": 6}),
            )

    def texts(self):
        return {rule.key: UNREADABLE.sub("", self.cleaned_data.get(rule.key, "")) for rule in self.rules}

    def write(self, *, by):
        """Save, or say that someone else wrote meanwhile and keep what was typed. True when saved."""
        given = self.cleaned_data
        try:
            self.instance.write(self.texts(), by=by, seen=given["lock"], summary=given["summary"])
        except StaleVersion as stale:
            stored = stale.current.texts()
            moved = [rule.title for rule in self.rules if stored.get(rule.key, "") != given.get(rule.key, "").strip()]
            self.add_error(
                None,
                "Quelqu’un a enregistré cette version pendant votre saisie. Parties différentes de la vôtre\u00a0: "
                f"{', '.join(moved) or 'aucune'}. Votre saisie est gardée ci-dessous\u00a0: comparez, puis "
                "enregistrez de nouveau pour la retenir.",
            )
            self.data = self.data.copy()
            self.data[self.add_prefix("lock")] = str(stale.current.lock)
            return False
        return True


class AttachmentForm(DocumentForm):
    """A file joined to a version: readable by the house, like the version itself."""

    LEVELS = [Level.ETABLISSEMENT, Level.PUBLIC]

    class Meta:
        model = Document
        fields = ["title", "level"]

    field_order = ["file", "title", "level"]
