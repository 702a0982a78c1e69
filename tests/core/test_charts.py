"""Charts are read by people, by screen readers and by the PDF engine: each gets what it needs."""

import itertools
import os
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.template import engines
from django.template.loader import render_to_string
from hypothesis import example, given
from hypothesis import strategies as st

from core.charts import (
    TONES,
    Cell,
    Figure,
    Series,
    Span,
    Svg,
    bar_chart,
    heatmap,
    lever_bars,
    line_chart,
    sparkline,
    stacked_bar,
    timeline,
)
from core.charts.lines import STROKES
from core.charts.scales import axis, nice_ticks, number, quantity

NS = "{http://www.w3.org/2000/svg}"
ROOT = Path(__file__).parents[2]
HOSTILE = "<script>alert(1)</script>\"' & \x00\x1e\x1f\ud800 ]]> url(#x)"
WORDS = {"good": "à jour", "watch": "à surveiller", "alert": "en retard"}


def charts(label="Crèche Les Lilas", **options):
    """One drawing of each kind, `label` wherever a text may go."""
    months = [label, "avr.", "mai"]
    spans = [Span(label, date(2026, 1, 5), None, label, "watch"), Span("b", date(2026, 2, 1), date(2026, 2, 1), label)]
    return {
        "line": line_chart(
            [Series(label, [70.1, None, 74.2]), Series("Pôle", [60, 61, 62])],
            months, title=label, desc=label, unit="%", threshold=(70, label), provisional=[2], **options,
        ),
        "bars": bar_chart(months, [1200, None, 30.5], title=label, unit="h", provisional=[2], **options),
        "columns": bar_chart(months, [12, None, 30.5], title=label, unit="ETP", horizontal=False, **options),
        "stack": stacked_bar(months, [(label, [1, 2, None]), ("b", [3, 4, None])], title=label, unit="ETP", **options),
        "levers": lever_bars(0.9, 0.9007, 0.9, title=label, desc=label, **options),
        "heatmap": heatmap(
            [label, "b"], ["mars", label], [[Cell("good"), None], [Cell("alert", label), Cell("watch", "12")]],
            tones=dict(WORDS, good=label), title=label, **options,
        ),
        "timeline": timeline(
            spans, starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30), today=date(2026, 3, 17),
            tones={"watch": label, "info": "visite"}, title=label, **options,
        ),
    }  # fmt: skip


KINDS = sorted(charts())
DRAWN = {"svg", "title", "desc", "defs", "pattern", "rect", "path", "line", "circle", "text", "g"}


def texts(drawing):
    return [node.text for node in ElementTree.fromstring(drawing).iter(f"{NS}text")]


def colours(drawing):
    return set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', drawing))


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_valid_xml_and_names_itself(kind, compact):
    tree = ElementTree.fromstring(charts(compact=compact)[kind])
    ids = {node.get("id"): node for node in tree.iter() if node.get("id")}
    assert tree.get("role") == "img"
    assert [ids[name].tag for name in tree.get("aria-labelledby").split()][0] == f"{NS}title"
    assert tree.find(f"{NS}title").text == "Crèche Les Lilas"
    assert tree.get("viewBox") == f"0 0 {tree.get('width')} {tree.get('height')}"
    assert tree.get("width") == ("320" if compact else "640")


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_passes_the_strict_policy(kind):
    assert not re.search(r"style=|<style|<script|\bon\w+=|<image|http(?!://www\.w3\.org/2000/svg)", charts()[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_label_stays_text(kind):
    drawing = charts(HOSTILE)[kind]
    tree = ElementTree.fromstring(drawing)
    assert tree.find(f"{NS}title").text == "<script>alert(1)</script>\"' &  ]]> url(#x)"
    assert not any(node.tag.endswith("script") for node in tree.iter())
    assert {node.tag.removeprefix(NS) for node in tree.iter()} <= DRAWN


@pytest.mark.parametrize("kind", KINDS)
def test_every_reference_points_to_an_id_of_the_same_drawing(kind):
    drawing = charts(prefix="fiche-12")[kind]
    ids = re.findall(r' id="([^"]+)"', drawing)
    assert len(ids) == len(set(ids))
    assert all(one.startswith("fiche-12-") for one in ids)
    assert set(re.findall(r"url\(#([^)]+)\)", drawing)) <= set(ids)
    assert "\x1e" not in drawing


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_is_smaller_than_twelve_pixels_on_a_phone(kind):
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', charts(compact=True)[kind])]
    assert sizes
    assert min(sizes) >= 12


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_drawn_outside_the_frame(kind):
    for compact in (False, True):
        tree = ElementTree.fromstring(charts(compact=compact)[kind])
        width = float(tree.get("width"))
        for node in tree.iter(f"{NS}text"):
            length = len(node.text) * float(node.get("font-size")) * 0.5
            shift = {"middle": length / 2, "end": length}.get(node.get("text-anchor"), 0)
            in_legend = node.get("x") == "26"
            assert in_legend or -1 <= float(node.get("x")) - shift <= width - length + 1, node.text


def test_the_same_drawing_has_the_same_bytes_in_every_process():
    code = "from tests.core.test_charts import charts; print(sorted(charts().items()))"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
        ).stdout
        for seed, zone in (("1", "UTC"), ("42", "Asia/Tokyo"))
    }  # fmt: skip
    assert len(outputs) == 1


