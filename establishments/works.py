"""Steps of the works of a house: need, decision, dates, places withdrawn, reopening (S-012 to S-014)."""

import datetime

from django.db import transaction
from django.utils import timezone

from core.french import counted, sentence_list, short_date

from .models import CapacityChange, Closure, JournalHead, WorksCheck, WorksPeriod, record
from .workflow import TransitionRefused, transition

Status = WorksPeriod.Status
DAY = datetime.timedelta(days=1)
# What is looked at before children come back; a list of the house completes it.
REOPENING = [
    "Travaux reçus, réserves levées",
    "Commission de sécurité ou bureau de contrôle\u00a0: avis favorable, ou non requis",
    "PMI informée de la reprise",
    "Locaux nettoyés et aérés",
    "Évacuation\u00a0: chemins et consignes à jour",
    "Équipe au complet pour les places rendues",
    "Familles informées de la date",
]


def ask(works, *, by):
    """Write a need down; the same form sent twice gives the one already there."""
    with transaction.atomic():
        JournalHead.locked()
        known = WorksPeriod._base_manager.filter(client_uuid=works.client_uuid).first()
        if known is not None and known.created_by_id != by.pk:
            raise TransitionRefused("Ce formulaire a déjà servi\u00a0: ouvrez-en un nouveau.")
        if known is None:
            works.created_by = by
            works.save(force_insert=True)
            record("travaux demandés", works, by=by, establishment=works.establishment)
    return known or works


def schedule(works, terms, *, by):
    """Decide the works: `terms` are the dates, the places withdrawn, whether the house closes. Freezes the places."""
    with transition(works, by=by, verb="travaux décidés", from_status=[Status.NEEDED, Status.DECIDED]) as locked:
        _not_begun(locked)
        for name, value in terms.items():
            setattr(locked, name, value)
        if locked.starts_on is None or locked.ends_on is None:
            raise TransitionRefused("Des travaux décidés ont une date de début et une date de fin prévue.")
        locked.status, locked.decided_by, locked.decided_at = Status.DECIDED, by, timezone.now()
        locked.save()
        _withdraw(locked)
        if locked.withdraws:
            for label in REOPENING:
                WorksCheck.objects.get_or_create(works=locked, label=label)


def _places_withdrawn(works):
    """All the places when the house closes: they come back with the reopening, not with the date that was planned."""
    if not works.closes_house:
        return works.places
    authorisation = works.establishment.authorisation_on(works.starts_on)
    return authorisation.places if authorisation else works.places


def _withdraw(works):
    places, freeze = _places_withdrawn(works), works.freezes.first()
    if freeze is not None and not places:
        freeze.delete()
    elif places:
        freeze = freeze or CapacityChange(
            establishment=works.establishment, works=works, reason=CapacityChange.Reason.WORKS
        )
        freeze.places, freeze.starts_on, freeze.note = places, works.starts_on, works.title[:200]
        freeze.save()
    closure = works.closures.first()
    if works.closes_house:
        closure = closure or Closure(
            establishment=works.establishment, works=works, cause=Closure.Cause.WORKS, is_managed=True
        )
        closure.starts_on, closure.ends_on, closure.label = works.starts_on, works.ends_on, works.title[:120]
        closure.families_informed_on = works.families_informed_on
        closure.save()
    elif closure is not None:
        closure.delete()


def _not_begun(works):
    """Once the first day has come, places are withdrawn: only the reopening changes that."""
    if works.status == Status.DECIDED and works.starts_on <= timezone.localdate():
        raise TransitionRefused("Le premier jour des travaux est passé\u00a0: commencez-les, puis rouvrez.")


def refuse(works, *, by, text):
    if not text.strip():
        raise TransitionRefused("Dites pourquoi ces travaux ne sont pas retenus.")
    with transition(works, by=by, verb="travaux non retenus", from_status=[Status.NEEDED], note=text) as locked:
        locked.status, locked.decision_note = Status.REFUSED, text
        locked.decided_by, locked.decided_at = by, timezone.now()


def start(works, *, by):
    with transition(works, by=by, verb="travaux commencés", from_status=[Status.DECIDED]) as locked:
        locked.status = Status.IN_PROGRESS


