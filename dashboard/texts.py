"""Search in the texts: full text in French over what the reader may open, each hit with its passage."""

from dataclasses import dataclass

import django_filters
from django import forms
from django.utils.html import format_html, format_html_join

from core.compiled import rows_once
from core.filters import LONGEST_SEARCH
from core.french import NONE, normalise
from core.models import SearchEntry
from core.search import Run, excerpt, wanted
from core.search.match import Matches
from core.tables import ListColumn, ListTable
from establishments.door import PerimeterFilterSet
from establishments.search import readable_entries

from .indexing import KINDS

SHOWN = 5


@dataclass(frozen=True)
class TextHit:
    """One document found: `runs` is the passage, its words marked."""

    title: str
    note: str
    reason: str
    url: str
    runs: tuple[Run, ...]


def entries_matching(user, typed, on):
    """Entries `user` may read that hold every word typed, the most recent first; none when nothing is typed."""
    looked_for = wanted(typed)
    if looked_for.is_empty:
        return SearchEntry.objects.none()
    return readable_entries(user, on).filter(Matches(looked_for))


@rows_once
def entries_of(*keys):
    """The entries of a page, whose keys were found by the door."""
    return SearchEntry.objects.filter(pk__in=keys)


def hits(user, typed, on) -> tuple[list[TextHit], bool]:
    """The first texts found, and whether there are more. One query."""
    looked_for = wanted(typed)
    rows = list(entries_matching(user, typed, on)[: SHOWN + 1])
    return [hit_of(row, looked_for) for row in rows[:SHOWN]], len(rows) > SHOWN


def hit_of(entry, looked_for) -> TextHit:
    named = any(looked_for.finds(word) for word in normalise(entry.title).split())
    return TextHit(
        title=entry.title,
        note=entry.kind,
        reason="dans le titre" if named else "dans le texte",
        url=entry.url,
        runs=tuple(excerpt(entry.body, looked_for)),
    )


class TextFilter(PerimeterFilterSet):
    """The words come first; without any, nothing is listed."""

    q = django_filters.CharFilter(
        label="Mots cherchés",
        method="holding",
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    kind = django_filters.ChoiceFilter(label="Nature", choices=KINDS)
    since = django_filters.DateFilter(label="Depuis le", field_name="on", lookup_expr="gte")
    until = django_filters.DateFilter(label="Jusqu’au", field_name="on", lookup_expr="lte")

    class Meta:
        model = SearchEntry
        fields = ["q", "kind", "since", "until"]

    def holding(self, entries, name, typed):
        looked_for = wanted(typed)
        return entries.none() if looked_for.is_empty else entries.filter(Matches(looked_for))

    @property
    def qs(self):
        typed = self.form.cleaned_data.get("q") if self.is_bound and self.form.errors is not None else ""
        return super().qs if typed else self.queryset.none()


class TextTable(ListTable):
    noun, noun_plural = "texte", "textes"
    empty_title = "Aucun texte"
    empty_text = "Tapez un ou plusieurs mots\u00a0: ni les accents, ni le pluriel, ni la conjugaison ne comptent."

    title = ListColumn(verbose_name="Document", header=True)
    passage = ListColumn(verbose_name="Passage", empty_values=(), orderable=False)
    kind = ListColumn(verbose_name="Nature")
    on = ListColumn(verbose_name="Date")

    class Meta:
        model = SearchEntry
        fields = ["title", "passage", "kind", "on"]

    def value_passage(self, entry):
        return "".join(run.text for run in self._runs(entry))

    def cell_passage(self, entry):
        return marked(self._runs(entry)) or NONE

    def _runs(self, entry):
        return excerpt(entry.body, wanted(self.request.GET.get("q", "")))


def marked(runs):
    """The passage with its words marked, safe for a page."""
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", run.text) if run.is_hit else run.text,) for run in runs)
    )
