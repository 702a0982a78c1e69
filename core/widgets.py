"""Fields of forms written in Python: through Django's templates each option of a list is two templates, and a page of
filters spends more on its drop-down lists than on its fifty rows. The same HTML, but for blank lines (tests).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.template.base import render_value_in_context
from django.template.context import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

OPTION = "django/forms/widgets/select_option.html"
INPUTS = (
    *("checkbox", "color", "date", "datetime", "email", "hidden", "input"),
    *("number", "search", "tel", "text", "time"),
)


def attributes(given: Mapping[str, Any]) -> str:
    """' name="value"' for each; False drops it, True keeps the name alone."""
    return "".join(
        f" {conditional_escape(name)}" + ("" if value is True else f'="{conditional_escape(str(value))}"')
        for name, value in given.items()
        if value is not False
    )


def shown(value: Any) -> str:
    return conditional_escape(value) if isinstance(value, str) else render_value_in_context(value, Context())


def select(widget: Mapping[str, Any]) -> str:
    parts = [f'<select name="{conditional_escape(widget["name"])}"{attributes(widget["attrs"])}>']
    for group, options, _ in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{shown(group)}">')
        parts += [
            f'<option value="{conditional_escape(str(one["value"]))}"{attributes(one["attrs"])}>'
            f"{shown(one['label'])}</option>"
            for one in options
        ]
        if group:
            parts.append("</optgroup>")
    parts.append("</select>")
    return "\n".join(parts)


def own_options(groups: Iterable[Any]) -> bool:
    """Whether every option is drawn as Django draws it."""
    return all(one["template_name"] == OPTION for _, options, _ in groups for one in options)


def field(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{conditional_escape(str(widget["value"]))}"'
    name = conditional_escape(widget["name"])
    return f'<input type="{conditional_escape(widget["type"])}" name="{name}"{value}{attributes(widget["attrs"])}>'


WRITERS = {"django/forms/widgets/select.html": select}
WRITERS |= {f"django/forms/widgets/{name}.html": field for name in INPUTS}


class Renderer(TemplatesSetting):
    """Django's, but for the widgets of WRITERS."""

    @staticmethod
    def writes(template_name: str, context: Mapping[str, Any]) -> bool:
        return template_name in WRITERS and own_options(context["widget"].get("optgroups", ()))

    def render(self, template_name: str, context: Mapping[str, Any], request: Any = None) -> SafeString:
        if not self.writes(template_name, context):
            return super().render(template_name, context, request)
        return mark_safe(WRITERS[template_name](context["widget"]))  # noqa: S308 - each part is escaped
