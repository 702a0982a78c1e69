"""The same visit saved from two pages: both texts are shown, neither is lost, the person chooses field by field."""

from dataclasses import dataclass

from django import forms

CHOICE, OTHER = "choix-", "autre-"
MINE, THEIRS, BOTH = "mine", "theirs", "both"
IGNORED = {"version", "client_uuid", "grid"}


@dataclass(frozen=True)
class Difference:
    """One field that says two things: `mine` and `theirs` as posted, with what to show of them."""

    name: str
    label: str
    mine: str
    theirs: str
    mine_shown: str
    theirs_shown: str
    is_text: bool


def differences(entry, stored):
    """Fields that the page (`entry`, bound) and the database (`stored`, unbound) do not say alike."""
    posted = {name: (field, label) for name, field, label in _fields(entry)}
    found = []
    for name, field, label in _fields(stored):
        theirs = stored_value(field)
        mine = _posted_value(*posted[name][:1], entry.data) if name in posted else theirs
        if mine != theirs:
            is_text = isinstance(field.field.widget, forms.Textarea)
            found.append(Difference(name, label, mine, theirs, shown(field, mine), shown(field, theirs), is_text))
    return found


def hidden_fields(entry, stored):
    """[(name, value)] to send again: what was typed, the rows only the other page knows, the version of now."""
    kept = [
        (name, value)
        for name, values in entry.data.lists()
        for value in values
        if name not in {"csrfmiddlewaretoken", "version"} and not name.startswith((CHOICE, OTHER))
    ]
    known = {name for name, _ in kept}
    rows = [form for form in stored.raised if form["title"].html_name not in known]
    kept += [(form[name].html_name, stored_value(form[name])) for form in rows for name in form.fields]
    return [*kept, ("version", str(stored.visit.edition))]


def resolved(data):
    """The posted data once the choices are made; unchanged when there is none."""
    names = [name.removeprefix(CHOICE) for name in data if name.startswith(CHOICE)]
    if not names:
        return data
    data = data.copy()
    for name in names:
        choice, mine, theirs = data[CHOICE + name], data.get(name, ""), data.get(OTHER + name, "")
        kept = {THEIRS: theirs, BOTH: f"{mine}\n\n{theirs}"}.get(choice, mine)
        if kept:
            data[name] = kept
        else:
            data.pop(name, None)
    return data


def _fields(entry):
    """(name in the page, bound field, label) of what may differ; empty rows of new actions belong to one page only."""
    for form in [entry.form, *entry.observations, *entry.checks, *entry.raised]:
        about = getattr(form, "action", None) or getattr(form, "item", None)
        for name in form.fields:
            if name not in IGNORED:
                field = form[name]
                yield field.html_name, field, f"{about} — {field.label}" if about else field.label


def stored_value(field):
    """What a browser would send back for a bound field, unchanged."""
    if isinstance(field.field.widget, forms.CheckboxInput):
        return "on" if field.value() else ""
    value = field.field.widget.format_value(field.value())
    value = value[0] if isinstance(value, list) and value else value
    return _plain(value or "")


def _posted_value(field, data):
    return _plain(data.get(field.html_name, ""))


def _plain(value):
    return str(value).replace("\r\n", "\n").strip()


def shown(field, value):
    if isinstance(field.field.widget, forms.CheckboxInput):
        return "oui" if value else "non"
    return str(dict(getattr(field.field, "choices", [])).get(value, value)) or "(vide)"
