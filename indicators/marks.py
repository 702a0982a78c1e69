"""Signs beside a number: hatches and a word for what is not validated, a curve for where it comes from."""

from collections.abc import Sequence
from fractions import Fraction

from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.charts import Svg, sparkline
from core.charts.svg import el
from core.french import percent

NOT_VALIDATED = "non validé"
# Strokes rather than a pattern: a pattern needs an id, and a page may hold five hundred of these.
HATCHES = "M0 6L6 0M0 12L12 0M4 14L18 0M10 14L20 4M16 14L20 10"


def hatch() -> Svg:
    """A hatched square that says « non validé » without colour."""
    return Svg(
        el(
            "svg",
            el("rect", x=0.5, y=0.5, width=19, height=13, fill="none", stroke="currentColor", stroke_opacity="0.6"),
            el("path", d=HATCHES, fill="none", stroke="currentColor", stroke_width="1.5"),
            xmlns="http://www.w3.org/2000/svg",
            class_="tone-watch",
            aria_hidden="true",
            width=20,
            height=14,
            viewBox="0 0 20 14",
        )
    )


def unvalidated(text: str) -> SafeString:
    """The number, hatched and said to be not validated."""
    return format_html('{} {}<span class="sub">{}</span>', hatch(), text, NOT_VALIDATED)


def trend(rates: Sequence[Fraction | None]) -> SafeString:
    """A small curve over the months, told in words: "de 70,1 % à 74,2 %"."""
    known = [rate for rate in rates if rate is not None]
    label = f"de {percent(known[0])} à {percent(known[-1])}" if known else "aucune donnée"
    drawn = sparkline([None if rate is None else float(rate) for rate in rates], label=label)
    return SafeString(drawn)  # a list escapes what is not a SafeString; the drawing cleaned its own texts


def linked(text: str, url: str, label: str) -> str:
    """The number, which opens on what it is made of; as it is when there is nothing to open."""
    if not url:
        return text
    return format_html(
        '<a class="rate" href="{}" data-panel>{}<span class="visually-hidden"> %, expliquer, {}</span></a>',
        url,
        text,
        label,
    )