def extend(works, *, by, day):
    """The works last longer than planned: the house stays closed, the places stay withdrawn."""
    until = _read(day)
    with transition(works, by=by, verb="travaux prolongés", from_status=[Status.IN_PROGRESS], note=day) as locked:
        if until <= locked.ends_on:
            raise TransitionRefused(f"La fin prévue est déjà le {short_date(locked.ends_on)}.")
        locked.ends_on = until
        for closure in locked.closures.all():
            closure.ends_on = until
            closure.save()


def finish(works, *, by):
    """Works that took no place away need no reopening."""
    with transition(works, by=by, verb="travaux terminés", from_status=[Status.IN_PROGRESS]) as locked:
        if locked.withdraws:
            raise TransitionRefused("Des places sont retirées\u00a0: elles reviennent par la réouverture.")
        locked.status = Status.DONE


def cancel(works, *, by, text):
    """Nothing will be done: nothing was ever withdrawn. Works that have begun are reopened, never cancelled."""
    start = [Status.NEEDED, Status.DECIDED]
    with transition(works, by=by, verb="travaux annulés", from_status=start, note=text) as locked:
        _not_begun(locked)
        for row in [*locked.freezes.all(), *locked.closures.all()]:
            row.delete()
        locked.status, locked.decision_note = Status.CANCELLED, text


def reopen(works, *, by, day):
    """The only way back of the places: everything on the list is done. They come back on `day`."""
    since = _read(day)
    with transition(works, by=by, verb="places rendues", from_status=[Status.IN_PROGRESS], note=day) as locked:
        left = list(locked.checks.filter(done_on__isnull=True).values_list("label", flat=True))
        if left:
            raise TransitionRefused(
                f"Réouverture impossible, {counted(len(left), 'point reste', 'points restent')} à faire\u00a0: "
                f"{sentence_list(left)}."
            )
        if not locked.withdraws:
            raise TransitionRefused("Ces travaux n’ont retiré aucune place.")
        if not locked.starts_on < since <= timezone.localdate() + 31 * DAY:
            raise TransitionRefused(
                "La réouverture suit le début des travaux et se décide un mois à l’avance au plus."
            )
        locked.status, locked.reopened_on, locked.reopened_by = Status.REOPENED, since, by
        locked.save()
        for freeze in locked.freezes.all():
            freeze.ends_on = since - DAY
            freeze.save()
        for closure in locked.closures.all():
            closure.ends_on = max(since - DAY, closure.starts_on)
            closure.save()


def _list_open(works):
    """The list is written until the places are given back; then it is what was seen (the database says so too)."""
    locked = WorksPeriod._base_manager.select_for_update(of=("self",)).get(pk=works.pk)
    if locked.status not in WorksPeriod.OPEN:
        raise TransitionRefused(f"La liste de réouverture ne change plus\u00a0: {locked.get_status_display()}.")


def check(works, pk, *, by, note=""):
    """Tick one line of the reopening list; a second click changes nothing."""
    with transaction.atomic():
        JournalHead.locked()
        _list_open(works)
        line = works.checks.select_for_update(of=("self",)).get(pk=pk)
        if line.done_on is None:
            line.done_on, line.done_by, line.note = timezone.localdate(), by, note[:200]
            line.save()
            record("réouverture\u00a0: point fait", line, by=by, note=line.note, establishment=works.establishment)
    return line


def uncheck(works, pk, *, by):
    with transaction.atomic():
        JournalHead.locked()
        _list_open(works)
        line = works.checks.select_for_update(of=("self",)).get(pk=pk)
        if line.done_on is not None:
            line.done_on, line.done_by = None, None
            line.save()
            record("réouverture\u00a0: point à refaire", line, by=by, establishment=works.establishment)


def add_check(works, label, *, by):
    """One more thing to look at before the reopening."""
    if not label.strip():
        raise TransitionRefused("Écrivez le point à vérifier.")
    with transaction.atomic():
        JournalHead.locked()
        _list_open(works)
        line, created = WorksCheck.objects.get_or_create(works=works, label=label.strip()[:200])
        if created:
            record("réouverture\u00a0: point ajouté", line, by=by, establishment=works.establishment)


def _read(day):
    if isinstance(day, datetime.date):
        return day
    try:
        return datetime.date.fromisoformat(day)
    except ValueError as error:
        raise TransitionRefused("Cette date ne se lit pas.") from error
