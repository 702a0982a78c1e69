"""The campaign on the screen: each coordinator's months, what one more move would do (S-028)."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from core.calendar import add_months, month_start
from core.french import counted, month_name, sentence_list
from core.models import User
from core.periods import active_on
from establishments.models import Capability, Mandate, Role, SectorAttachment
from establishments.workflow import transition

from ..models import FunctioningReview
from . import campaign

HORIZON = 36
SHOWN = 12
NOBODY = 0


@dataclass(frozen=True)
class Cell:
    """One month of one coordinator."""

    month: date
    reviews: tuple
    capacity: int

    @property
    def is_full(self):
        return len(self.reviews) >= self.capacity

    @property
    def is_over(self):
        return len(self.reviews) > self.capacity


@dataclass(frozen=True)
class Campaign:
    """The plan of everything a person may plan: `rows` are (coordinator's name, cells of the months shown, later)."""

    rows: tuple
    months: tuple[date, ...]
    late: tuple
    unplaced: tuple
    count: int
    per_month: int

    @property
    def sentence(self):
        load = counted(self.per_month, "analyse", "analyses")
        late = f"\u202f; {counted(len(self.late), 'après son échéance', 'après leur échéance')}" if self.late else ""
        return f"{counted(self.count, 'analyse', 'analyses')} à mener, au plus {load} par mois et par personne{late}."


def per_month():
    return settings.RONDE_REVIEWS_PER_MONTH


def _capacity(owner, month):
    return per_month()


def _dues(reviews, today):
    """What the pure plan reads: an open review is fixed in the month under way, a chosen month stays."""
    owners = owners_of({review.establishment_id for review in reviews}, today)
    now = campaign.month_of(today)
    for review in reviews:
        fixed = campaign.month_of(review.fixed_month) if review.fixed_month else None
        if review.is_open:
            fixed = now
        owner = owners.get(review.establishment_id, NOBODY)
        yield campaign.ReviewDue(review.pk, owner, review.due_on, max(fixed, now) if fixed is not None else None)


def owners_of(houses, today):
    """{house: the coordinator of its sector today}"""
    sectors = dict(
        SectorAttachment.objects.active_on(today)
        .filter(establishment__in=houses)
        .values_list("establishment", "territory")
    )
    mandates = Mandate.objects.filter(active_on(today), role=Role.COORDINATOR, territory__in=set(sectors.values()))
    people = dict(mandates.order_by("-is_interim", "-pk").values_list("territory", "user"))
    return {house: people[sector] for house, sector in sectors.items() if sector in people}


def _reach(user, today):
    rows = FunctioningReview.objects.visible_to(user, Capability.VIEW).to_conduct(today)
    return list(rows.select_related("establishment").order_by("due_on", "pk"))


def plan_for(user, today):
    """The campaign of everything the person reads in full: five queries, whatever the number of reviews."""
    reviews = _reach(user, today)
    dues = list(_dues(reviews, today))
    start = campaign.month_of(today)
    plan = campaign.spread(dues, start=start, horizon=HORIZON, capacity=_capacity)
    months = tuple(add_months(month_start(today), n) for n in range(SHOWN))
    by_pk = {review.pk: review for review in reviews}
    names = {person.pk: str(person) for person in User.objects.filter(pk__in={due.owner for due in dues})}
    rows = []
    for owner in sorted({due.owner for due in dues}, key=lambda pk: (pk == NOBODY, names.get(pk, ""))):
        placed: dict[int, list] = {}
        for due in dues:
            if due.owner == owner and due.house in plan.months:
                placed.setdefault(plan.months[due.house], []).append(by_pk[due.house])
        cells = tuple(Cell(m, tuple(placed.get(campaign.month_of(m), ())), per_month()) for m in months)
        later = sum(len(found) for month, found in placed.items() if month >= start + SHOWN)
        rows.append((names.get(owner, "Sans titulaire"), cells, later))
    named = {"late": plan.late, "unplaced": plan.unplaced}
    told = {name: tuple(by_pk[pk] for pk in pks) for name, pks in named.items()}
    return Campaign(tuple(rows), months, **told, count=len(reviews), per_month=per_month())


def months_ahead(today):
    """The months a review may be moved to."""
    return [add_months(month_start(today), n) for n in range(HORIZON)]


@dataclass(frozen=True)
class Effect:
    """What moving one review does, in a sentence each, before anybody accepts it."""

    review: FunctioningReview
    month: date
    sentences: tuple[str, ...]
    tone: str


def effect_of(user, review, month, today):
    """The effect of conducting `review` in `month`; nothing is written."""
    reviews = _reach(user, today)
    start, by_pk = campaign.month_of(today), {one.pk: one for one in reviews}
    dues = list(_dues(reviews, today))
    wanted = campaign.month_of(month)
    moved = campaign.move(dues, review.pk, wanted, start=start, horizon=HORIZON, capacity=_capacity)
    told = [f"L’analyse se mènerait en {month_name(month)}."]
    told.append(
        f"{counted(len(moved.others), 'autre analyse change', 'autres analyses changent')} de mois\u00a0: "
        f"{sentence_list(by_pk[pk].establishment.name for pk in moved.others[:5])}"
        f"{'…' if len(moved.others) > 5 else '.'}"
        if moved.others
        else "Aucune autre ne bouge."
    )
    if moved.newly_late:
        names = sentence_list(by_pk[pk].establishment.name for pk in moved.newly_late)
        told.append(f"Passerait son échéance\u00a0: {names}.")
    if moved.overloads:
        told.append(f"Ce mois dépasserait {counted(per_month(), 'analyse', 'analyses')} pour une même personne.")
    return Effect(review, month, tuple(told), "watch" if moved.newly_late or moved.overloads else "info")


def choose_month(review, month, *, by):
    """Fix the month of a review still to open (None: the plan decides again); the journal says which."""
    note = f"en {month_name(month)}" if month else "le plan décide"
    from_status = [FunctioningReview.Status.SCHEDULED]
    with transition(review, by=by, verb="analyse déplacée", from_status=from_status, note=note) as locked:
        locked.fixed_month = month
