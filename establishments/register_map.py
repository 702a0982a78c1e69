"""The map of the register: outlines of the perimeter, one point a house, the same facts as a table."""

from core import geo
from core.charts import Figure
from core.french import full_date, number
from core.maps import Area, Place, area_map

from .models import TerritoryBoundary
from .vocabulary import words

SIMPLIFY_METRES = 12  # a tenth of a pixel on the widest screen; the outlines of a city weigh a hundred times less
TONES = {
    "info": "ouvert",
    "watch": "places gelées",
    "alert": "direction vacante",
    "neutral": "fermé ou à ouvrir",
}
_outlines = {}  # code -> (imported_at, Geometry): read and simplified once a process and a version of the outline


def perimeter_codes(territories, establishments):
    """Codes under which an outline may have been imported: of the territories, postcodes, INSEE codes of Paris."""
    codes = {territory.code for territory in territories}
    postcodes = {code for territory in territories for code in territory.postcodes.split()}
    postcodes |= {establishment.postcode for establishment in establishments if establishment.postcode}
    paris = {f"751{code[3:]}" for code in postcodes if code.startswith("750")}
    return codes | postcodes | paris


def outlines(codes):
    """(name, Geometry) of the outlines imported for these codes, simplified. Two queries, one when they are known."""
    known = list(TerritoryBoundary.objects.filter(code__in=codes).values_list("code", "name", "imported_at"))
    stale = [code for code, _, imported_at in known if _outlines.get(code, (None,))[0] != imported_at]
    if stale:
        for boundary in TerritoryBoundary.objects.filter(code__in=stale):
            geometry = geo.simplify(geo.parse_geometry(boundary.geometry), SIMPLIFY_METRES)
            _outlines[boundary.code] = (boundary.imported_at, geometry)
    return [(name or code, _outlines[code][1]) for code, name, _ in known if code in _outlines]


def outlines_by_code(codes):
    """{code: Geometry} of the outlines imported for these codes, simplified. As many queries as `outlines`."""
    found = set(codes)
    outlines(found)
    return {code: _outlines[code][1] for code in found if code in _outlines}


def tone_of(establishment, day):
    if not establishment.is_open_on(day):
        return "neutral"
    if establishment.director_family is None:
        return "alert"
    return "watch" if establishment.frozen else "info"


def register_map(establishments, areas, day, *, with_links=True) -> Figure:
    """The figure of annotated rows (`tables.register_rows`) on named outlines."""
    placed = [one for one in establishments if one.latitude is not None]
    points = [
        Place(
            one.name,
            float(one.longitude),
            float(one.latitude),
            tone=tone_of(one, day),
            href=one.get_absolute_url() if with_links else "",
        )
        for one in placed
    ]
    used = {point.tone for point in points}
    tones = {tone: word for tone, word in TONES.items() if tone in used} or {"info": TONES["info"]}
    shapes = [Area(name, geometry, label=name if len(areas) <= 30 else "") for name, geometry in areas]
    title = f"Carte des {words()['establishment'].plural}"
    return Figure(
        title=title,
        unit=f"un point par {words()['establishment'].singular}",
        period=f"le {full_date(day)}",
        data_date="registre du jour",
        n=f"{number(len(placed))} sur {words()['establishment'].counted(len(establishments))} avec une position",
        sentence=sentence(points, areas),
        svg=area_map(shapes, points, tones=tones, title=title, prefix="carte"),
        svg_compact=area_map(shapes, points, tones=tones, title=title, prefix="carte-c", compact=True),
        headers=[words()["establishment"].cap, "Adresse", "État"],
        rows=[[one.name, one.address or "—", TONES[tone_of(one, day)]] for one in establishments],
    )


def sentence(points, areas):
    """What the map says, in one sentence."""
    counts = {tone: sum(point.tone == tone for point in points) for tone in ("watch", "alert")}
    term = words()["establishment"]
    parts = [
        f"{term.counted(counts['alert'])} sans direction",
        f"{term.counted(counts['watch'])} avec des places gelées",
    ]
    outline = (
        "" if areas else " Les contours des territoires ne sont pas importés\u00a0: seuls les points sont montrés."
    )
    return f"Sur la carte\u00a0: {parts[0]}, {parts[1]}.{outline}"
