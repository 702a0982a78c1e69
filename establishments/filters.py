"""Filters of the register, shared by the list and the map."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from core.french import NBSP, capitalise

from .door import PerimeterFilterSet
from .models import Capability, Establishment, Kind, ManagementMode, Territory
from .regulation import category_bounds, category_label

INDENT = NBSP * 4


class TreeIterator(forms.models.ModelChoiceIterator):
    """Territories in the order of the tree, each set in under the one above it. Two queries."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for depth, territory in in_tree_order(list(self.queryset)):
            value = self.field.prepare_value(territory)
            yield (forms.models.ModelChoiceIteratorValue(value, territory), f"{INDENT * depth}{territory}")


class TreeChoiceField(forms.ModelChoiceField):
    iterator = TreeIterator


class TerritoryFilter(django_filters.ModelChoiceFilter):
    """A select in the order of the tree, narrowed by the door to what the user may see.

    The rows say what belongs to a territory: their queryset has `within(territory)`.
    """

    field_class = TreeChoiceField

    def __init__(self, **kwargs):
        kwargs.setdefault("label", "Territoire")
        super().__init__(queryset=Territory.objects.all(), **kwargs)

    def filter(self, rows, territory):
        return rows.within(territory) if territory else rows


def in_tree_order(territories):
    """(depth, territory) pairs, parents before their children; a territory whose parent is not there is a root."""
    children, present = {}, {territory.pk for territory in territories}
    for territory in territories:
        children.setdefault(territory.parent_id if territory.parent_id in present else None, []).append(territory)
    waiting, ordered = [(0, territory) for territory in reversed(children.get(None, []))], []
    while waiting:
        depth, territory = waiting.pop()
        ordered.append((depth, territory))
        waiting += [(depth + 1, child) for child in reversed(children.get(territory.pk, []))]
    return ordered


def category_choices(day):
    """{slug: (label, [(kinds, fewest, most)])}: one choice per name of category, whatever the kinds that share it."""
    choices = {}
    for kind in Kind.values:
        for code, low, high in category_bounds(kind, day):
            label = category_label(kind, code)
            choices.setdefault(slugify(label), (label, []))[1].append((kind, low, high))
    return choices


class EstablishmentFilter(PerimeterFilterSet):
    """Over `Establishment.objects.with_places(day)`: the category is computed from the places of that day."""

    capability = Capability.SUMMARY
    search_columns = ("search_name",)
    search_label = "Nom ou adresse"

    territory = TerritoryFilter(method="filter_territory")
    kind = django_filters.ChoiceFilter(label="Type", choices=Kind)
    category = django_filters.ChoiceFilter(label="Catégorie", method="filter_category")
    management_mode = django_filters.ChoiceFilter(label="Mode de gestion", choices=ManagementMode)
    state = django_filters.ChoiceFilter(
        label="État",
        method="filter_state",
        choices=[("open", "ouvert"), ("coming", "à ouvrir"), ("closed", "fermé définitivement")],
    )
    places = django_filters.ChoiceFilter(
        label="Places", method="filter_places", choices=[("known", "renseignées"), ("unknown", "non renseignées")]
    )

    class Meta:
        model = Establishment
        fields = ["territory", "kind", "category", "management_mode", "state", "places"]

    def narrow(self, form, request):
        super().narrow(form, request)
        self.categories = category_choices(timezone.localdate())
        choices = [(slug, capitalise(label)) for slug, (label, _) in self.categories.items()]
        form.fields["category"].choices = [("", form.fields["category"].empty_label), *choices]

    def filter_territory(self, queryset, name, territory):
        return queryset.within(territory, timezone.localdate())

    def filter_category(self, queryset, name, slug):
        wanted = Q()
        for kind, low, high in self.categories[slug][1]:
            wanted |= Q(kind=kind, places__gte=low) & (Q() if high is None else Q(places__lte=high))
        return queryset.filter(wanted)

    def filter_state(self, queryset, name, state):
        today = timezone.localdate()
        states = {"open": queryset.open_on(today), "coming": queryset.filter(opened_on__gt=today)}
        return states.get(state, queryset.filter(closed_on__lte=today))

    def filter_places(self, queryset, name, known):
        return queryset.filter(places__isnull=known == "unknown")
