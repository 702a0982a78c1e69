"""Two people on the same record of the administration: the second one is told, loses nothing, and decides.

The page carries, signed, what it showed. A save compares it with what is stored, under the journal's lock; when they
differ nothing is written, both values are shown, what was typed stays, and saving again is then a choice.
"""

from django.core import signing
from django.core.exceptions import ValidationError
from django.forms.models import _get_foreign_key

from core.french import NBSP, capitalise, typo

FIELD = "page_lue"
SALT = "administration.page-lue"
SHOWN = 12  # differences named one by one
MOVED = "Rien n’a encore été enregistré : la fiche a changé pendant votre saisie, qui est gardée ci-dessous."
AGAIN = "Enregistrez de nouveau pour que votre saisie l’emporte, ou reprenez d’abord ce qui a changé."


def _row(row):
    """{field: value as text} of the fields that a page of the administration may change."""
    return {
        f.name: str(f.value_from_object(row)) for f in row._meta.concrete_fields if f.editable and not f.primary_key
    }


def _rows_of(inline, parent):
    name = _get_foreign_key(type(parent), inline.model, fk_name=inline.fk_name).name
    return inline.model._base_manager.filter(**{name: parent}).order_by("pk")


def snapshot(parent, inlines):
    """What is stored of a record and of the rows shown with it: {"": values, "authorisation#12": values}."""
    stored = type(parent)._base_manager.filter(pk=parent.pk).first()
    found = {"": _row(stored)} if stored else {}
    for inline in inlines:
        for row in _rows_of(inline, parent):
            found[f"{inline.model._meta.label_lower}#{row.pk}"] = _row(row)
    return found


def sealed(found):
    return signing.dumps(found, salt=SALT, compress=True)


def opened(token):
    """The snapshot of a token; None when it is absent or was not made here: there is nothing to compare."""
    try:
        return signing.loads(token, salt=SALT) if token else None
    except signing.BadSignature:
        return None


def differences(seen, stored, models):
    """French sentences: what each value was on the page and has become since."""
    for key in [*stored, *(key for key in seen if key not in stored)]:
        model = models[key.partition("#")[0]]
        noun = capitalise(str(model._meta.verbose_name))
        if key not in stored:
            yield f"{noun}{NBSP}: une ligne a été supprimée"
        elif key not in seen:
            yield f"{noun}{NBSP}: une ligne a été ajoutée"
        else:
            labels = {field.name: str(field.verbose_name) for field in model._meta.concrete_fields}
            for name, value in stored[key].items():
                before = seen[key].get(name, "")
                if value != before:
                    yield f"{noun}, {labels[name]}{NBSP}: {_quoted(before)} est devenu {_quoted(value)}"


def _quoted(value):
    return "vide" if value in ("", "None") else f"«{NBSP}{value}{NBSP}»"


def conflict(parent, inlines, token):
    """The ValidationError to show when the record moved since the page was read, else None."""
    seen = opened(token)
    if seen is None:
        return None
    stored = snapshot(parent, inlines)
    if seen == stored:
        return None
    models = {"": type(parent), **{inline.model._meta.label_lower: inline.model for inline in inlines}}
    said = list(differences(seen, stored, models))
    rest = [f"… et {len(said) - SHOWN} autres changements."] if len(said) > SHOWN else []
    return ValidationError([typo(MOVED), *said[:SHOWN], *rest, typo(AGAIN)], code="moved")
