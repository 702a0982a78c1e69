"""Forms of the admin: dated rows are judged together, as they will be once all of them are saved."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.models import InlineForeignKeyField

from core.constraints import FAR, NoOverlap


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class HourInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class ScopedForm(forms.ModelForm):
    """Choices stop at the perimeter, but what the record already points to stays a valid choice for it."""

    by = None  # the administrator, set on the class that the admin makes for each request
    moved = None  # said when the record has changed since the page was read (admin_versions), set likewise
    judges_overlaps = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            current = self._current(name, field)
            if current is not None:
                inside = field.queryset.order_by().values("pk")
                field.queryset = field.queryset.model._base_manager.filter(Q(pk__in=inside) | Q(pk=current))

    def _post_clean(self):
        """Django passes over the rules that involve a read-only field or the parent: they would fail when saved."""
        super()._post_clean()
        if self.moved is not None:
            self.add_error(None, self.moved)
        parents = [field.parent_instance for field in self.fields.values() if isinstance(field, InlineForeignKeyField)]
        if self.errors or any(parent.pk is None for parent in parents):
            return
        for model, rules in self.instance.get_constraints():
            for rule in rules:
                if self.judges_overlaps or not isinstance(rule, NoOverlap):
                    self._obey(rule, model)

    def _obey(self, rule, model):
        try:
            rule.validate(model, self.instance, exclude=set())
        except ValidationError as error:
            self.add_error(None, error.messages)

    def _current(self, name, field):
        """The key of the record that a stored instance points to through this field."""
        if not isinstance(field, forms.ModelChoiceField) or self.instance.pk is None:
            return None
        known = {f.name: f.attname for f in self.instance._meta.concrete_fields}
        return getattr(self.instance, known[name]) if name in known else None


class PeriodForm(ScopedForm):
    """A dated row of an inline: its overlaps are judged by the formset, which knows the other rows as typed."""

    judges_overlaps = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            widget = getattr(field.widget, "widget", field.widget)  # what the admin wraps with its buttons
            widget.attrs.setdefault("aria-label", field.label)  # its column's heading is not a label


class PeriodFormSet(forms.BaseInlineFormSet):
    """Closing a period and opening the next one are typed together: only the outcome may not overlap."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = "Supprimer cette ligne"

    def clean(self):
        super().clean()
        rows = [form for form in self.forms if self._lasts(form)]
        for rule in (rule for rule in self.model._meta.constraints if isinstance(rule, NoOverlap)):
            for at, form in enumerate(rows):
                if any(overlap(rule, form.instance, other.instance) for other in rows[:at]):
                    form.add_error(None, ValidationError(rule.get_violation_error_message()))

    def _lasts(self, form):
        if not hasattr(form, "cleaned_data") or form in self.deleted_forms:
            return False
        return bool(form.instance.pk or form.has_changed())

    def save_existing_objects(self, commit=True):
        """What goes, then what ends, then what goes on: the database looks at every statement."""

        def turn(form):
            return form not in self.deleted_forms, str(getattr(form.instance, "ends_on", None) or FAR)

        places = {id(form): at for at, form in enumerate(sorted(self.initial_forms, key=turn))}
        self.forms.sort(key=lambda form: places.get(id(form), len(places)))
        return super().save_existing_objects(commit)


def overlap(rule, one, other):
    """Whether two rows, as typed, break the rule; rows without their dates are told so by their own fields."""
    if any(getattr(one, name) != getattr(other, name) for name in rule.fields):
        return False
    if any(getattr(row, name) in listed for row in (one, other) for name, listed in rule.unless.items()):
        return False
    periods = [(getattr(row, rule.starts), getattr(row, rule.ends)) for row in (one, other)]
    if any(start is None for start, _ in periods):
        return False
    (start, end), (other_start, other_end) = periods
    return (other_end is None or other_end >= start) and (end is None or end >= other_start)
