"""The components: one tag here, one template of the same name in templates/components/.

Loaded as a template builtin. No rule of the trade: a tag receives what it shows.
"""

from functools import lru_cache

from django import template
from django.conf import settings
from django.templatetags.static import static
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


@register.inclusion_tag("components/badge.html")
def badge(text, tone="neutral"):
    return {"text": text, "tone": _checked(tone)}


@register.inclusion_tag("components/badge.html")
def status_badge(obj, field="status"):
    """The badge of a record (its field and get_<field>_display) or of a choice (its label)."""
    value = getattr(obj, field, obj)
    display = getattr(obj, f"get_{field}_display", None)
    model = getattr(getattr(obj, "_meta", None), "model_name", None)
    text = display() if display else getattr(obj, "label", obj)
    return {"text": text, "tone": tone_of(getattr(value, "value", value), model=model)}


@register.inclusion_tag("components/notice.html")
def notice(text, tone="info", title=None, role=None):
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
    return _render(context, "notice", **notice(content, tone, title, role))


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


@register.inclusion_tag("components/stat.html")
def stat(label, value, note=None, url=None, tone=None):
    return {"label": label, "value": value, "note": note, "url": url, "tone": tone and _checked(tone)}


@register.inclusion_tag("components/trend.html")
def trend(text, direction="flat", tone="neutral"):
    """A change in words, with its arrow: direction is up, down or flat; up is not always good."""
    word = {"up": "en hausse", "down": "en baisse", "flat": "stable"}[direction]
    return {"text": text, "direction": direction, "word": word, "tone": _checked(tone)}


@register.inclusion_tag("components/timeline.html")
def timeline(items, label="Historique"):
    return {"items": items, "label": label}


@register.inclusion_tag("components/tabs.html")
def tabs(items, label="Rubriques"):
    return {"items": items, "label": label}


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(items):
    """items: (label, url) pairs from the widest territory down; no url, or the last one: text."""
    return {"items": [{"label": label, "url": url} for label, url in items]}


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


@register.inclusion_tag("components/progress.html")
def progress(value, maximum, label, text=None):
    return {"value": value, "maximum": maximum, "label": label, "text": text or f"{value} sur {maximum}"}


@register.simple_block_tag(takes_context=True)
def empty_state(context, content, title="Rien à afficher", icon_name="check"):
    return _render(context, "empty_state", content=content, title=title, icon_name=icon_name)


@register.simple_block_tag(takes_context=True)
def explain(context, content, value=None, label="Expliquer", facts=None):
    """A number that opens: facts are (term, definition) pairs, the block says the rest."""
    return _render(context, "explain", content=content, value=value, label=label, facts=facts or [])
