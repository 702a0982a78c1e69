"""« À traiter »: requests to decide, house by house, and days when nobody directs in the next fortnight."""

from collections import defaultdict
from datetime import timedelta

from django.db.models import Count, Min
from django.urls import reverse

from core.attention import DECISION, SAFETY, AttentionItem
from core.calendar import covers, iter_days
from core.french import counted, day_month, sentence_list
from establishments.models import Capability
from indicators.capacity import is_open_on
from indicators.terms import terms_of

from .models import LeaveRequest, Posting

AHEAD_DAYS = 14
MOST = 20


def attention(user, today):
    """A fixed number of queries, whatever the number of houses."""
    return [*_to_decide(user, today), *_uncovered(user, today)]


def _to_decide(user, today):
    pending = LeaveRequest.objects.visible_to(user, Capability.DECIDE_LEAVE).pending().exclude(employee__user=user)
    houses = pending.order_by().values("establishment", "establishment__name")
    for house in houses.annotate(n=Count("pk"), since=Min("proposed_at"), first=Min("starts_on")).order_by("since")[
        :MOST
    ]:
        age = (today - house["since"].date()).days
        waiting = f"la plus ancienne attend depuis {counted(age, 'jour')}" if age else "proposées aujourd’hui"
        yield AttentionItem(
            key=f"leave-to-decide-{house['establishment']}",
            weight=DECISION,
            title=f"{counted(house['n'], 'demande')} de congé à décider ({house['establishment__name']})",
            reason=f"Premier jour demandé\u00a0: {day_month(house['first'])}\u202f; {waiting}",
            url=f"{reverse('staffing:leave_list')}?establishment={house['establishment']}&status=proposed",
            button="Décider",
            tone="alert" if house["first"] <= today + timedelta(days=AHEAD_DAYS) else "watch",
            due_on=house["first"],
        )


def _uncovered(user, today):
    """Open days when every head of a house is on a granted leave: someone must stand in (CSP R. 2324-36)."""
    end = today + timedelta(days=AHEAD_DAYS)
    heads, names, away = defaultdict(list), {}, defaultdict(list)
    postings = Posting.objects.visible_to(user, Capability.DECIDE_LEAVE).touching(today, end)
    for posting in postings.filter(job__in=Posting.HEADS).select_related("establishment"):
        heads[posting.establishment_id].append(posting)
        names[posting.establishment_id] = str(posting.establishment)
    leaves = LeaveRequest.objects.visible_to(user, Capability.DECIDE_LEAVE).granted().touching(today, end)
    for employee, starts_on, ends_on in leaves.values_list("employee", "starts_on", "ends_on"):
        away[employee].append((starts_on, ends_on))
    suspects = {
        house: days
        for house, postings in heads.items()
        if (days := [day for day in iter_days(today, end) if _nobody_directs(postings, away, day)])
    }
    terms = terms_of(suspects, today, end)
    for house, days in suspects.items():
        opened = [day for day in days if is_open_on(terms[house], day)]
        if opened:
            yield _without_direction(house, names[house], opened)


def _nobody_directs(postings, away, day):
    posted = [p for p in postings if covers(p.starts_on, p.ends_on, day)]
    return bool(posted) and all(any(covers(*dates, day) for dates in away[p.employee_id]) for p in posted)


def _without_direction(house, name, days):
    shown = sentence_list([day_month(day) for day in days[:4]])
    more = f" et {counted(len(days) - 4, 'autre jour', 'autres jours')}" if len(days) > 4 else ""
    return AttentionItem(
        key=f"direction-uncovered-{house}",
        weight=SAFETY,
        title=f"Personne pour diriger {counted(len(days), 'jour')} ({name})",
        reason=f"Direction et relais en congé\u00a0: {shown}{more}",
        url=reverse("staffing:establishment_team", args=[house]),
        button="Organiser le relais",
        tone="alert",
        due_on=days[0],
    )
