import uuid

from django import forms
from django.utils import timezone

from core.inputs import DayInput
from establishments.door import PerimeterModelForm
from establishments.filters import TreeChoiceField
from establishments.models import Capability, Level
from establishments.workflow import StaleVersion

from ..models import ActionItem
from ..owners import may_read, people_around, people_covering

NOBODY = "Personne pour l’instant"
LEVELS = [(level.value, level.label) for level in (Level.ETABLISSEMENT, Level.POLE, Level.PUBLIC)]
# What a meeting decides is written in its minutes: there an action has its line (S-087, no orphan).
ORIGINS = [(value, label) for value, label in ActionItem.Origin.choices if value != ActionItem.Origin.MEETING]
# What a link may say of the action to create: parameter of the address, field.
PREFILL = {
    "etablissement": "establishment",
    "territoire": "territory",
    "titre": "title",
    "origine": "origin_kind",
    "source": "origin_label",
    "theme": "theme",
    "precision": "detail",
    "echeance": "due_on",
}


def prefilled(query):
    """Initial values that a link gives; a value that no field accepts is left to the form to refuse."""
    given = {field: query[name][:500] for name, field in PREFILL.items() if query.get(name)}
    if given.get("origin_kind") not in ActionItem.Origin.values:
        given.pop("origin_kind", None)
    for place in ("establishment", "territory"):
        if not given.get(place, "0").isdecimal():
            given.pop(place)
    return given


class ActionForm(PerimeterModelForm):
    """A new action; the same form sent twice gives the same action (client_uuid)."""

    capability = Capability.MANAGE_ACTIONS
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        model = ActionItem
        fields = ["establishment", "territory", "title", "detail", "kind", "theme", "origin_kind", "origin_label"]
        fields += ["owner", "due_on", "priority", "level"]
        widgets = {"due_on": DayInput(), "detail": forms.Textarea(attrs={"rows": 3})}
        field_classes = {"territory": TreeChoiceField}
        help_texts = {
            "territory": "Plutôt qu’un lieu, quand l’action porte sur tout un territoire.",
            "title": "Un verbe et son objet\u00a0: «\u00a0Revoir l’aménagement du coin repos\u00a0».",
            "detail": "Ni nom d’enfant ou de famille, ni donnée de santé.",
            "origin_label": "Par exemple le titre du constat. Ce qu’une réunion décide s’écrit dans son relevé.",
            "level": "Qui peut lire cette action.",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.fields["level"].choices = LEVELS
        self.fields["origin_kind"].choices = ORIGINS
        self.fields["owner"].queryset = self._owners()
        self.fields["owner"].empty_label = NOBODY

    def _owners(self):
        """Who may own an action of the place asked for; of any of the houses while none is."""
        houses = self._asked("establishment")
        territory = None if houses else self._asked("territory")
        if territory and (found := territory.first()):
            return people_around(found)
        return people_covering((houses or self.fields["establishment"].queryset).order_by().values("pk"))

    def _asked(self, name):
        asked = str(self.data.get(name) or self.initial.get(name) or "")
        return self.fields[name].queryset.filter(pk=int(asked)) if asked.isdecimal() and len(asked) < 18 else None

    def clean_client_uuid(self):
        self.instance.client_uuid = self.cleaned_data["client_uuid"]
        return self.cleaned_data["client_uuid"]

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on < timezone.localdate():
            raise forms.ValidationError("Cette échéance est déjà passée.")
        return due_on

    def clean(self):
        given = super().clean()
        owner, place = given.get("owner"), given.get("establishment") or given.get("territory")
        if owner and place and not may_read(owner, place, given.get("level")):
            self.add_error("owner", "Cette personne ne peut pas lire cette action\u00a0: changez son niveau.")
        return given


class ActionEditForm(PerimeterModelForm):
    """What may change while an action is followed: its owner, its due date, its priority."""

    capability = Capability.MANAGE_ACTIONS
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = ActionItem
        fields = ActionItem.AMENDABLE
        widgets = {"due_on": DayInput()}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.initial["version"] = self.instance.version
        house, territory = self.instance.establishment_id, self.instance.territory
        self.fields["owner"].queryset = people_covering([house]) if house else people_around(territory)
        self.fields["owner"].empty_label = NOBODY

    def clean_owner(self):
        owner, action = self.cleaned_data["owner"], self.instance
        if owner and not may_read(owner, action.place, action.level):
            raise forms.ValidationError("Cette personne ne peut pas lire cette action.")
        return owner

    def amend(self, *, by):
        """Save, or say what someone else saved meanwhile and keep what was typed. True when saved."""
        try:
            self.instance.amend(by=by, seen=self.cleaned_data["version"])
        except StaleVersion as stale:
            stored = stale.current
            facts = "\u202f; ".join(
                f"{stored._meta.get_field(name).verbose_name}\u00a0: {stored.text_of(name)}"
                for name in stored.AMENDABLE
            )
            self.add_error(
                None,
                "Quelqu’un a modifié cette action pendant votre saisie. "
                f"Enregistré à présent\u00a0: {facts}. Votre saisie est gardée ci-dessous\u00a0: "
                "enregistrez de nouveau pour la retenir.",
            )
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = str(stored.version)
            return False
        return True
