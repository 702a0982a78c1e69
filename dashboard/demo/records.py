"""Duties and their proofs, files, openings to come, and what the cast was told lately."""

import hashlib
from datetime import timedelta

from django.core.files.base import ContentFile

from core.calendar import add_months, month_start
from core.french import full_date
from core.models import Notification
from establishments.models import Document, Level, Obligation, OpeningProject
from visits.models import Visit

from . import story
from .paper import pdf_of
from .world import at, some

Kind, ReportStatus = Obligation.Kind, Visit.ReportStatus
# Months for which a duty is good once done; what is local practice rather than law is only an example here.
GOOD_FOR = {
    Kind.SAFETY_COMMISSION: 36,
    Kind.EVACUATION: 6,
    Kind.LOCKDOWN: 12,
    Kind.PROTOCOL_EMERGENCY: 24,
    Kind.PROTOCOL_HYGIENE: 24,
    Kind.PROTOCOL_CARE: 24,
    Kind.PROTOCOL_DANGER: 24,
    Kind.PROTOCOL_OUTING: 24,
    Kind.WATER: 12,
    Kind.AIR: 36,
    Kind.FIRST_AID: 24,
    Kind.RISK_DOCUMENT: 12,
    Kind.EVALUATION: 60,
}
# In the sector of the story: (rank, duty, days before it expires).
TOLD_DUTIES = {
    (story.LATE, Kind.EVACUATION): -17,
}
NEVER_DONE = (story.NEW_HOUSE, Kind.EVACUATION)
SPECIMEN = "Document de démonstration, sans valeur."
PAPERS = [
    (Document.Kind.PROTOCOL, Level.ETABLISSEMENT, "Protocole de sortie", Kind.PROTOCOL_OUTING),
    (Document.Kind.SAFETY, Level.POLE, "Procès-verbal de la commission de sécurité", Kind.SAFETY_COMMISSION),
    (Document.Kind.RULES, Level.PUBLIC, "Règlement de fonctionnement", None),
]


def build(world):
    for house in world.houses:
        _duties(world, world.stream("obligations", house.number), house)
    _papers(world)
    world.write(Obligation)
    _openings(world)
    _notifications(world)
    world.write(OpeningProject, Notification)


def _duties(world, chance, house):
    told = story.tells(world, house)
    for kind, months in GOOD_FOR.items():
        left = TOLD_DUTIES.get((house.rank, kind)) if told else None
        if left is None:
            left = _days_left(chance, months, told)
        expires_on = world.today + timedelta(days=left)
        done_on = max(add_months(expires_on, -months), house.row.opened_on)
        expires_on = max(expires_on, done_on)
        if told and (house.rank, kind) == NEVER_DONE:
            done_on, expires_on = None, world.today + timedelta(days=40)
        elif not told and some(chance, 0.01):
            done_on = expires_on = None
        world.add(Obligation(establishment=house.row, kind=kind, done_on=done_on, expires_on=expires_on))


def _days_left(chance, months, told):
    """Most duties are good for a while; a few expire soon, fewer have expired."""
    draw = chance.random()
    if not told and draw < 0.015:
        return -chance.randrange(3, 90)
    if not told and draw < 0.045:
        return chance.randrange(5, 31)
    return chance.randrange(45, months * 27 + 10)


def _papers(world):
    """Three short files for the first houses of the story, and the duties that they prove."""
    author = world.people["coordinator"]
    for house in world.houses[:3]:
        duties = {row.kind: row for row in world.rows[Obligation] if row.establishment is house.row}
        for kind, level, title, duty in PAPERS:
            done_on = duties[duty].done_on if duty else None
            day = max(done_on or house.row.opened_on, world.since)
            content = pdf_of(title, [house.row.name, house.row.address, f"Établi le {full_date(day)}.", SPECIMEN])
            document = Document(
                establishment=house.row,
                title=title,
                kind=kind,
                level=level,
                filename=f"{title}.pdf",
                content_type="application/pdf",
                size=len(content),
                digest=hashlib.sha256(content).hexdigest(),
                uploaded_by=author,
                uploaded_at=at(min(day + timedelta(days=2), world.today - timedelta(days=1)), 11),
            )
            document.file.save(document.filename, ContentFile(content), save=False)
            document.save()
            if duty:
                duties[duty].evidence = document


def _openings(world):
    """Houses to come, by quarter; the new house of the story was one of them."""
    status = OpeningProject.Status
    plans = [
        ("Crèche de la Vieille-Gare", 60, 5, status.WORKS),
        ("Multi-accueil de l’Îlot Mercier", 42, 9, status.DECIDED),
        ("Crèche du Parc des Alluvions", 66, 14, status.DECIDED),
        ("Halte-garderie des Deux-Ponts", 20, 8, status.STUDY),
        ("Crèche de la Caserne Neuve", 54, 20, status.STUDY),
        ("Micro-crèche du Passage Bleu", 12, 6, status.DROPPED),
    ]
    for rank, (name, places, months, state) in enumerate(plans):
        world.add(
            OpeningProject(
                name=name,
                territory=world.sectors[rank % len(world.sectors)],
                places=places,
                staff_to_recruit=places // 3 + 2,
                opens_on=month_start(add_months(world.today, months)),
                status=state,
            )
        )
    new = next((h for h in world.houses if story.tells(world, h) and h.rank == story.NEW_HOUSE), None)
    if new:
        world.add(
            OpeningProject(
                name=new.row.name,
                territory=new.sector,
                places=new.places_on(world.today),
                staff_to_recruit=len(new.staff),
                opens_on=new.row.opened_on,
                status=status.OPENED,
                establishment=new.row,
            )
        )


def _notifications(world):
    """What sharing, answering and validating told the cast in the last month; the last days are unread."""
    cast = {user.pk for user in world.people.values()}
    for visit in world.visits:
        for status, title, instant, person in _told(visit):
            if person.pk in cast and instant >= at(world.today - timedelta(days=30)):
                unread = instant >= at(world.today - timedelta(days=8))
                world.add(
                    Notification(
                        user=person,
                        event=f"visit-{visit.pk}-{status}",
                        title=title,
                        body=f"{visit.establishment}, visite du {full_date(visit.visited_on)}.",
                        url=visit.get_absolute_url(),
                        created_at=instant,
                        read_at=None if unread else instant + timedelta(hours=26),
                        mailed_at=instant + timedelta(minutes=1),
                    )
                )


def _told(visit):
    house = visit.parts[0]
    if visit.shared_at:
        director = house.directing_on(visit.shared_at.date())
        if director:
            yield ReportStatus.SHARED, "Un compte rendu de visite vous est transmis", visit.shared_at, director
    if visit.answered_at:
        yield ReportStatus.ANSWERED, "Des observations sur votre compte rendu", visit.answered_at, visit.coordinator
    if visit.validated_at:
        director = house.directing_on(visit.validated_at.date())
        if director:
            yield ReportStatus.VALIDATED, "Compte rendu validé", visit.validated_at, director
