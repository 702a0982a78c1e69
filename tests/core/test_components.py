"""The components say what they are told, tie a field to its help and errors, and stay legible in both themes."""

import gzip
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.db import models
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from core.colours import Illegible
from core.templatetags import ui
from establishments.charter import declarations
from establishments.vocabulary import available_packs, load_pack

ROOT = Path(__file__).resolve().parents[2]
STATIC, TEMPLATES = ROOT / "static", ROOT / "templates"
COMPONENTS = TEMPLATES / "components"
CSS = (STATIC / "css" / "ronde.css").read_text()
SPRITE = (STATIC / "icons" / "sprite.svg").read_text()
PAGES = [path for path in sorted(TEMPLATES.rglob("*.html")) if "pdf" not in path.parts]


def render(source, **context):
    context.setdefault("request", RequestFactory().get("/liste/"))
    return Template(source).render(Context(context))


class VisitForm(forms.Form):
    place = forms.CharField(label="Lieu", help_text="La salle ou la section.")
    seats = forms.IntegerField(label="Places", required=False)
    rating = forms.ChoiceField(
        label="Appréciation", choices=[("1", "acquis"), ("2", "point fort")], widget=forms.RadioSelect
    )
    shared = forms.BooleanField(label="Transmettre", required=False)


# --- Tones and badges


def test_every_status_has_a_known_tone():
    assert set(ui.STATUS_TONES.values()) <= set(ui.TONES)


def test_an_app_adds_its_statuses_and_cannot_contradict_another(monkeypatch):
    monkeypatch.setattr(ui, "STATUS_TONES", {"late": "alert"})
    ui.register_tones({"to_lift": "watch", "plan.late": "info"})
    assert ui.tone_of("to_lift") == "watch"
    assert ui.tone_of("late", model="plan") == "info"
    assert ui.tone_of("late", model="visit") == "alert"
    with pytest.raises(ValueError, match="already has the tone"):
        ui.register_tones({"late": "good"})
    with pytest.raises(ValueError, match="is not one of"):
        ui.register_tones({"other": "rouge"})


def test_an_unknown_status_is_neutral_rather_than_an_error():
    assert ui.tone_of("jamais vu") == "neutral"


def test_a_badge_shows_the_word_of_the_record_and_the_tone_of_its_status():
    visit = SimpleNamespace(
        status="late", get_status_display=lambda: "en retard", _meta=SimpleNamespace(model_name="visit")
    )
    html = render("{% status_badge visit %}", visit=visit)
    assert "tone-alert" in html
    assert "en retard" in html


def test_a_badge_takes_a_choice_too():
    class Status(models.TextChoices):
        GRANTED = "granted", "accordé"

    html = render("{% status_badge status %}", status=Status.GRANTED)
    assert "tone-good" in html
    assert "accordé" in html


def test_what_people_type_is_escaped_in_every_component():
    hostile = "<script>1</script>"
    html = render(
        "{% badge t %}{% notice t %}{% stat t t note=t %}{% trend t %}{% progress 1 2 t %}"
        "{% card title=t %}{{ t }}{% endcard %}{% alert title=t %}{{ t }}{% endalert %}"
        "{% empty_state title=t %}{{ t }}{% endempty_state %}{% icon 'home' label=t %}"
        "{% explain value=t facts=facts %}{{ t }}{% endexplain %}"
        "{% confirm url='/x/' label=t %}{{ t }}{% endconfirm %}",
        t=hostile,
        facts=[(hostile, hostile)],
    )
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 20


def test_a_tone_that_does_not_exist_is_refused_while_developing():
    with pytest.raises(TemplateSyntaxError, match="Ton inconnu"):
        render("{% badge 'texte' 'rouge' %}")


# --- Forms


def test_a_field_ties_its_label_its_help_and_its_error_to_the_input():
    html = render("{% field form.place %}", form=VisitForm({"place": ""}))
    assert 'for="id_place"' in html
    described = re.search(r'<input[^>]*aria-describedby="([^"]+)"', html).group(1).split()
    assert described == ["id_place_helptext", "id_place_error"]
    assert all(f'id="{name}"' in html for name in described)
    assert 'aria-invalid="true"' in html


def test_only_optional_fields_carry_a_mark():
    form = VisitForm()
    assert "facultatif" not in render("{% field form.place %}", form=form)
    assert "facultatif" in render("{% field form.seats %}", form=form)


