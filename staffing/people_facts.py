"""The people of houses, their weeks of work, who is designated, who is away: two queries, whatever their number."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import BooleanField, CharField, ExpressionWrapper, F, IntegerField, Q, TimeField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from core.calendar import minutes_of
from core.periods import touching
from establishments.models import Directorship, SectorAttachment, TerritoryLink, Unavailability

from .continuity import Designated, Link
from .models import Absence, DirectionRelay, FloatAssignment, Interim, LeaveRequest, Posting
from .presences import DAY_PART, Agent, Away, Sent, Shift, Timetable

PEOPLE = [
    *("pk", "establishment", "employee", "employee__first_name", "employee__last_name", "job", "category"),
    *("starts_on", "ends_on", "pool", "employee__children_since", "employee__user"),
    *("rosters", "rosters__weeks", "rosters__starts_on", "rosters__ends_on"),
    *("rosters__slots__week", "rosters__slots__weekday", "rosters__slots__starts_at", "rosters__slots__ends_at"),
    "rosters__slots__task",
]
COLUMNS = ["what", "key", "house", "who", "first", "last", "half", "state", "sort", "number", "name", "stays"]
COLUMNS += ["opens", "closes"]
RELAY, INTERIM, HEAD = "relay", "interim", "head"
ELSEWHERE = "elsewhere"  # the direction of another house, confided for these days


@dataclass(frozen=True)
class People:
    """Who works in each house, who of the pool may come or is sent, who is away, who stands in for the heads."""

    agents: dict[int, tuple[Agent, ...]]
    floats: tuple[Agent, ...]
    aways: tuple[Away, ...]
    relays: dict[int, tuple[Designated, ...]]
    interims: dict[int, tuple[Designated, ...]]
    homes: dict[int, int]
    accounts: frozenset[int]
    sent: tuple[Sent, ...] = ()


def read_people(houses, start, end) -> People:
    """What touches start–end in houses given by their ids, the pool of their territories included. Two queries."""
    houses = list(houses)
    agents, floats, homes, accounts = _agents(houses, start, end)
    aways, relays, interims, sent = _dated(houses, floats, start, end)
    by_house = {house: tuple(_with_chain(agent, relays[house]) for agent in found) for house, found in agents.items()}
    return People(
        agents=by_house,
        floats=tuple(floats),
        aways=tuple(aways),
        relays={house: tuple(found) for house, found in relays.items()},
        interims={house: tuple(found) for house, found in interims.items()},
        homes=homes,
        accounts=frozenset(accounts),
        sent=tuple(sent),
    )


def pools_of(houses, start, end):
    """The territories above the houses: their float agents may come."""
    attached = SectorAttachment.objects.filter(touching(start, end), establishment__in=houses)
    return TerritoryLink.objects.filter(descendant__in=attached.values("territory")).values("ancestor")


def _agents(houses, start, end):
    """Each posting with its rosters: one row a stretch of work, or one row alone when no hours are known."""
    sent = FloatAssignment.objects.confirmed().filter(establishment__in=houses).between(start, end)
    reached = Q(establishment__in=houses) | Q(pool__in=pools_of(houses, start, end))
    reached |= Q(pool__isnull=False, employee__in=sent.order_by().values("employee"))
    rows = Posting.objects.filter(reached).touching(start, end)
    order = ["pk", "rosters__starts_on", "rosters"]
    postings, shifts = {}, defaultdict(lambda: defaultdict(list))
    for row in rows.order_by(*order).values_list(*PEOPLE):
        postings.setdefault(row[0], row)
        if row[12] is not None:
            kept = shifts[row[0]][row[12:16]]
            if row[16] is not None:
                kept.append(_shift(*row[16:]))
    agents, floats, homes, accounts = defaultdict(list), [], {}, set()
    for pk, row in postings.items():
        agent = _agent(row, shifts[pk])
        homes.setdefault(agent.id, row[1])
        accounts |= {agent.id} if row[11] else set()
        (floats if agent.is_float else agents[row[1]]).append(agent)
    return agents, floats, homes, accounts


def _shift(week, weekday, starts_at, ends_at, task):
    return Shift(week, weekday, minutes_of(starts_at), minutes_of(ends_at), task == "children")


def _agent(row, rosters):
    pk, _, employee, first_name, last_name, job, category, starts_on, ends_on, pool, children_since = row[:11]
    tables = [Timetable(since, until, weeks, tuple(found)) for (_, weeks, since, until), found in rosters.items()]
    return Agent(
        id=employee,
        name=f"{first_name} {last_name}",
        job=job,
        category=category,
        starts_on=starts_on,
        ends_on=ends_on,
        timetables=tuple(tables),
        children_since=children_since,
        is_head=job in Posting.HEADS,
        is_float=pool is not None,
        posting=pk,
    )


def _with_chain(agent, relays):
    mine = tuple((one.starts_on, one.ends_on, one.rank) for one in relays if one.person == agent.id)
    return agent if not mine else Agent(**{**agent.__dict__, "chain": mine})


def _dated(houses, floats, start, end):
    """(aways, {house: relays}, {house: interims and heads of the register}, sent) in one union."""
    aways, sent, designated = [], [], {RELAY: defaultdict(list), HEAD: defaultdict(list)}
    legs = [*_absences(houses, floats, start, end), *_heads(houses, start, end)]
    for row in legs[0].union(*legs[1:], all=True):
        if row["what"] in (RELAY, INTERIM, HEAD):
            link = _link(row)
            if row["house"] in houses:
                one = Designated(row["who"], row["name"], link, row["number"] or 0, row["first"], row["last"])
                designated[RELAY if link == Link.RELAY else HEAD][row["house"]].append(one)
            if link == Link.INTERIM:
                aways.append(Away(row["who"], row["first"], row["last"], kind=ELSEWHERE, at=row["house"]))
        elif row["what"] == "sent":
            shift = minutes_of(row["opens"]), minutes_of(row["closes"])
            sent.append(Sent(row["who"], row["house"], row["first"], *shift))
        else:
            aways.append(_away(row))
    return aways, designated[RELAY], designated[HEAD], sent


def _link(row):
    if row["what"] == HEAD and not row["stays"]:
        return Link.DEPUTY if row["sort"] == Directorship.Position.DEPUTY else Link.DIRECTOR
    return Link.RELAY if row["what"] == RELAY else Link.INTERIM


def _absences(houses, floats, start, end):
    """Who is away, who is designated, who of the pool is sent, who directs another house."""
    ids = [agent.id for agent in floats]
    posted = Posting.objects.filter(establishment__in=houses).touching(start, end).order_by().values("employee")
    standing = Interim.objects.standing().touching(start, end)
    theirs = standing.filter(establishment__in=houses).order_by().values("employee")
    concerned = Q(employee__in=ids) | Q(employee__in=posted) | Q(employee__in=theirs)
    asked = LeaveRequest.objects.filter(concerned).counting().touching(start, end)
    absent = Absence.objects.filter(concerned).touching(start, end)
    relays = DirectionRelay.objects.filter(establishment__in=houses).touching(start, end)
    # Those of these houses, and those that take somebody away from them: nobody is in two places (failure C24).
    interims = standing.filter(Q(establishment__in=houses) | Q(employee__in=ids) | Q(employee__in=posted))
    day = {"first": F("on"), "last": F("on"), "opens": F("starts_at"), "closes": F("ends_at")}
    return [
        _leg(asked, "leave", half=F("part"), state=F("status"), sort=F("kind")),
        _leg(absent, "absence", half=F("part"), sort=F("kind"), stays=F("in_the_house")),
        _leg(relays, RELAY, number=F("rank")),
        _leg(interims, INTERIM),
        _leg(_sent(houses, ids, start, end), "sent", **day),
    ]


def _heads(houses, start, end):
    """Heads that the register knows and the files of the teams do not, as negative numbers, and when they are away.

    Of somebody posted, the posting says where she is; an interim written in the register alone is one all the same.
    """
    posted = Posting.objects.filter(establishment__in=houses).touching(start, end).order_by().values("employee")
    held, unposted = Directorship.objects.filter(touching(start, end)), Q(person__employee__isnull=True)
    here = Q(establishment__in=houses)
    mine = held.filter(here & (unposted | Q(is_interim=True)) | Q(is_interim=True, person__employee__in=posted))
    unknown = held.filter(here & unposted).order_by().values("person")
    gone = Unavailability.objects.filter(touching(start, end), person__in=unknown)
    name = Concat("person__first_name", Value(" "), "person__last_name", output_field=CharField())
    account = ExpressionWrapper(F("person") * -1, output_field=IntegerField())
    who = Coalesce(F("person__employee"), account, output_field=IntegerField())
    nowhere = Cast(Value(None), IntegerField())
    return [
        _leg(mine, HEAD, who=who, name=name, sort=F("position"), stays=F("is_interim")),
        _leg(gone, "absence", who=account, name=Value("", CharField()), house=nowhere, half=_text(DAY_PART)),
    ]


def _text(value):
    return Value(value, CharField())


def _sent(houses, floats, start, end):
    """Agents of the pool sent to these houses, or elsewhere when they could have come."""
    concerned = Q(establishment__in=houses) | Q(employee__in=floats)
    return FloatAssignment.objects.confirmed().filter(concerned).between(start, end)


def _leg(rows, what, **given):
    named = {
        "key": F("pk"),
        "house": F("establishment"),
        "who": F("employee"),
        "first": F("starts_on"),
        "last": F("ends_on"),
        "name": Concat("employee__first_name", Value(" "), "employee__last_name", output_field=CharField()),
        "number": Cast(Value(None), IntegerField()),
        "stays": Value(False, BooleanField()),
        "opens": Cast(Value(None), TimeField()),
        "closes": Cast(Value(None), TimeField()),
    } | given
    named |= {name: Value("", CharField()) for name in ("half", "state", "sort") if name not in given}
    return rows.order_by().annotate(what=Value(what, CharField()), **named).values(*COLUMNS)


def _away(row):
    is_leave = row["what"] == "leave"
    return Away(
        agent=row["who"],
        starts_on=row["first"],
        ends_on=row["last"],
        part=row["half"],
        kind=row["sort"],
        request=row["key"] if is_leave else None,
        is_pending=is_leave and row["state"] == LeaveRequest.Status.PROPOSED,
        in_the_house=bool(row["stays"]),
    )
