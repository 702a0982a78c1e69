"""The form of a text that tells facts: one field a sentence, a box to leave it out, room for one more a section."""

from django import forms

from core.free_text import find_concerns

LONGEST = 2_000


class ToldForm(forms.Form):
    """Bound to a text; `sections` gives the template its fields beside what the facts propose.

    The form of a kind of text gives `read(text)`, the page's view of it, and says whether its lines freeze.
    """

    FREEZES = False
    leave_out = "Ne pas envoyer la phrase"
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, text, data=None):
        super().__init__(data, initial={"version": text.version})
        self.told, self.is_stale = text, False
        self.view = self.read(text)
        for section in self.view.sections:
            for place, line in enumerate(section.lines, start=1):
                if not self.is_table(line):
                    self.fields[f"texte-{line.key}"] = _text(f"Phrase {place}", initial=line.text)
                self.fields[f"sans-{line.key}"] = _box(f"{self.leave_out} {place}", line.is_left_out)
                if self.FREEZES and not line.author:
                    self.fields[f"fige-{line.key}"] = _box(f"Figer {place}", line.is_frozen)
            self.fields[f"ajout-{section.key}"] = _text("Ajouter une phrase")

    def read(self, text):
        raise NotImplementedError

    def is_table(self, line):
        return False

    @property
    def sections(self):
        """(section, [(line, text field or None, box, box to freeze or None)], field of the sentence to add)."""
        for section in self.view.sections:
            lines = [
                (line, self._given("texte", line), self[f"sans-{line.key}"], self._given("fige", line))
                for line in section.lines
            ]
            yield section, lines, self[f"ajout-{section.key}"]

    def _given(self, part, line):
        name = f"{part}-{line.key}"
        return self[name] if name in self.fields else None

    @property
    def concerns(self):
        """Passages that may name a child or tell somebody's health: pointed at, never refused."""
        texts = [value for value in self.cleaned_data.values() if isinstance(value, str)]
        return [concern for text in texts for concern in find_concerns(text)]

    def save(self, *, by):
        """The number of sentences changed; StaleVersion when somebody saved meanwhile."""
        typed = self.cleaned_data
        keys = [line.key for section in self.view.sections for line in section.lines]
        return self.told.rewrite(
            by=by,
            seen=typed["version"],
            texts={key: typed[f"texte-{key}"] for key in keys if f"texte-{key}" in typed},
            left_out={key for key in keys if typed[f"sans-{key}"]},
            frozen={key for key in keys if typed.get(f"fige-{key}")},
            added={s.key: text for s in self.view.sections if (text := typed[f"ajout-{s.key}"].strip())},
        )


def _box(label, initial):
    return forms.BooleanField(label=label, required=False, initial=initial)


def _text(label, initial=""):
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST,
        initial=initial,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
