"""The form of a CRA: one text a sentence, a box to leave it out, room for one more in each section."""

from django import forms

from core.free_text import find_concerns

from .page import views_of
from .sentences import SECTIONS

LONGEST = 2_000


class WeeklyForm(forms.Form):
    """Bound to a report; `sections` gives the template its fields beside what the facts propose."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, report, data=None):
        super().__init__(data, initial={"version": report.version})
        self.report, self.is_stale = report, False
        (self.view,) = views_of([report])
        for section in self.view.sections:
            for place, line in enumerate(section.lines, start=1):
                self.fields[f"texte-{line.key}"] = _text(f"Phrase {place}", initial=line.text)
                self.fields[f"sans-{line.key}"] = forms.BooleanField(
                    label=f"Ne pas envoyer la phrase {place}", required=False, initial=line.is_left_out
                )
            self.fields[f"ajout-{section.key}"] = _text("Ajouter une phrase")

    @property
    def sections(self):
        """(section, [(line, text field, box)], field of the sentence to add)."""
        for section in self.view.sections:
            lines = [(line, self[f"texte-{line.key}"], self[f"sans-{line.key}"]) for line in section.lines]
            yield section, lines, self[f"ajout-{section.key}"]

    @property
    def concerns(self):
        """Passages that may name a child or tell somebody's health: pointed at, never refused."""
        texts = [value for value in self.cleaned_data.values() if isinstance(value, str)]
        return [concern for text in texts for concern in find_concerns(text)]

    def save(self, *, by):
        """The number of sentences changed; StaleVersion when somebody saved meanwhile."""
        keys = [line.key for section in self.view.sections for line in section.lines]
        return self.report.rewrite(
            by=by,
            seen=self.cleaned_data["version"],
            texts={key: self.cleaned_data[f"texte-{key}"] for key in keys},
            left_out={key for key in keys if self.cleaned_data[f"sans-{key}"]},
            added={key: text for key in SECTIONS if (text := self.cleaned_data[f"ajout-{key}"].strip())},
        )


def _text(label, initial=""):
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST,
        initial=initial,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
