"""The three levers of the attendance rate, as steps down from the authorised hours."""

from collections.abc import Sequence
from typing import Unpack

from core.charts import svg
from core.charts.lines import series_ink
from core.charts.scales import Scale, finite, quantity

RATE = "Fréquentation"
TIMES = "×\u00a0"
LEVERS = ("Ouverture", "Admission", "Assiduité")


def lever_bars(
    opening: float | None,
    admission: float | None,
    assiduity: float | None,
    *,
    attendance: float | None = None,
    **frame: Unpack[svg.Frame],
) -> svg.Svg:
    """attendance = opening × admission × assiduity (decision 10), as the steps from the authorised hours down.

    Factors are ratios (0.9 = 90 %); each bar is what is left after the step, the hatch what the step loses, and
    the weakest lever is named. A missing factor stops the steps: what follows cannot be known.
    `attendance` is the measured rate, shown last; without it the product is shown where its factors are known.
    """
    factors = [finite(factor) for factor in (opening, admission, assiduity)]
    width, size = svg.sheet(frame)
    losing = [factor for factor in factors if factor is not None and factor < 1]
    weakest = factors.index(min(losing)) if losing else None
    reach = reached(factors)
    measured = finite(attendance) if attendance is not None else (reach[3] if len(reach) == 4 else None)
    left = svg.text_width(RATE, size * svg.BOLD) + 8
    right = width - svg.text_width("× 100,0 %", size * svg.BOLD) - 10
    x = Scale(0, max(1.0, *reach, measured or 0), left, right)
    body, y = [], 6.0
    for index, (name, factor) in enumerate(zip(LEVERS, factors, strict=True)):
        body.append(figure(name, factor, x(max(reach[index : index + 2], default=0)), x(0), y, size, sign=TIMES))
        if index + 1 < len(reach):
            body += step(reach[index], reach[index + 1], x, y)
        if index == weakest:
            body.append(svg.text(x(0), y + 23 + size, "levier le plus faible", size=size))
        y += 44 if index == weakest else 34
    body.append(svg.line(2, y, width - 2, y, stroke_opacity="0.3"))
    body.append(figure(RATE, measured, x(measured or 0), x(0), y + 6, size, weight="600"))
    body.append(svg.rect(x(0), y + 9, x(measured or 0) - x(0), 20, fill="currentColor", **series_ink(2)))
    return svg.document(body, height=y + 44, defs=[svg.hatch("loss", "rising", svg.tone_ink("watch"))], **frame)


def reached(factors: Sequence[float | None]) -> list[float]:
    """What is left of the authorised hours before the first step and after each known one."""
    reach = [1.0]
    for factor in factors:
        if factor is None:
            break
        reach.append(reach[-1] * factor)
    return reach


def step(before: float, after: float, x: Scale, y: float) -> list[str]:
    """The bar of what is left and, hatched, of what the step loses."""
    drawn = [svg.rect(x(0), y + 3, x(after) - x(0), 20, fill="currentColor", **series_ink(0))]
    if before > after:
        loss = svg.ink(svg.TONES["watch"].colour, "tone-watch chart-loss")
        drawn.append(
            svg.rect(x(after), y + 3, x(before) - x(after), 20, fill=svg.ref("loss"), stroke="currentColor", **loss)
        )
    return drawn


def figure(
    name: str,
    factor: float | None,
    end: float,
    start: float,
    y: float,
    size: float,
    *,
    sign: str = "",
    weight: str | None = None,
) -> str:
    """The name of the rate before its bar and the rate itself after it."""
    shown = quantity(None if factor is None else factor * 100, "%", 1)
    label = svg.text(start - 8, y + 18, name, size=size, anchor="end", font_weight=weight)
    return label + svg.text(
        end + 6, y + 18, f"{sign if factor is not None else ''}{shown}", size=size, font_weight="600"
    )