def test_a_hint_replaces_the_help_and_an_empty_one_leaves_no_dangling_reference():
    html = render("{% field form.place hint='Au calme.' %}", form=VisitForm())
    assert "Au calme." in html
    assert "La salle" not in html
    assert "aria-describedby" not in render("{% field form.place hint='' %}", form=VisitForm())


def test_a_scale_is_a_group_with_a_legend_and_one_label_a_step():
    html = render("{% field form.rating variant='scale' %}", form=VisitForm({}))
    assert "<legend>Appréciation" in html
    assert html.count("<label") == html.count('type="radio"') == 2
    assert re.search(r'<fieldset[^>]*aria-describedby="id_rating_error"', html)


def test_the_summary_of_a_refused_form_counts_and_links_to_what_exists():
    html = render("{% form_fields form %}", form=VisitForm({"seats": "x"}))
    assert "3 corrections à faire" in html
    links = re.findall(r'href="#([^"]+)"', html)
    assert len(links) == 3
    assert all(f'id="{link}"' in html for link in links)


def test_a_clean_form_has_no_summary():
    assert "correction" not in render("{% form_fields form %}", form=VisitForm())


# --- Navigation and dialogs


def test_pages_keep_the_filters_and_the_current_one_is_named():
    request = RequestFactory().get("/liste/?statut=late&page=2")
    html = render("{% pagination page unit='visites' %}", page=Paginator(range(120), 50).page(2), request=request)
    assert 'href="?statut=late&amp;page=1"' in html
    assert 'href="?statut=late&amp;page=3"' in html
    assert "51 à 100 sur 120 visites" in html
    assert html.count("aria-current") == 1


def test_a_single_page_shows_its_count_and_no_link():
    html = render("{% pagination page %}", page=Paginator(range(3), 50).page(1))
    assert "1 à 3 sur 3" in html
    assert "<a " not in html


def test_two_confirmations_on_a_page_open_each_its_own_dialog():
    html = render(
        "{% confirm url='/a/' label='A' %}a{% endconfirm %}{% confirm url='/b/' label='B' %}b{% endconfirm %}"
    )
    dialogs = re.findall(r'<dialog id="([^"]+)"', html)
    assert len(set(dialogs)) == 2
    assert all(html.count(f'popovertarget="{name}"') == 2 for name in dialogs)
    assert html.count('method="post"') == 2


def test_a_confirmation_carries_the_token_of_the_page():
    assert 'value="jeton"' in render("{% confirm url='/a/' label='A' %}a{% endconfirm %}", csrf_token="jeton")


def test_the_frame_marks_where_one_is_and_works_without_a_signed_in_person():
    nav = [SimpleNamespace(label="Visites", url="/visites/", icon="clipboard", current=True)]
    html = render_to_string("base.html", {"nav": nav})
    assert html.count('aria-current="page"') == 3  # rail, bottom bar, "Plus"
    assert html.count("<h1>") == html.count("<main") == 1
    assert 'href="#contenu"' in html
    assert "deconnexion" not in html


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_written_by_the_server(theme):
    assert f'data-theme="{theme}"' in render_to_string("base.html", {"theme": theme})


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "500.html"])
def test_an_error_page_needs_no_context_and_says_what_was_kept(name):
    html = render_to_string(name)
    assert html.count("<h1>") == 1
    assert re.search(r"[Rr]ien n’a été|Ce qui était enregistré avant l’est toujours", html)
    assert 'href="/static/css/ronde.css"' in html


# --- Contracts and files


def without_comments(path):
    return re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(), flags=re.DOTALL)


def test_every_component_has_its_tag_or_its_includer():
    included = "".join(without_comments(path) for path in PAGES)
    orphans = {
        path.name
        for path in COMPONENTS.glob("*.html")
        if path.stem not in ui.register.tags and f'"components/{path.name}"' not in included
    }
    assert orphans <= {"figure.html"}  # included by the pages that draw a chart


def test_every_component_opens_with_its_contract():
    for path in COMPONENTS.glob("*.html"):
        contract = re.match(r"\{% comment %\}(.+?)\{% endcomment %\}", path.read_text(), re.DOTALL)
        assert contract, f"{path.name} has no contract"
        assert len(contract.group(1).strip().splitlines()) >= 2, f"{path.name}: two lines"


