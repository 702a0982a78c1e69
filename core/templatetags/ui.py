"""The components: one tag here, one template of the same name in templates/components/.

Loaded as a template builtin. No rule of the trade: a tag receives what it shows.
"""

from copy import copy
from functools import lru_cache, wraps
from typing import NamedTuple

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.functional import LazyObject
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()

TONES = ("neutral", "info", "good", "watch", "alert")
TONE_WORDS = {"neutral": "Note", "info": "Information", "good": "Fait", "watch": "À surveiller", "alert": "Attention"}
TONE_ICONS = {"neutral": "info", "info": "info", "good": "check", "watch": "clock", "alert": "alert"}

STATUS_TONES = {
    "draft": "neutral",
    "planned": "info",
    "submitted": "watch",
    "in_progress": "info",
    "done": "good",
    "validated": "good",
    "granted": "good",
    "refused": "neutral",
    "cancelled": "neutral",
    "postponed": "watch",
    "late": "alert",
    "overdue": "alert",
}
DRAWINGS_KEPT = 2_048
KEPT = 256  # drawings of one block
_ids = iter(range(1, 2**31))


def register_tones(tones):
    """Add {status: tone} pairs; a status is "granted", or "leaverequest.granted" for one model only."""
    for status, tone in tones.items():
        if tone not in TONES:
            raise ValueError(f"{tone!r} is not one of {', '.join(TONES)}")
        if STATUS_TONES.setdefault(str(status), tone) != tone:
            raise ValueError(f"{status!r} already has the tone {STATUS_TONES[str(status)]!r}: name its model")


def tone_of(status, *, model=None):
    """The tone of a status value; an unknown one is neutral, never an error on a page."""
    return STATUS_TONES.get(f"{model}.{status}", STATUS_TONES.get(str(status), "neutral"))


def _checked(tone):
    tone = tone or "neutral"
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"Ton inconnu : {tone!r}")
    return tone


def _render(context, name, **values):
    """Render a block component with only its own values (and what a form inside it needs)."""
    values["csrf_token"] = context.get("csrf_token")
    values["request"] = context.get("request")
    component = context.template.engine.get_template(f"components/{name}.html")
    return mark_safe(component.render(context.new(values)))  # noqa: S308 - a template already escaped it


def component(show):
    """A tag drawn by components/<its name>.html from the values that `show` returns, and from nothing else.

    The same values give the same HTML: it is kept. Values that cannot be compared (a list, a form) are drawn anew.
    """
    name = show.__name__

    @wraps(show)
    def tag(*args, **kwargs):
        values = show(*args, **kwargs)
        try:
            return _drawn(name, tuple(values), _deployment(), *values.values())
        except TypeError:  # unhashable
            return _draw(name, values)

    return register.simple_tag(tag, name=name)


@lru_cache(maxsize=DRAWINGS_KEPT, typed=True)  # typed: a safe text and a plain one are equal, and not drawn alike
def _drawn(name, names, deployment, *values):
    return _draw(name, dict(zip(names, values, strict=True)))


def _draw(name, values):
    return template.Engine.get_default().get_template(f"components/{name}.html").render(template.Context(values))


def _deployment():
    """What addresses of files and of pages depend on: it changes between two tests, never under a process."""
    return settings.STATIC_URL, settings.STORAGES["staticfiles"]["BACKEND"], settings.ROOT_URLCONF, get_script_prefix()


class KeptNode(template.Node):
    """The block of {% kept %}, drawn once for each set of values."""

    def __init__(self, nodelist, values):
        self.nodelist, self.values, self.drawings = nodelist, values, {}

    def render(self, context):
        values = {name: _given(value.resolve(context, ignore_failures=True)) for name, value in self.values.items()}
        key = (_deployment(), *values.values())
        try:
            found = self.drawings.get(key)
        except TypeError:  # what can change is drawn anew
            return self.nodelist.render(context.new(values))
        if found is None:
            found = self.drawings[key] = self.nodelist.render(context.new(values))
            while len(self.drawings) > KEPT:
                self.drawings.pop(next(iter(self.drawings)), None)
        return found


