"""Filters of every list: kept in the URL, in French, able to say in words what they let through."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.forms.models import ModelChoiceIterator

from .french import capitalise, normalise, period, sentence_list
from .tables import fr_cell

ANY = "Indifférent"
FIRST_YEAR, LAST_YEAR = 1900, 2200
LONGEST_SEARCH = 200
MOST_WORDS = 10
DECLARED_BLANK = re.compile(r"-+")
RANGE_EDGES = ("à partir de", "jusqu’à")
FIELD_ERRORS = {
    "required": "Ce filtre est vide.",
    "invalid": "Cette valeur n’est pas valable\u00a0: le filtre n’a pas été appliqué.",
    "invalid_choice": "Choix invalide\u00a0: le filtre n’a pas été appliqué.",
}


class SearchFilter(django_filters.CharFilter):
    """Every word typed must be found in one of the normalised columns (core.french.normalise)."""

    def __init__(self, columns: Iterable[str], label: str = "Rechercher"):
        self.columns = tuple(columns)
        widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
        super().__init__(label=label, max_length=LONGEST_SEARCH, widget=widget)

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        if not value:
            return qs
        words = normalise(value).split()[:MOST_WORDS]
        if not words:  # nothing but punctuation: no row holds it
            return qs.none()
        for word in words:
            found = Q()
            for column in self.columns:
                found |= Q(**{f"{column}__contains": word})
            qs = qs.filter(found)
        return qs


class FilterSet(django_filters.FilterSet):
    """Base of every list's filters. `search_columns` names the normalised columns that `q` looks into."""

    search_columns: tuple[str, ...] = ()
    search_label = "Rechercher"

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.search_columns:
            search = SearchFilter(self.search_columns, self.search_label)
            search.model, search.parent = self.queryset.model, self
            self.filters = {"q": search, **self.filters}

    def get_form_class(self) -> type[forms.Form]:
        # Before the form copies its fields: a copied choice list still reads the labels of the original.
        for filter_ in self.filters.values():
            _in_french(filter_.field)
        return super().get_form_class()

    @property
    def form(self) -> forms.Form:
        first = not hasattr(self, "_form")
        form = super().form
        if first:
            self.narrow(form, self.request)
        return form

    def narrow(self, form: forms.Form, request: Any) -> None:
        """Called once, before validation: reduce the choices of `form` to what the reader may see."""

    def described(self) -> list[tuple[str, str]]:
        """(label, value) of each filter in force, in the order of the form, as printed on exports."""
        cleaned = self.form.cleaned_data if self.is_bound and self.form.is_bound and self._validated() else {}
        return [
            (str(self.form.fields[name].label or name), text)
            for name in self.form.fields
            if name in cleaned and (text := _described(self.form.fields[name], cleaned[name]))
        ]

    def _validated(self) -> bool:
        """Run the validation; the filters that are not valid are left out, the others are in force."""
        return self.form.errors is not None

    @property
    def is_active(self) -> bool:
        return bool(self.described())


def _in_french(field: forms.Field) -> None:
    field.error_messages.update(FIELD_ERRORS)
    field.label = capitalise(str(field.label)) if field.label else field.label
    if DECLARED_BLANK.fullmatch(str(getattr(field, "empty_label", None) or "")):
        field.empty_label = ANY
    if isinstance(field, forms.NullBooleanField):
        field.widget.choices = [("", ANY), ("true", "Oui"), ("false", "Non")]
    if isinstance(field, django_filters.fields.RangeField):
        for widget, edge in zip(field.widget.widgets, RANGE_EDGES, strict=True):
            widget.attrs["aria-label"] = f"{field.label}, {edge}"
            if isinstance(field, django_filters.fields.DateRangeField):
                widget.input_type = "date"
    elif isinstance(field, forms.DateField):
        field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    for part in (field, *getattr(field, "fields", ())):
        if isinstance(part, (forms.DateField, forms.DateTimeField)):
            part.validators.append(_date_in_reach)


def _date_in_reach(value: date) -> None:
    """A time zone shifts the first and the last day of the calendar out of it."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(f"L’année {value.year} n’est pas vraisemblable\u00a0: le filtre n’a pas été appliqué.")


def _described(field: forms.Field, value: Any) -> str:
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, slice):
        return _interval(value.start, value.stop)
    if isinstance(value, (list, tuple, set, QuerySet)):
        return sentence_list((_one(field, item) for item in value), last="ou")
    return _one(field, value)


def _one(field: forms.Field, value: Any) -> str:
    if isinstance(value, Model):
        return str(value)
    choices = getattr(field, "choices", None)
    if choices is not None and not isinstance(choices, ModelChoiceIterator):
        return _label_of(choices, value)
    return fr_cell(value)


def _label_of(choices: Iterable[Any], value: Any) -> str:
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            inner = _label_of(label, value)
            if inner != str(value):
                return inner
        elif str(key) == str(value):
            return str(label)
    return fr_cell(value)


def _interval(start: Any, stop: Any) -> str:
    if isinstance(start or stop, date):
        first, last = (getattr(moment, "date", lambda m=moment: m)() if moment else None for moment in (start, stop))
        return period(first, last)
    if start is None:
        return f"au plus {fr_cell(stop)}" if stop is not None else ""
    return f"au moins {fr_cell(start)}" if stop is None else f"de {fr_cell(start)} à {fr_cell(stop)}"
