"""What a browser would send back from the page of a visit, unchanged: tests edit it and post it."""

from django import forms


def page_data(response):
    """The fields of the page of a visit as posted, {name: value}."""
    entry = response.context["entry"]
    data = {"etablissement": str(entry.establishment.pk), "grid": str(entry.grid.pk) if entry.grid else ""}
    for form in entry.forms:
        for name in form.fields:
            value = _sent(form[name])
            if value is not None:
                data[form[name].html_name] = value
    return data


def _sent(field):
    if isinstance(field.field.widget, forms.CheckboxInput):
        return "on" if field.value() else None
    value = field.field.widget.format_value(field.value())
    if isinstance(value, list):
        value = value[0] if value else ""
    return "" if value is None else str(value)


def item_field(grid, key, name):
    """The name in the page of a field of an item of the grid."""
    return f"o-{grid.items.get(key=key).pk}-{name}"