def _given(value):
    """A lazy value holds the request it comes from: it must not be kept, what it gives is."""
    if not isinstance(value, LazyObject):
        return value
    bool(value)  # reads it
    return copy(value)


@register.tag
def kept(parser, token):
    """{% kept nav=nav pack=pack %}…{% endkept %}: a part of a page that is the same for many requests.

    The block sees these values and nothing else, so that what it shows can depend on nothing else. Values are
    compared: immutable ones (frozen dataclasses, tuples, text), or nothing is kept. Never a right: its effect.
    """
    name, *bits = token.split_contents()
    values = template.base.token_kwargs(bits, parser)
    if bits or not values:
        raise template.TemplateSyntaxError(f"{name}: name=value pairs only")
    nodelist = parser.parse((f"end{name}",))
    parser.delete_first_token()
    return KeptNode(nodelist, values)


@register.simple_tag
def icon(name, label=None):
    """An icon of the sprite; decorative unless it carries a label."""
    return _icon(name, label, _sprite(settings.STATIC_URL, settings.STORAGES["staticfiles"]["BACKEND"]))


@lru_cache(maxsize=4)
def _sprite(prefix, backend):
    """The address of the sprite: a page draws thirty icons, and the files collected do not change under a process."""
    return static("icons/sprite.svg")


@lru_cache(maxsize=256)
def _icon(name, label, sprite):
    href = f"{sprite}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"/></svg>', href)


@register.simple_block_tag(takes_context=True)
def card(context, content, title=None, url=None, url_label=None, level=2, flush=False, tone=None):
    return _render(
        context,
        "card",
        content=content,
        title=title,
        url=url,
        url_label=url_label,
        level=level,
        flush=flush,
        tone=tone and _checked(tone),
    )


@component
def badge(text, tone="neutral"):
    return {"text": text, "tone": _checked(tone)}


@register.simple_tag
def status_badge(obj, field="status"):
    """The badge of a record (its field and get_<field>_display) or of a choice (its label)."""
    value = getattr(obj, field, obj)
    display = getattr(obj, f"get_{field}_display", None)
    model = getattr(getattr(obj, "_meta", None), "model_name", None)
    text = display() if display else getattr(obj, "label", obj)
    return badge(text, tone_of(getattr(value, "value", value), model=model))


@component
def notice(text, tone="info", title=None, role=None):
    return _notice(text, tone, title, role)


def _notice(text, tone, title, role):
    tone = _checked(tone)
    return {
        "content": text,
        "tone": tone,
        "title": title,
        "role": role,
        "word": TONE_WORDS[tone],
        "icon_name": TONE_ICONS[tone],
    }


@register.simple_block_tag(takes_context=True)
def alert(context, content, tone="info", title=None, role=None):
    return _render(context, "notice", **_notice(content, tone, title, role))


@register.simple_tag
def current_label(items, default):
    """The label of the entry marked current in a menu."""
    return next((item.label for item in items if item.current), default)


@register.inclusion_tag("components/field.html")
def field(bound_field, unit=None, variant=None, label=None, hint=None):
    """A label, a help text, the errors and the widget of one bound field, tied together."""
    if hint is not None:
        bound_field.help_text = hint  # Django reads it again for aria-describedby
    widget = bound_field.field.widget
    if widget.attrs.get("placeholder") == bound_field.label:
        del widget.attrs["placeholder"]  # a form's own copy; the label already says it
    kind = getattr(widget, "input_type", None) or type(widget).__name__.lower()
    grouped = widget.use_fieldset
    return {
        "field": bound_field,
        "label": label or bound_field.label,
        "help": bound_field.help_text,
        "unit": unit,
        "variant": variant or ("choices" if grouped and hasattr(widget, "choices") else ""),
        "kind": kind,
        "grouped": grouped,
        # A form where nothing is required (a draft) says mark_optional = False: the same word on each line is noise.
        "optional": not bound_field.field.required and getattr(bound_field.form, "mark_optional", True),
        "described_by": _described_by(bound_field),
        "multi": grouped and not hasattr(widget, "choices"),
    }


