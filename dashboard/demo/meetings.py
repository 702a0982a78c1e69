"""The meetings of the network: the directors of each sector, a wider one, a bilateral; what they decided and left."""

from datetime import time, timedelta

from core.calendar import add_working_days, is_working_day
from core.french import capitalise, full_date, normalise
from establishments.models import Role
from projects.models import (
    ActionItem,
    Attendance,
    Decision,
    Meeting,
    MeetingSeries,
    MinuteLine,
    SeriesMember,
    Subject,
)

from .world import at, some, uuid_of

OPENING = "Tour de table et retour sur la période."
DECISIONS = [
    "les journées pédagogiques se demandent huit semaines avant",
    "un seul modèle de fiche de liaison pour tout le secteur",
    "les relais de direction de l’été sont connus fin mai",
    "la commande d’albums est regroupée",
]
ACTIONS = [
    "envoyer le planning des relais",
    "proposer deux dates pour la visite croisée",
    "relire le protocole canicule",
    "recenser les besoins de formation",
    "préparer la commande d’albums",
]
SUBJECTS = [
    ("Plan canicule", 1, 20),
    ("Vacances d’été et regroupements", 1, 40),
    ("Accueil des stagiaires", 2, 15),
    ("Semaine de la petite enfance", 2, 30),
    ("Outils de transmission", 3, 30),
]


def build(world):
    for sector in world.sectors[:3]:
        _of_sector(world, sector)
    pole, head = world.sectors[0].parent, world.people[Role.POLE_HEAD]
    people = [world.coordinator_of(one, world.today) for one in world.sectors if one.parent is pole]
    wide = _series(world, pole, MeetingSeries.Kind.BOARD, "CODIR élargi du pôle", [head, *filter(None, people)], head)
    _coming(world, world.stream("reunions", wide.title), wide, head, in_days=12)
    chief, division = world.people[Role.DIVISION_HEAD], pole.parent
    pair = _series(world, division, MeetingSeries.Kind.BILATERAL, "Bilatérale de la semaine", [head, chief], chief)
    _coming(world, world.stream("reunions", pair.title), pair, head, in_days=5)
    _write(world)


def _of_sector(world, sector):
    head = world.people[Role.POLE_HEAD]
    by = world.coordinator_of(sector, world.today) or head
    houses = [house for house in world.houses if house.sector is sector]
    directors = [person for house in houses if (person := house.directing_on(world.today))]
    people = list(dict.fromkeys([by, *directors]))
    series = _series(world, sector, MeetingSeries.Kind.DIRECTORS, f"Responsables, {sector.name}", people, by)
    chance = world.stream("reunions", sector.code)
    for months_ago in (4, 3, 2, 1):
        _held(world, chance, series, by, people, months_ago)
    _coming(world, chance, series, by, in_days=9)


def _series(world, territory, kind, title, people, by):
    chance = world.stream("serie", title)
    every = MeetingSeries.Every.WEEK if kind == MeetingSeries.Kind.BILATERAL else MeetingSeries.Every.MONTH
    length = 60 if kind == MeetingSeries.Kind.BILATERAL else 120
    row = world.add(
        MeetingSeries(
            territory=territory,
            kind=kind,
            title=title,
            every=every,
            length=length,
            created_by=by,
            client_uuid=uuid_of(chance),
        )
    )
    for person in people:
        world.add(SeriesMember(series=row, person=person))
    row.people = people
    return row


def _meeting(world, chance, series, by, held_on, **given):
    return Meeting(
        series=series,
        held_on=held_on,
        starts_at=time(9, 30),
        length=series.length,
        place="Salle du pôle",
        created_by=by,
        client_uuid=uuid_of(chance),
        **given,
    )


