"""What the page of the PSU says in words: the figures of the year, then what deserves a look."""

from fractions import Fraction

from core.french import NBSP, euros, hours, percent, points

from .psu import PEDAGOGICAL_DAYS, THRESHOLD, excess_hours, is_near_threshold, to_next_threshold
from .psu_year import PsuYear


def stats(found: PsuYear) -> list[dict[str, str | None]]:
    """The figures of the year, in words."""
    total, rate = found.total, found.total.activity.billing_rate
    projected = found.projected.billing_rate if found.projected else None
    paid = euros(found.pedagogical_amount) if found.pedagogical_amount is not None else found.pedagogical_why
    priced = f"prix {total.band_label}, {total.state}" if rate is not None else total.state
    tone = total.tone if total.tone != "neutral" else None
    return [
        _stat(f"Taux de facturation {found.year}", percent(rate, 2), priced, tone=tone, url=total.url),
        _stat("Prix plafond de l’heure", euros(total.price, 4), "valeur du barème inconnue" if total.why else ""),
        _stat("PSU et familles, au plus", euros(total.most, 0), "66\u202f% du plafond × heures facturées"),
        _stat("Projection à fin décembre", percent(projected, 2), _projection(found)),
        _stat(
            "Journées pédagogiques",
            f"{found.pedagogical} sur {PEDAGOGICAL_DAYS}",
            paid if found.pedagogical else "",
        ),
    ]


def _stat(label, value, note, *, tone=None, url=None):
    return {"label": label, "value": value, "note": note, "tone": tone, "url": url}


def notices(found: PsuYear) -> list[tuple[str, str]]:
    """(tone, sentence): wrong boxes, threshold passed or near, what is not known."""
    told = [("alert", f"{line.name}{NBSP}: {_lower(remark)}") for line in found.months for remark in line.remarks]
    rate, linear = found.total.activity.billing_rate, found.total.linear
    if rate is not None and rate > THRESHOLD:
        told.append(("watch", _passed(found)))
    if is_near_threshold(rate, linear=linear):
        mark, left = to_next_threshold(rate, linear=linear)
        told.append(("watch", f"Le seuil de {percent(mark, 0)} est à {points(left, 2).removeprefix('+').strip()}."))
    projected = found.projected.billing_rate if found.projected else None
    if rate is not None and rate <= THRESHOLD < (projected or Fraction(0)):
        told.append(("watch", f"L’année finirait à {percent(projected, 2)}, au-dessus de {percent(THRESHOLD, 0)}."))
    whys = dict.fromkeys(line.why for line in found.lines if line.why)
    return [*told, *(("info", why) for why in whys)]


def _projection(found):
    if found.projected is None:
        return "mois de l’an passé manquants"
    return f"mois manquants comme en {found.year - 1}" if found.is_partial else "année complète"


def _passed(found):
    over = hours(excess_hours(found.total.activity))
    lost = f", soit au plus {euros(found.lost, 0)} de moins" if found.lost else ""
    return (
        f"{over} facturées au-delà de {percent(THRESHOLD, 0)} des heures réalisées{lost}. "
        "Levier\u00a0: des contrats plus proches des présences."
    )


def _lower(sentence):
    return sentence[:1].lower() + sentence[1:]