def _described_by(bound_field):
    """The ids Django itself writes in aria-describedby, for the fieldset of a group."""
    ids = [f"{bound_field.auto_id}_helptext"] if bound_field.help_text else []
    return " ".join(ids + ([f"{bound_field.auto_id}_error"] if bound_field.errors else []))


@register.inclusion_tag("components/form_fields.html")
def form_fields(form):
    return {"form": form}


@register.inclusion_tag("components/form_errors.html")
def form_errors(form):
    """The summary at the top of a refused form: one link for each field to correct."""
    fields = [bound_field for bound_field in form if bound_field.errors]
    general = form.non_field_errors()
    hidden = [error for bound_field in form.hidden_fields() for error in bound_field.errors]
    return {
        "fields": [bound_field for bound_field in fields if not bound_field.is_hidden],
        "general": [*general, *hidden],
        "count": sum(len(bound_field.errors) for bound_field in fields) + len(general),
    }


@component
def stat(label, value, note=None, url=None, tone=None):
    return {"label": label, "value": value, "note": note, "url": url, "tone": tone and _checked(tone)}


@component
def trend(text, direction="flat", tone="neutral"):
    """A change in words, with its arrow: direction is up, down or flat; up is not always good."""
    word = {"up": "en hausse", "down": "en baisse", "flat": "stable"}[direction]
    return {"text": text, "direction": direction, "word": word, "tone": _checked(tone)}


@register.inclusion_tag("components/timeline.html")
def timeline(items, label="Historique"):
    return {"items": items, "label": label}


@component
def tabs(items, label="Rubriques"):
    return {"items": tuple(items), "label": label}


class Crumb(NamedTuple):
    label: str
    url: str | None


@component
def breadcrumb(items):
    """items: (label, url) pairs from the widest territory down; no url, or the last one: text."""
    return {"items": tuple(Crumb(*item) for item in items)}


@register.simple_block_tag(takes_context=True)
def confirm(context, content, url=None, label=None, title=None, action=None, tone=None, quiet=True):
    """A button that opens a dialog saying what will happen, and the form that does it."""
    return _render(
        context,
        "confirm",
        content=content,
        url=url,
        label=label,
        title=title or label,
        action=action or label,
        danger=tone == "alert",
        quiet=quiet,
        dialog_id=f"confirmer-{next(_ids)}",
    )


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context, page, parameter="page", unit="lignes"):
    """Links to the neighbouring pages that keep the filters of the URL."""
    query = context["request"].GET.copy()

    def link(number):
        query[parameter] = number
        return f"?{query.urlencode()}"

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "unit": unit,
        "pages": [
            {"label": n, "url": link(n) if isinstance(n, int) else None, "current": n == page.number} for n in numbers
        ],
        "previous_url": link(page.previous_page_number()) if page.has_previous() else None,
        "next_url": link(page.next_page_number()) if page.has_next() else None,
    }


@component
def progress(value, maximum, label, text=None):
    return {"value": value, "maximum": maximum, "label": label, "text": text or f"{value} sur {maximum}"}


@register.simple_block_tag(takes_context=True)
def empty_state(context, content, title="Rien à afficher", icon_name="check"):
    return _render(context, "empty_state", content=content, title=title, icon_name=icon_name)


@register.simple_block_tag(takes_context=True)
def explain(context, content, value=None, label="Expliquer", facts=None):
    """A number that opens: facts are (term, definition) pairs, the block says the rest."""
    return _render(context, "explain", content=content, value=value, label=label, facts=facts or [])