def test_every_icon_named_in_a_template_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', SPRITE))
    for path in PAGES:
        source = without_comments(path)
        named = re.findall(r"\{% icon \"([^\"]+)\"", source) + re.findall(r"icon_name=\"([^\"]+)\"", source)
        assert set(named) <= drawn, path.name
    assert set(ui.TONE_ICONS.values()) <= drawn


def test_no_template_writes_a_style_a_script_or_a_handler_inline():
    for path in PAGES:
        source = path.read_text()
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|<script(?![^>]*\ssrc=)", source), path.name


def test_no_address_is_fetched_from_elsewhere():
    for source in [CSS, SPRITE, *(path.read_text() for path in (STATIC / "js").glob("*.js"))]:
        assert not re.search(r"(https?:)?//(?!www\.w3\.org)[a-z0-9-]+\.[a-z]{2,}", source)


def test_the_first_view_weighs_at_most_60_kb():
    fonts = [STATIC / "fonts" / f"atkinson-next-latin-{weight}-normal.woff2" for weight in (400, 600)]
    weight = {
        name: len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in ("css/ronde.css", "icons/sprite.svg")
    }
    script = len(gzip.compress((STATIC / "js" / "app.js").read_bytes(), 9))
    assert weight["css/ronde.css"] <= 14_000
    assert script <= 3_000
    page = 12_000  # a generous compressed page
    assert sum(weight.values()) + script + sum(path.stat().st_size for path in fonts) + page <= 60_000


def test_the_typeface_has_the_french_spaces():
    ttlib = pytest.importorskip("fontTools.ttLib")
    for path in (STATIC / "fonts").glob("atkinson-next-latin-[46]*.woff2"):
        with ttlib.TTFont(path) as font:
            widths = {code: font["hmtx"][font.getBestCmap()[code]][0] for code in (0x20, 0xA0, 0x202F)}
        assert 0 < widths[0x202F] < widths[0x20] == widths[0xA0], path.name


# --- Contrast (WCAG 1.4.3: 4.5 for text, 1.4.11: 3 for edges)


def luminance(colour):
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def tokens(theme, colour=""):
    """The colours of a theme, those of a pack over the defaults."""
    index = 1 if theme == "dark" else 0
    pairs = r"--([\w-]+): light-dark\((#\w+), (#\w+)\)"
    rules = [CSS[: CSS.index(":root[data-theme")]]
    if colour:
        rules.append(" ".join(text for _, text in declarations(colour)))
    return {name: values[index] for rule in rules for name, *values in re.findall(pairs, rule)}


TEXT_PAIRS = [
    *(
        (text, ground)
        for text in ("ink", "muted", "primary", "primary-strong")
        for ground in ("paper", "surface", "raised")
    ),
    *((text, "sunken") for text in ("ink", "muted", "primary")),
    ("on-primary", "primary"),
    ("on-primary", "primary-strong"),
    ("primary", "primary-soft"),
    ("primary-strong", "primary-soft"),
    *((tone, f"{tone}-soft") for tone in ui.TONES),
    *((tone, "surface") for tone in ui.TONES),
    *(("ink", f"{tone}-soft") for tone in ui.TONES),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("colour", ["", *sorted({load_pack(slug)[0].colour for slug in available_packs()})])
def test_every_text_is_legible_in_both_themes_and_every_pack(theme, colour):
    assert legible(theme, colour) == {}


@given(colour=st.integers(0, 0xFFFFFF).map("#{:06x}".format))
def test_a_colour_of_a_collectivité_is_refused_or_legible_everywhere(colour):
    if min(contrast(colour, ground) for ground in ("#ffffff", "#f4efe7")) < 4.5:
        with pytest.raises(Illegible, match="plus foncée"):
            list(declarations(colour))
    else:
        assert legible("light", colour) == legible("dark", colour) == {}


def legible(theme, colour):
    """The pairs that are not."""
    colours = tokens(theme, colour)
    faint = {(a, b): contrast(colours[a], colours[b]) for a, b in TEXT_PAIRS}
    return {pair: round(ratio, 2) for pair, ratio in faint.items() if ratio < 4.5}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_focus_and_curves_are_visible_in_both_themes(theme):
    colours = tokens(theme)
    names = ["edge", "focus", "accent", *(f"series-{i}" for i in range(1, 7))]
    assert [name for name in names if contrast(colours[name], colours["surface"]) < 3] == []
