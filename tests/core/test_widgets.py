"""Fields written in Python: the same HTML as Django's templates."""

import re

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe

from core.widgets import Renderer

HOSTILE = "\"><script>alert('é')</script>&amp;"


class Everything(forms.Form):
    text = forms.CharField(widget=forms.TextInput(attrs={"type": "search", "autofocus": True, "hidden": False}))
    number = forms.DecimalField(required=False)
    day = forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    ticked = forms.BooleanField(required=False)
    secret = forms.CharField(widget=forms.HiddenInput)
    one = forms.ChoiceField(
        choices=[("", "—"), (1, lazystr(HOSTILE)), ("groupe <b>", [("a", mark_safe("<i>a</i>")), ("b", 2026)])]
    )
    several = forms.MultipleChoiceField(choices=[("x", "X"), (HOSTILE, HOSTILE)])
    perhaps = forms.NullBooleanField(required=False)


def words_of(html):
    return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", str(html))).strip()


@pytest.mark.parametrize(
    "values",
    [
        None,
        {"text": HOSTILE, "number": "12.5", "day": "2026-03-17", "one": "b", "several": ["x", HOSTILE]},
        {"ticked": "on", "secret": HOSTILE, "one": HOSTILE, "perhaps": "true", "number": "douze"},
    ],
)
def test_each_field_is_drawn_as_django_draws_it(values):
    ours, theirs = Everything(values, renderer=Renderer()), Everything(values, renderer=TemplatesSetting())
    for name in Everything.base_fields:
        assert words_of(ours[name]) == words_of(theirs[name]), name


def test_what_was_typed_never_becomes_a_tag():
    form = Everything({"text": HOSTILE, "secret": HOSTILE, "one": HOSTILE}, renderer=Renderer())
    assert "<script" not in "".join(str(field) for field in form)


def test_the_pages_use_it():
    assert isinstance(Everything().renderer, Renderer)


class Marked(forms.Select):
    option_template_name = "core/list.html"


def test_a_widget_with_its_own_options_keeps_its_templates():
    widget = Marked(choices=[("a", "A")])
    assert not Renderer.writes("django/forms/widgets/select.html", widget.get_context("x", "a", {}))
    assert Renderer.writes("django/forms/widgets/select.html", forms.Select().get_context("x", "a", {}))
