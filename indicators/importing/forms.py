from collections import Counter

from django import forms
from django.utils import timezone

from core.french import capitalise, counted, month_name
from core.spreadsheets import UnreadableFile

from ..models import ImportRun
from ..months import MONTHS_OFFERED, months_until, read_month, written
from .profiles import HALF_HOUR_COLUMNS, load_profile
from .receiving import known_sources, missing_columns, receive, with_half_hours

MAX_BYTES = 20 * 1024 * 1024
NO_MONTH = [("", "le fichier a sa colonne")]


def month_field():
    return forms.ChoiceField(
        label="Mois du fichier", required=False, help_text="Seulement si le fichier n’a pas de colonne pour le mois."
    )


def month_choices():
    months = reversed(months_until(timezone.localdate(), MONTHS_OFFERED))
    return [*NO_MONTH, *((written(month), capitalise(month_name(month))) for month in months)]


class ImportForm(forms.Form):
    """The file, read far enough to find its titles: one that is no table is said beside its field."""

    fichier = forms.FileField(label="Fichier", help_text="CSV, XLSX ou ODS, 20\u00a0Mo au plus.", max_length=200)
    contenu = forms.ChoiceField(
        label="Contenu", required=False, choices=[("", "reconnaître"), *ImportRun.Kind.choices]
    )
    source = forms.CharField(
        label="Source",
        required=False,
        max_length=80,
        help_text="Le logiciel ou la personne d’où il vient\u00a0: ses colonnes seront reconnues la fois suivante.",
    )
    mois = month_field()

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.run = user, None
        self.fields["mois"].choices = month_choices()
        if known := known_sources(user):
            self.fields["source"].help_text += f" Déjà connues\u00a0: {', '.join(known)}."

    def clean(self):
        cleaned = super().clean()
        file = cleaned.get("fichier")
        if file is None:
            return cleaned
        if file.size > MAX_BYTES:
            self.add_error("fichier", "Ce fichier dépasse 20\u00a0Mo.")
            return cleaned
        try:
            self.run = receive(
                file.read(MAX_BYTES + 1),
                file.name,
                by=self.user,
                kind=cleaned.get("contenu", ""),
                source=cleaned.get("source", ""),
                month=read_month(cleaned.get("mois"), timezone.localdate()),
            )
        except UnreadableFile as error:
            self.add_error("fichier", str(error))
        return cleaned


class ColumnsForm(forms.Form):
    """Which column of the file holds what: one choice a field, guessed before."""

    def __init__(self, *args, run, headers, samples, **kwargs):
        super().__init__(*args, **kwargs)
        self.run, self.headers, self.profile = run, headers, load_profile(run.kind)
        choices = [("", "absente")]
        for place, header in enumerate(headers):
            shown = ", ".join(samples[place]) if place < len(samples) else ""
            choices.append((str(place), f"{header or f'colonne {place + 1}'}{f' ({shown})' if shown else ''}"[:120]))
        for name, (label, _) in self.profile.fields.items():
            initial = run.columns.get(name)
            self.fields[name] = forms.ChoiceField(
                label=label, required=False, choices=choices, initial="" if initial is None else str(initial)
            )
        if run.kind == ImportRun.Kind.MONTHLY:
            self.fields["mois_du_fichier"] = month_field()
            self.fields["mois_du_fichier"].choices = month_choices()
            self.fields["mois_du_fichier"].initial = written(run.month) if run.month else ""
        self.mark_optional = False

    @property
    def half_hours(self):
        return len(self.run.columns.get(HALF_HOUR_COLUMNS, ()))

    @property
    def half_hours_said(self):
        return f"{counted(self.half_hours, 'colonne')} de demi-heures, reconnues à leur nom."

    def clean(self):
        cleaned = super().clean()
        chosen = {name: int(cleaned[name]) for name in self.profile.fields if cleaned.get(name)}
        for name, place in chosen.items():
            if Counter(chosen.values())[place] > 1:
                self.add_error(name, "Cette colonne est choisie deux fois.")
        self.run.columns = with_half_hours(self.profile, self.headers, chosen)
        self.run.month = read_month(cleaned.get("mois_du_fichier"), timezone.localdate())
        wanted = missing_columns(self.run)
        if wanted and not self.errors:
            self.add_error(None, f"Il manque {', '.join(wanted)}.")
        return cleaned