def test_two_different_drawings_of_a_page_have_different_ids():
    prefixes = {re.search(r' id="(g[0-9a-f]{8})-t"', drawing).group(1) for drawing in charts().values()}
    assert len(prefixes) == len(KINDS)


def test_a_chart_without_a_title_or_with_an_odd_prefix_is_refused():
    with pytest.raises(ValueError, match="titre"):
        lever_bars(1, 1, 1, title=" ")
    with pytest.raises(ValueError, match="Préfixe"):
        lever_bars(1, 1, 1, title="Leviers", prefix='x" onload="')


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("ground", ["#ffffff", "#faf7f2", "#1a2226", "#12181b"])
@pytest.mark.parametrize("colour", sorted({stroke[0] for stroke in STROKES} | {t.colour for t in TONES.values()}))
def test_every_colour_is_seen_on_light_and_on_dark_surfaces(colour, ground):
    light, dark = sorted((luminance(colour), luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3


def test_colour_is_never_the_only_sign():
    assert len({stroke[1:] for stroke in STROKES}) == len(STROKES)
    assert len({stroke[2] for stroke in STROKES}) == len(STROKES)
    assert len({tone.shape for tone in TONES.values()}) == len(TONES)


def test_a_gap_is_never_bridged():
    drawing = line_chart([Series("a", [1, 2, None, 3, 4])], list("abcde"), title="t", unit="")
    curves = [n for n in ElementTree.fromstring(drawing).iter(f"{NS}path") if n.get("stroke-width") == "2.2"]
    assert [curve.get("d").count("L") for curve in curves] == [1, 1, 1]  # the legend's sample, then two stretches
    assert sparkline([1, 2, None, 3, 4], label="x").count("<path") == 2


def test_a_lone_point_between_two_gaps_is_still_seen():
    values = [1.0] * 30 + [None, 5, None] + [1.0] * 3
    drawing = line_chart([Series("a", values)], [str(i) for i in range(36)], title="t", unit="")
    circles = list(ElementTree.fromstring(drawing).iter(f"{NS}circle"))
    assert len(circles) == 4  # the legend, the first, the last and the lone one


def test_data_that_is_not_validated_is_hatched_and_said():
    drawing = bar_chart(["a", "b"], [1, 2], title="t", unit="", provisional=[1])
    assert "non validé" in texts(drawing)
    assert drawing.count(' chart-provisional"') == 1
    assert "<pattern" in drawing
    assert "<pattern" not in bar_chart(["a", "b"], [1, 2], title="t", unit="")


def test_a_missing_bar_says_so_and_draws_nothing():
    drawing = bar_chart(["Jourdain"], [None], title="t", unit="%")
    assert "non renseigné" in texts(drawing)
    assert "chart-bar" not in drawing


@pytest.mark.parametrize("empty", [[], [None, None]])
def test_an_empty_chart_says_there_is_nothing(empty):
    labels = [str(i) for i in range(len(empty))]
    assert "Aucune donnée sur la période" in texts(line_chart([Series("a", empty)], labels, title="t", unit="%"))
    for horizontal in (True, False):
        drawing = bar_chart(labels, empty, title="t", unit="%", horizontal=horizontal)
        assert "Aucune donnée sur la période" in texts(drawing)


def test_axes_are_written_in_french():
    assert quantity(60, "%") == "60\u202f%"
    assert quantity(1200, "h") == "1\u202f200\u00a0h"
    assert quantity(None, "%") == "—"
    assert [number(v) for v in (0, -0.001, 74.2, -3.25, 0.1 + 0.2)] == ["0", "0", "74,2", "−3,25", "0,3"]
    assert "1\u202f500\u00a0h" in texts(bar_chart(["a"], [1234], title="t", unit="h", horizontal=False))


@example(one=-1e9, other=-999999999.9999999, count=2)
@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.integers(2, 8))
def test_ticks_enclose_the_data_at_equal_steps(one, other, count):
    low, high = sorted((one, other))
    ticks = nice_ticks(low, high, count)
    steps = [b - a for a, b in itertools.pairwise(ticks)]
    slack = 1e-6 * max(1, abs(low), abs(high))
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    assert 1 <= len(steps) <= count + 2
    assert max(steps) - min(steps) <= slack


def test_given_bounds_widen_the_axis_and_never_cut_a_value():
    assert axis([70, 108], 0, 100)[-1] >= 108
    assert axis([70], 60, 80)[0] == 60
    assert axis([70, None], None, None)[0] == 0


def test_exact_numbers_are_drawn_like_floats():
    exact = sparkline([Fraction(1, 2), Decimal("0.75")], label="x")
    assert exact == sparkline([0.5, 0.75], label="x")


def test_infinite_and_undefined_numbers_are_gaps():
    assert sparkline([1, float("nan"), 2], label="x") == sparkline([1, None, 2], label="x")
    assert sparkline([1, float("inf"), 2], label="x") == sparkline([1, None, 2], label="x")


def test_a_sparkline_has_no_id_so_that_a_list_may_hold_hundreds():
    drawing = sparkline([70.1, 74.2], label="de 70,1 à 74,2 %")
    tree = ElementTree.fromstring(drawing)
    assert tree.get("aria-label") == tree.find(f"{NS}title").text == "de 70,1 à 74,2 %"
    assert " id=" not in drawing
    assert len(sparkline(range(24), label="x")) < 900


def test_a_sparkline_without_words_is_refused():
    with pytest.raises(ValueError, match="libellé"):
        sparkline([1, 2], label="")


def test_levers_show_what_each_step_loses_and_name_the_weakest():
    drawing = lever_bars(0.9, 0.8, 0.95, title="Leviers")
    shown = texts(drawing)
    assert shown[shown.index("×\u00a080,0\u202f%") + 1] == "levier le plus faible"
    assert "68,4\u202f%" in shown  # 0.9 × 0.8 × 0.95 (decision 10)
    assert drawing.count(' chart-loss"') == 3


def test_levers_stop_at_the_first_unknown_factor():
    shown = texts(lever_bars(0.9, None, 0.95, title="Leviers"))
    assert shown[-1] == "—"
    assert texts(lever_bars(0.9, None, 0.95, attendance=0.5, title="Leviers"))[-1] == "50,0\u202f%"


def test_an_admission_above_one_is_a_gain_without_a_loss():
    drawing = lever_bars(1, 1.08, 1, title="Leviers")
    assert "chart-loss" not in drawing
    assert "levier le plus faible" not in drawing


def test_a_stack_prints_its_total_and_refuses_a_negative_part():
    assert "14,5\u00a0ETP" in texts(stacked_bar(["a"], [("x", [12]), ("y", [2.5])], title="t", unit="ETP"))
    with pytest.raises(ValueError, match="négative"):
        stacked_bar(["a"], [("x", [-1])], title="t", unit="")


def test_every_cell_of_a_heatmap_holds_a_sign_besides_its_colour():
    drawing = heatmap(["a"], ["m1", "m2", "m3"], [[Cell("good"), Cell("alert"), None]], tones=WORDS, title="t")
    body = drawing.split("m3</text>")[1]
    assert body.count("<circle") == 1
    assert body.count("<path") == 1
    assert body.count('stroke-dasharray="2 3"') == 1


def test_a_compact_heatmap_keeps_the_last_months():
    months = [f"m{i}" for i in range(12)]
    drawing = heatmap(["a"], months, [[Cell("good")] * 12], tones=WORDS, title="t", compact=True)
    assert "m11" in texts(drawing)
    assert drawing.count('fill-opacity="0.2"') == 6


def test_a_tone_without_a_legend_is_refused():
    with pytest.raises(ValueError, match="alert"):
        heatmap(["a"], ["m"], [[Cell("alert")]], tones={"good": "à jour"}, title="t")
    with pytest.raises(ValueError, match="info"):
        timeline([Span("a", date(2026, 1, 1), None, "x")], starts_on=date(2026, 1, 1), ends_on=date(2026, 2, 1),
                 tones={}, title="t")  # fmt: skip


def test_a_timeline_leaves_out_what_is_outside_its_window():
    spans = [
        Span("dedans", date(2026, 1, 31), date(2026, 1, 31), "x"),
        Span("avant", date(2025, 1, 1), date(2025, 12, 31), "x"),
        Span("après", date(2026, 2, 1), None, "x"),
    ]
    window = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 1, 31)}
    shown = texts(timeline(spans, **window, tones={"info": "visite"}, title="t"))
    assert "dedans" in shown
    assert not {"avant", "après"} & set(shown)
    with pytest.raises(ValueError, match="avant de commencer"):
        timeline([], starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1), tones={}, title="t")


