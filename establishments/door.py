"""What every view, form and filter goes through: the perimeter rule itself is `EstablishmentQuerySet.visible_to`."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Manager
from django.http import Http404

from core.compiled import rows_once
from core.filters import FilterSet

from .models import Capability


def get_visible_or_404(queryset, user, capability=Capability.VIEW, **lookup):
    """404 for a record whose existence the user may not know, 403 for one that she knows but may not use so."""
    if _is_whole(queryset) and set(lookup) == {"pk"} and type(lookup["pk"]) is int:
        record = next(iter(_known(queryset, user, capability, lookup["pk"])), None)
        allowed = record is not None and record.door_allows
    else:
        record = queryset.known_to(user).filter(**lookup).first()
        allowed = record is not None and _reaches(queryset, user, capability, record)
    if record is None:
        raise Http404
    if capability != Capability.SUMMARY and not allowed:
        raise PermissionDenied
    return record


def _is_whole(queryset):
    """`Model.objects` itself, neither filtered nor reached from a record."""
    return isinstance(queryset, Manager) and queryset is queryset.model.objects


def _reaches(queryset, user, capability, record):
    if _is_whole(queryset):
        return bool(_allowed(queryset, user, capability, record.pk))
    return queryset.visible_to(user, capability).filter(pk=record.pk).exists()


@rows_once
def _known(manager, user, capability, pk):
    """The record and, in the same query, whether she may use it so."""
    allowed = manager.visible_to(user, capability).filter(pk=pk).order_by()
    return manager.known_to(user).filter(pk=pk).annotate(door_allows=Exists(allowed))


@rows_once
def _allowed(manager, user, capability, pk):
    return manager.visible_to(user, capability).filter(pk=pk).order_by().values_list("pk")


def require_capability(user, capability):
    """403 unless the user holds the capability somewhere: for pages that are about no record."""
    if not _holders(user, capability):
        raise PermissionDenied


@rows_once
def _holders(user, capability):
    from .models import Mandate, roles_with

    return Mandate.objects.held_by(user, roles_with(capability)).order_by().values_list("pk")[:1]


def can(user, capability, record):
    """Whether the user holds the capability over this record: for buttons; views ask the door again."""
    return _reaches(type(record).objects, user, capability, record)


LONGEST_KEY = 18  # digits: beyond, it is no number of a record


class SeveralRecords(forms.ModelMultipleChoiceField):
    """Several records at once; a number that no record can have is an invalid choice, not an error of the database."""

    def _check_values(self, value):
        for one in value if isinstance(value, (list, tuple)) else ():
            if len(str(one)) > LONGEST_KEY:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(one)[:40]}
                )
        return super()._check_values(value)


def narrow_choices(fields, user, capability):
    """A foreign key outside the perimeter is not on offer, and a forged one is an invalid choice."""
    for field in fields.values():
        if type(field) is forms.ModelMultipleChoiceField:  # made by a model form
            field.__class__ = SeveralRecords
        queryset = getattr(field, "queryset", None)
        if hasattr(queryset, "visible_to"):
            field.queryset = queryset.visible_to(user, getattr(field, "capability", capability))


class PerimeterForm(forms.Form):
    capability = Capability.VIEW

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        narrow_choices(self.fields, user, self.capability)


class PerimeterModelForm(forms.ModelForm):
    """A model form that offers, and accepts, only what the user may see."""

    capability = Capability.VIEW

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        narrow_choices(self.fields, user, self.capability)


class PerimeterFilterSet(FilterSet):
    """Filters whose choices stop at the perimeter."""

    capability = Capability.VIEW

    def narrow(self, form, request):
        narrow_choices(form.fields, request.user, self.capability)
