"""Actions on several houses: asked, shown house by house, then done in one transaction and journaled.

The list posts the selection; the page asks for a territory, a date or hours, shows what each house would become, and
the confirmation plans again under the journal's lock: a second click finds nothing left to change.
"""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils import timezone

from core.french import counted, typo

from ..admin_periods import DayInput, HourInput
from ..admin_scope import within_scope
from ..models import Establishment, JournalHead, Territory, record
from ..models.authorisations import WEEKDAYS
from ..register_changes import plan_attachment, plan_closing, plan_hours
from ..vocabulary import described, words


class BulkForm(forms.Form):
    """What is asked once for all the houses; a territory outside the perimeter is an invalid choice."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = within_scope(field.queryset, user)


class AttachForm(BulkForm):
    territory = forms.ModelChoiceField(Territory.objects.all(), label="Territoire")
    since = forms.DateField(label="À partir du", widget=DayInput, initial=timezone.localdate)


class CloseForm(BulkForm):
    day = forms.DateField(label="Fermé définitivement le", widget=DayInput, help_text="Premier jour sans enfants.")


class HoursForm(BulkForm):
    weekdays = forms.TypedMultipleChoiceField(
        label="Jours d’ouverture",
        choices=WEEKDAYS,
        coerce=int,
        initial=[1, 2, 3, 4, 5],
        widget=forms.CheckboxSelectMultiple,
        help_text=typo("Les autres jours sont fermés à partir de la même date."),
    )
    opens_at = forms.TimeField(label="Ouverture", widget=HourInput)
    closes_at = forms.TimeField(label="Fermeture", widget=HourInput)
    since = forms.DateField(label="À partir du", widget=DayInput, initial=timezone.localdate)

    def clean(self):
        cleaned = super().clean()
        if {"opens_at", "closes_at"} <= cleaned.keys() and cleaned["closes_at"] <= cleaned["opens_at"]:
            self.add_error("closes_at", "L’heure de fermeture précède l’heure d’ouverture.")
        return cleaned


@dataclass(frozen=True)
class Bulk:
    """One action: its form, the plan of one house, what the plan reads, the verb of the journal."""

    slug: str
    title: str
    form: type
    plan: object
    reads: tuple
    verb: str

    def steps(self, houses, answers):
        return [self.plan(house, **answers) for house in houses.prefetch_related(*self.reads).order_by("name", "pk")]


BULK = [
    Bulk(
        "rattacher",
        "Rattacher à un territoire à partir d’une date",
        AttachForm,
        plan_attachment,
        ("attachments__territory",),
        described("establishment", "rattaché"),
    ),
    Bulk(
        "fermer", "Fermer définitivement à une date", CloseForm, plan_closing, (), described("establishment", "fermé")
    ),
    Bulk(
        "horaires",
        "Fixer les horaires d’ouverture",
        HoursForm,
        plan_hours,
        ("opening_hours",),
        "horaires d’ouverture fixés",
    ),
]


def carry_out(bulk, pks, answers, by):
    """Do it for the houses of the perimeter among `pks`; returns the steps that were taken."""
    with transaction.atomic():
        JournalHead.locked()
        houses = within_scope(Establishment.objects.filter(pk__in=pks), by)
        list(houses.select_for_update(of=("self",)).order_by("pk"))
        taken = [step for step in bulk.steps(houses, answers) if not step.problem]
        for step in taken:
            step.apply()
            note = f"{step.before} → {step.after}"
            record(str(bulk.verb), step.house, by=by, note=note, establishment=step.house)
    return taken


def respond(bulk, model_admin, request, queryset):
    """The page of an action, or None (back to the list) once it is done."""
    houses = Establishment.objects.filter(pk__in=[house.pk for house in queryset])
    asked = "apercu" in request.POST or "confirmer" in request.POST
    form = bulk.form(request.POST if asked else None, user=request.user)
    steps = bulk.steps(houses, form.cleaned_data) if asked and form.is_valid() else None
    if steps is not None and "confirmer" in request.POST:
        taken = carry_out(bulk, [house.pk for house in houses], form.cleaned_data, request.user)
        tell(request, len(taken), len(steps) - len(taken))
        return None
    return TemplateResponse(
        request,
        "admin/bulk_action.html",
        {
            **model_admin.admin_site.each_context(request),
            "title": bulk.title,
            "opts": model_admin.model._meta,
            "media": model_admin.media + form.media,
            "action": bulk.slug,
            "form": form,
            "checkbox_name": ACTION_CHECKBOX_NAME,
            "houses": list(houses.order_by("name", "pk")),
            "steps": steps,
            "ready": sum(not step.problem for step in steps or []),
        },
    )


def tell(request, done, aside):
    if done:
        house = words()["establishment"]
        text = f"{house.counted(done)} {house.accord('modifié', done)}."
        messages.success(request, typo(text + (f" {counted(aside, 'laissé', 'laissés')} de côté." if aside else "")))
    else:
        messages.info(request, typo("Rien à changer : tout est déjà ainsi, ou laissé de côté."))


def bulk_action(bulk):
    """The function that Django's list of actions calls."""

    def action(model_admin, request, queryset):
        return respond(bulk, model_admin, request, queryset)

    action.short_description = f"{bulk.title}…"
    action.__name__ = bulk.slug
    return action


ACTIONS = [bulk_action(bulk) for bulk in BULK]