@pytest.mark.parametrize(
    "broken",
    [
        lambda: line_chart([Series("a", [1])], ["x", "y"], title="t", unit=""),
        lambda: line_chart([Series("a", [1])] * 7, ["x"], title="t", unit=""),
        lambda: bar_chart(["x"], [], title="t", unit=""),
        lambda: stacked_bar(["x"], [("a", [])], title="t", unit=""),
        lambda: stacked_bar(["x"], [("a", [1])] * 7, title="t", unit=""),
        lambda: heatmap(["x"], ["m"], [], tones=WORDS, title="t"),
    ],
)
def test_lengths_that_do_not_match_are_refused(broken):
    with pytest.raises(ValueError, match=r"\.$"):
        broken()


def figure(**changes):
    facts = {
        "title": "Taux de fréquentation", "unit": "%", "period": "mars 2025 – mai 2025",
        "data_date": "données au 4 juin 2025", "n": "13 établissements sur 15",
        "sentence": "La fréquentation monte de 70,1 à 74,2 %.", "svg": charts()["line"],
        "headers": ["Mois", "Les Lilas"], "rows": [["mars", "70,1"], ["avr.", "—"], ["mai", HOSTILE[:25]]],
    }  # fmt: skip
    return Figure(**{**facts, **changes})


def test_the_figure_shows_everything_a_reader_needs():
    html = render_to_string("components/figure.html", {"figure": figure()})
    one = figure()
    for fact in (one.title, one.unit, one.period, one.data_date, one.n, one.sentence, "Voir le tableau"):
        assert fact in html
    assert html.count('<th scope="row">') == 3
    assert html.count("<svg") == 1
    assert "&lt;script&gt;" in html
    assert "<script" not in html


def test_the_figure_holds_the_narrow_drawing_when_there_is_one():
    html = render_to_string("components/figure.html", {"figure": figure(svg_compact=charts(compact=True)["line"])})
    assert html.count("<svg") == 2
    assert "figure-narrow" in html


@pytest.mark.parametrize("part", ["title", "unit", "period", "data_date", "n", "sentence"])
def test_a_figure_without_one_of_its_facts_is_refused(part):
    with pytest.raises(ValueError, match=part):
        figure(**{part: " "})


def test_a_figure_whose_table_does_not_fit_its_headers_is_refused():
    with pytest.raises(ValueError, match="cellule"):
        figure(rows=[["mars"]])


def test_a_template_prints_a_drawing_and_escapes_a_plain_string():
    template = engines["django"].from_string("{{ drawing }}")
    assert template.render({"drawing": Svg("<svg/>")}) == "<svg/>"
    assert template.render({"drawing": "<svg/>"}) == "&lt;svg/&gt;"