def _held(world, chance, series, by, people, months_ago):
    """Minutes of a past meeting; those of the last one wait to be handed out."""
    held_on = world.today - timedelta(days=28 * months_ago - 20)
    while not is_working_day(held_on):
        held_on -= timedelta(days=1)
    meeting = _meeting(world, chance, series, by, held_on)
    meeting.search_text = normalise(f"{series.title} {meeting.place}")[:400]
    meeting.planned = months_ago > 1  # frozen once handed out: its lines first
    text = [OPENING]
    for words in chance.sample(DECISIONS, 1 if months_ago == 1 else 2):
        text.append(f"décision : {words}")
        decision = _decision(world, chance, meeting, words, by)
        _line(world, chance, meeting, len(text), decision.text, decision=decision)
    for words in chance.sample(ACTIONS, 2):
        owner, due_on = chance.choice(people), add_working_days(held_on, chance.randrange(10, 40))
        handle = f"@{owner.first_name}.{owner.last_name}".replace(" ", "")
        text.append(f"action : {handle} {words} avant le {full_date(due_on)}")
        action = _action(world, chance, meeting, words, owner, due_on, by)
        _line(world, chance, meeting, len(text), action.title, action=action)
    meeting.minutes, meeting.status, meeting.lock = "\n".join(text), Meeting.Status.HELD, 2
    for person in people:
        state = Attendance.State.EXCUSED if some(chance, 0.15) else Attendance.State.PRESENT
        world.add(Attendance(meeting=meeting, person=person, state=state))
    world.add(meeting)


def _decision(world, chance, meeting, words, by):
    row = Decision(meeting=meeting, text=capitalise(words), search_text=normalise(words)[:400])
    if some(chance, 0.5):
        row.status, row.settled_by, row.settled_at = Decision.Status.APPLIED, by, at(world.today, 8)
    return world.add(row)


def _action(world, chance, meeting, words, owner, due_on, by):
    row = ActionItem(
        territory=meeting.series.territory,
        title=capitalise(words),
        origin_kind=ActionItem.Origin.MEETING,
        origin_label=f"{meeting.series.title}, {full_date(meeting.held_on)}",
        owner=owner,
        due_on=due_on,
        created_by=by,
        created_at=at(meeting.held_on, 12),
        search_text=normalise(words)[:400],
        client_uuid=uuid_of(chance),
    )
    if some(chance, 0.4):
        row.status = ActionItem.Status.VERIFIED
        row.declared_by, row.declared_at = owner, at(meeting.held_on + timedelta(days=4), 9)
        row.closed_by, row.closed_at = by, at(meeting.held_on + timedelta(days=6), 9)
    return world.add(row)


def _line(world, chance, meeting, number, text, **objects):
    kind = next(iter(objects))
    world.add(MinuteLine(meeting=meeting, key=uuid_of(chance), number=number, kind=kind, text=text, **objects))


def _coming(world, chance, series, by, in_days):
    """The next meeting, its call open, more subjects than it can hold."""
    held_on = add_working_days(world.today, in_days)
    meeting = _meeting(world, chance, series, by, held_on, calls_until=add_working_days(world.today, in_days - 3))
    meeting.search_text = normalise(f"{series.title} {meeting.place}")[:400]
    world.add(meeting)
    for title, priority, minutes in SUBJECTS[: 2 if series.length < 120 else 5]:
        person = chance.choice(series.people)
        world.add(
            Subject(
                series=series,
                title=title,
                priority=priority,
                minutes=minutes,
                sponsor=person,
                proposed_by=person,
                proposed_at=at(world.today - timedelta(days=2), 15),
                client_uuid=uuid_of(chance),
            )
        )


def _write(world):
    world.write(MeetingSeries, SeriesMember, Meeting, Attendance, Decision, ActionItem, MinuteLine, Subject)
    done = [row for row in world.rows[Meeting] if getattr(row, "planned", False)]
    for row in done:
        row.status, row.published_by = Meeting.Status.PUBLISHED, row.created_by
        row.published_at = at(row.held_on + timedelta(days=2), 17)
    Meeting._base_manager.bulk_update(done, ["status", "published_by", "published_at"])
