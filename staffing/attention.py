"""« À traiter »: requests to decide, house by house, and days when nobody directs in the next fortnight."""

from collections import defaultdict
from datetime import timedelta

from django.db.models import Count, F, IntegerField, Min, Value

from core.addresses import address
from core.attention import DECISION, SAFETY, AttentionItem
from core.calendar import covers, iter_days
from core.compiled import rows_once
from core.french import counted, day_month, sentence_list
from core.unions import EMPTY, leg
from establishments.models import Capability, Establishment

from .appraisals.attention import appraisals_to_treat
from .attention_needs import needs_to_treat
from .coverage_of_direction import continuity_of
from .models import Interim, LeaveRequest, Posting

AHEAD_DAYS = 14
MOST = 20
HEAD, LEAVE, ELSEWHERE = "head", "leave", "elsewhere"


def attention(user, today):
    """A fixed number of queries, whatever the number of houses."""
    return [
        *_to_decide(user, today),
        *_uncovered(user, today),
        *needs_to_treat(user, today),
        *appraisals_to_treat(user, today),
    ]


@rows_once
def _asked(user):
    pending = LeaveRequest.objects.visible_to(user, Capability.DECIDE_LEAVE).pending().exclude(employee__user=user)
    houses = pending.order_by().values("establishment", "establishment__name")
    return houses.annotate(n=Count("pk"), since=Min("proposed_at"), first=Min("starts_on")).order_by("since")[:MOST]


def _to_decide(user, today):
    for house in _asked(user):
        age = (today - house["since"].date()).days
        waiting = f"la plus ancienne attend depuis {counted(age, 'jour')}" if age else "proposées aujourd’hui"
        yield AttentionItem(
            key=f"leave-to-decide-{house['establishment']}",
            weight=DECISION,
            title=f"{counted(house['n'], 'demande')} de congé à décider ({house['establishment__name']})",
            reason=f"Premier jour demandé\u00a0: {day_month(house['first'])}\u202f; {waiting}",
            url=f"{address('staffing:leave_list')}?establishment={house['establishment']}&status=proposed",
            button="Décider",
            tone="alert" if house["first"] <= today + timedelta(days=AHEAD_DAYS) else "watch",
            due_on=house["first"],
        )


@rows_once
def _heads_and_leaves(user, today, end):
    """Who directs where and who is away, on leave or directing another house, between two days, in one union."""
    heads = Posting.objects.visible_to(user, Capability.DECIDE_LEAVE).touching(today, end)
    leaves = LeaveRequest.objects.visible_to(user, Capability.DECIDE_LEAVE).granted().touching(today, end)
    interims = Interim.objects.standing().filter(employee__in=heads.order_by().values("employee"))
    columns = {"who": F("employee"), "first": F("starts_on"), "last": F("ends_on")}
    house = {"house": F("establishment"), "name": F("establishment__name")}
    legs = [
        leg(heads.filter(job__in=Posting.HEADS), HEAD, **columns, **house),
        leg(leaves, LEAVE, **columns, house=Value(None, IntegerField()), name=EMPTY),
        leg(interims.touching(today, end), ELSEWHERE, **columns, house=F("establishment"), name=EMPTY),
    ]
    return legs[0].union(*legs[1:], all=True).order_by("row")


def _uncovered(user, today):
    """Days when the heads of a house are all away, and nobody of its chain stands in (CSP R. 2324-36).

    Absences of heads are looked at first, in one query: the chain of a house is read only where it may matter.
    """
    end = today + timedelta(days=AHEAD_DAYS)
    heads, names, away = defaultdict(list), {}, defaultdict(list)
    for row in _heads_and_leaves(user, today, end):
        if row["what"] in (LEAVE, ELSEWHERE):
            away[row["who"]].append((row["house"], row["first"], row["last"]))
        else:
            heads[row["house"]].append((row["who"], row["first"], row["last"]))
            names[row["house"]] = row["name"]
    suspects = {
        house: days
        for house, postings in heads.items()
        if any(who in away for who, *_ in postings)
        and (days := [day for day in iter_days(today, end) if _nobody_directs(house, postings, away, day)])
    }
    if not suspects:
        return
    houses = Establishment.objects.filter(pk__in=suspects)
    for house in continuity_of(houses, today, AHEAD_DAYS + 1):
        days = list(dict.fromkeys(day for gap in house.gaps for day, _ in gap.half_days if day in suspects[house.pk]))
        if days:
            yield _without_direction(house.pk, names[house.pk], days)


def _nobody_directs(house, postings, away, day):
    posted = [who for who, *dates in postings if covers(*dates, day)]
    return bool(posted) and all(any(at != house and covers(*dates, day) for at, *dates in away[who]) for who in posted)


def _without_direction(house, name, days):
    shown = sentence_list([day_month(day) for day in days[:4]])
    more = f" et {counted(len(days) - 4, 'autre jour', 'autres jours')}" if len(days) > 4 else ""
    return AttentionItem(
        key=f"direction-uncovered-{house}",
        weight=SAFETY,
        title=f"Personne pour diriger {counted(len(days), 'jour')} ({name})",
        reason=f"Ni direction, ni relais désigné\u00a0: {shown}{more}",
        url=f"{address('staffing:continuity')}?etablissement={house}",
        button="Organiser le relais",
        tone="alert",
        due_on=days[0],
    )
