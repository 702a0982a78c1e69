"""The two sheets side by side, and what they are worth: agreement, Cohen's kappa, an honest sentence. One reading."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from core.french import counted, number, percent

from ..models import DoubleAnswer, DoubleRating, Observation
from ..reviews.agreement import Agreement, agreement, agreement_by_item

NEUTRAL = Observation.Rating.NOT_OBSERVED
LABELS = dict(Observation.Rating.choices)
SMALL = 30  # below, kappa moves too much with one answer to be read as a measure


@dataclass(frozen=True)
class Line:
    """One point: what each said, why, what was retained."""

    point: object
    first: str
    second: str
    first_note: str
    second_note: str
    agrees: bool


@dataclass(frozen=True)
class ItemAgreement:
    """One point over all compared ratings of a perimeter."""

    key: str
    label: str
    n: int
    observed: Fraction | None
    kappa: Fraction | None
    sentence: str

    @property
    def to_discuss(self) -> bool:
        return Agreement(self.n, self.observed, None, self.kappa).to_discuss


def lines_of(double, user) -> list[Line]:
    """The comparison; empty as long as one sheet is missing, since the answers are then not readable."""
    if not double.is_compared:
        return []
    said = defaultdict(dict)
    for answer in DoubleAnswer.objects.readable_by(user).filter(point__double=double):
        said[answer.point_id][answer.rater_id] = answer
    made = []
    for point in double.points.all():
        first, second = (said[point.pk][rater] for rater in (double.first_id, double.second_id))
        texts = first.get_rating_display(), second.get_rating_display(), first.note, second.note
        made.append(Line(point, *map(str, texts), agrees=first.rating == second.rating))
    return made


def of_one(lines) -> Agreement:
    """Over the points of one rating; « non observé » by either is neutral and leaves the count."""
    neutral = str(LABELS[NEUTRAL])
    return agreement([(one.first, one.second) for one in lines if neutral not in (one.first, one.second)])


def by_item(doubles) -> list[ItemAgreement]:
    """Each point over all compared ratings, the least agreed first. One query."""
    pairs, labels, halves = defaultdict(list), {}, {}
    rows = (
        DoubleAnswer.objects.filter(point__double__in=doubles.compared().order_by().values("pk"))
        .order_by("point__double", "point", "rater")
        .values_list("point", "point__key", "point__label", "rating")
    )
    for point, key, label, rating in rows:
        labels[key] = label
        if point in halves:
            pair = (halves.pop(point), rating)
            if NEUTRAL not in pair:
                pairs[key].append(pair)
        else:
            halves[point] = rating
    return [
        ItemAgreement(key, labels[key], one.n, one.observed, one.kappa, honest(one))
        for key, one in agreement_by_item(pairs).items()
    ]


def overall(doubles) -> Agreement:
    rows = DoubleAnswer.objects.filter(point__double__in=doubles.compared().order_by().values("pk"))
    found = defaultdict(list)
    for point, rating in rows.order_by("point", "rater").values_list("point", "rating"):
        found[point].append(rating)
    return agreement([tuple(pair) for pair in found.values() if len(pair) == 2 and NEUTRAL not in pair])


def kappa_said(kappa: Fraction | None) -> str:
    return "—" if kappa is None else number(kappa, 2)


def honest(one: Agreement) -> str:
    """What the figures are worth, in one sentence: a small number is an exchange, not a measure."""
    if not one.n:
        return "Aucun point coté par les deux\u00a0: rien à mesurer."
    share = f"Accord sur {percent(one.observed, 0)} ({counted(one.n, 'point coté', 'points cotés')} par les deux)"
    if one.kappa is None:
        return f"{share}. Une seule appréciation a servi\u00a0: le κ ne se calcule pas."
    text = f"{share}, κ de {kappa_said(one.kappa)}"
    if one.n < SMALL:
        moved = percent(Fraction(1, one.n), 0)
        return (
            f"{text}. Avec si peu de cotations, une seule réponse déplace l’accord de {moved}\u00a0: "
            "c’est un appui pour en parler, pas une mesure."
        )
    return f"{text}, corrigé de l’accord dû au hasard."


def waiting_for(double: DoubleRating) -> list[str]:
    """Who has not handed in yet: that much is known to all, and nothing more."""
    pairs = [(double.first, double.first_submitted_at), (double.second, double.second_submitted_at)]
    return [str(person) for person, at in pairs if at is None]
