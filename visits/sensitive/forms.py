import uuid

from django import forms

from establishments.door import PerimeterForm
from establishments.models import Capability, Establishment
from establishments.vocabulary import titled

from ..entry import possible_owners
from ..models import SensitiveFile

LONGEST = 20_000
NEVER = "Ni nom d’enfant ou de famille, ni donnée de santé\u00a0: désignez par la situation."


def _text(label, rows, longest=LONGEST):
    return forms.CharField(
        label=label, max_length=longest, help_text=NEVER, widget=forms.Textarea(attrs={"rows": rows})
    )


class OpenFileForm(PerimeterForm):
    """Open a file: the house, the nature, what it is about."""

    capability = Capability.OPEN_SENSITIVE

    client_uuid = forms.UUIDField(widget=forms.HiddenInput)
    establishment = forms.ModelChoiceField(Establishment.objects.all(), label=titled("{establishment}"))
    kind = forms.ChoiceField(label="Nature", choices=SensitiveFile.Kind.choices)
    subject = _text("Objet", 3, 500)

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("initial", {}).setdefault("client_uuid", uuid.uuid4())
        super().__init__(*args, **kwargs)

    def save(self, *, by):
        wanted = self.cleaned_data
        file = SensitiveFile(establishment=wanted["establishment"], kind=wanted["kind"])
        return file.start(by=by, subject=wanted["subject"], client_uuid=wanted["client_uuid"])


class NoteForm(forms.Form):
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = _text("Nouvelle note", 6)


class ReaderForm(forms.Form):
    """Name one more reader, among those who hold a mandate over the house."""

    user = forms.ChoiceField(label="Ouvrir le dossier à")

    def __init__(self, file, today, data=None):
        super().__init__(data)
        reading = {str(pk) for pk in file.readers.filter(ended_at__isnull=True).values_list("user", flat=True)}
        people = possible_owners(file.establishment, today)
        self.fields["user"].choices = [(pk, name) for pk, name in people if pk not in reading]
