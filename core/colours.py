"""The shades that follow from one colour of a collectivité, legible in both themes. Pure.

Contrast after WCAG 2.1 (RGAA 3.2): 4.5 to 1 for text. The grounds are those of static/css/ronde.css.
"""

import colorsys
from collections.abc import Iterator
from dataclasses import dataclass

TEXT = 4.5
ON_DARK = 7.0
WHITE, BLACK = "#ffffff", "#000000"
LIGHT_GROUND = "#f4efe7"  # the darkest ground of the light theme
DARK_GROUND = "#212b30"  # the lightest ground of the dark theme
DARK_SURFACE = "#1a2226"
STEPS = 100


class Illegible(ValueError):
    """The colour is not one, or no text in it can be read; the message is in French."""


@dataclass(frozen=True)
class Shades:
    """One theme: text and buttons, the same when pointed at, text on a button, the quiet ground of a chosen line."""

    primary: str
    strong: str
    on: str
    soft: str


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue (0–255) of "#rrggbb". Raises Illegible."""
    digits = colour.removeprefix("#")
    if not colour.startswith("#") or len(digits) != 6:
        raise Illegible(f"«\u00a0{colour}\u00a0» n’est pas une couleur de la forme #123abc.")
    try:
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    except ValueError:
        raise Illegible(f"«\u00a0{colour}\u00a0» n’est pas une couleur de la forme #123abc.") from None


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.1, from 0 (black) to 1 (white)."""
    parts = [part / 255 for part in channels(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """`one` with `share` (0–1) of `other`."""
    blended = (round(a + (b - a) * share) for a, b in zip(channels(one), channels(other), strict=True))
    return "#" + "".join(f"{part:02x}" for part in blended)


def lightened(colour: str) -> Iterator[str]:
    """`colour` and its paler selves, hue and saturation kept, up to white."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in channels(colour)))
    for step in range(STEPS + 1):
        parts = colorsys.hls_to_rgb(hue, lightness + (1 - lightness) * step / STEPS, min(saturation, 0.7))
        yield "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _until_legible(start: str, towards: str, against: str, least: float, first: int = 0) -> str:
    """The first of the mixes of `start` with `towards`, from `first` hundredths on, that reads on `against`."""
    found = (mix(start, towards, step / STEPS) for step in range(first, STEPS + 1))
    return next((colour for colour in found if contrast(colour, against) >= least), towards)


def shades(colour: str) -> tuple[Shades, Shades]:
    """Those of the light and of the dark theme. Raises Illegible when the colour is too pale for text on white."""
    ratio = contrast(colour, LIGHT_GROUND)
    if ratio < TEXT:
        shown = f"{ratio:.1f}".replace(".", ",")
        raise Illegible(
            f"La couleur {colour} est trop claire pour du texte sur fond clair\u00a0: contraste {shown}, "
            "4,5 au moins. Prenez-la plus foncée."
        )
    light = Shades(colour, mix(colour, BLACK, 0.28), WHITE, _until_legible(colour, WHITE, colour, TEXT, first=90))
    primary = next(paler for paler in lightened(colour) if contrast(paler, DARK_GROUND) >= ON_DARK)
    dark = Shades(
        primary,
        mix(primary, WHITE, 0.45),
        _until_legible(mix(colour, BLACK, 0.5), BLACK, primary, TEXT),
        _until_legible(mix(colour, DARK_SURFACE, 0.5), DARK_SURFACE, primary, TEXT),
    )
    return light, dark
