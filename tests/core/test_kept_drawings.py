"""What is drawn once: the same values, the same HTML, and nothing else is seen."""

import pytest
from django.template import Context, Engine, TemplateSyntaxError
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe

from core.addresses import address
from core.templatetags.ui import badge, breadcrumb
from establishments.context import NavItem


class Seen:
    """Counts how often a template reads it."""

    def __init__(self):
        self.times = 0

    def __str__(self):
        self.times += 1
        return f"lu {self.times}"


def drawn(source, **values):
    return Engine.get_default().from_string(source), Context(values)


def test_the_same_values_are_drawn_once():
    seen = Seen()
    template, context = drawn("{% kept seen=seen n=n %}{{ seen }}-{{ n }}{% endkept %}", seen=seen, n=1)
    assert template.render(context) == template.render(context) == "lu 1-1"
    assert template.render(Context({"seen": seen, "n": 2})) == "lu 2-2"


def test_a_block_sees_its_own_values_only():
    template, context = drawn("{% kept n=n %}{{ n }}{% if user %} {{ user }}{% endif %}{% endkept %}", n=1, user="Ada")
    assert template.render(context) == "1"


def test_a_lazy_value_is_read_and_not_kept():
    template, _ = drawn("{% kept nav=nav %}{% for item in nav %}{{ item.label }}{% endfor %}{% endkept %}")
    items = tuple(NavItem(label, "/", "home", False) for label in ("Accueil", "Visites"))
    given = SimpleLazyObject(lambda: items)
    assert template.render(Context({"nav": given})) == "AccueilVisites"
    (node,) = template.nodelist
    ((_, kept),) = node.drawings
    assert type(kept) is tuple
    assert template.render(Context({"nav": SimpleLazyObject(lambda: items[:1])})) == "Accueil"


def test_what_can_change_is_drawn_anew():
    rows = [1]
    template, context = drawn("{% kept rows=rows %}{{ rows|length }}{% endkept %}", rows=rows)
    assert template.render(context) == "1"
    rows.append(2)
    assert template.render(context) == "2"


def test_a_value_without_a_name_is_refused():
    with pytest.raises(TemplateSyntaxError):
        Engine.get_default().from_string("{% kept rows %}{% endkept %}")


def test_old_drawings_make_room():
    template, _ = drawn("{% kept n=n %}{{ n }}{% endkept %}")
    for n in range(300):
        assert template.render(Context({"n": n})) == str(n)
    assert len(template.nodelist[0].drawings) <= 256


def test_a_plain_text_never_takes_the_drawing_of_a_safe_one():
    assert "<b>" in badge(mark_safe("<b>12</b>"))
    assert "&lt;b&gt;" in badge("<b>12</b>")


def test_a_component_takes_what_cannot_be_compared():
    assert "<li>" in breadcrumb([("Paris", "/"), ("Crèche", None)])
    assert badge(["a"]) == badge(["a"])


def test_an_address_is_that_of_the_table_of_urls(settings):
    assert address("establishments:detail", 12) == address("establishments:detail", 12) == "/etablissements/12/"
    assert address("dashboard:home") == "/"
    settings.ROOT_URLCONF = "tests.bench.urls"
    assert address("dashboard:home") == "/"
