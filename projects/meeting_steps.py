"""The steps of a meeting and of its decisions: which buttons, from which statuses, and what each one does."""

from django.utils import timezone

from core.french import counted, full_date
from establishments.models import Capability
from establishments.workflow import TransitionRefused, transition

from .meeting_page import agenda_of
from .minutes_of import read_for
from .models import Decision, Meeting, Subject
from .searching.decisions import index_decisions
from .searching.meetings import index_meeting
from .stepping import Step

MANAGE = Capability.MANAGE_MEETINGS
Status, Settled = Meeting.Status, Decision.Status
MEETING = {
    "send": Step(
        label="Envoyer l’ordre du jour",
        capability=MANAGE,
        start=(Status.PREPARING,),
        consequence="Les sujets qui tiennent dans la durée sont inscrits, les autres attendent la prochaine réunion.",
        said="Ordre du jour envoyé aux membres.",
    ),
    "hold": Step(
        label="La réunion a eu lieu",
        capability=MANAGE,
        start=(Status.SENT,),
        consequence="Les sujets inscrits sont traités\u202f; ceux qui restent se reprennent un par un.",
        said="Réunion tenue\u00a0: complétez la présence et le relevé, puis diffusez-le.",
    ),
    "publish": Step(
        label="Diffuser le relevé",
        capability=MANAGE,
        start=(Status.HELD,),
        consequence="Le relevé ne changera plus\u202f; chaque membre est prévenu et peut le lire.",
        said="Relevé diffusé.",
    ),
    "cancel": Step(
        label="Annuler la réunion",
        capability=MANAGE,
        start=tuple(Meeting.OPEN),
        consequence="Les membres sont prévenus\u202f; ses sujets attendent la prochaine réunion.",
        said="Réunion annulée.",
        text="Pourquoi",
        tone="alert",
    ),
}
DECISION = {
    "apply": Step(
        label="Appliquée",
        capability=MANAGE,
        start=(Settled.TO_APPLY,),
        consequence="Elle ne reviendra plus en tête des ordres du jour.",
        said="Décision appliquée.",
        text="Constat",
        optional=True,
    ),
    "drop": Step(
        label="Abandonnée",
        capability=MANAGE,
        start=(Settled.TO_APPLY,),
        consequence="Elle ne reviendra plus en tête des ordres du jour.",
        said="Décision abandonnée.",
        text="Pourquoi",
        tone="alert",
    ),
    "reopen": Step(
        label="À appliquer de nouveau",
        capability=MANAGE,
        start=(Settled.APPLIED, Settled.DROPPED),
        consequence="Elle revient en tête du prochain ordre du jour.",
        said="Décision à appliquer.",
    ),
}
SUBJECT = {"withdraw": "Sujet retiré.", "take_up_again": "Sujet à reprendre à la prochaine réunion."}


def send(meeting, *, by):
    """Subjects that fit are put on the agenda, in their order; the others wait, and their sponsors read it here."""
    with transition(meeting, by=by, verb="ordre du jour envoyé", from_status=[Status.PREPARING]) as locked:
        agenda = agenda_of(locked)
        if agenda.is_empty:
            raise TransitionRefused("L’ordre du jour est vide\u00a0: proposez au moins un sujet.")
        for rank, subject in enumerate(agenda.subjects):
            subject.meeting, subject.rank = locked, rank
        for subject in agenda.postponed:
            subject.postponed += 1
        Subject.objects.bulk_update([*agenda.subjects, *agenda.postponed], ["meeting", "rank", "postponed"])
        locked.status = Status.SENT
        waiting = f" {counted(len(agenda.postponed), 'sujet attend', 'sujets attendent')} la suivante."
        told = counted(len(agenda.subjects), "sujet")
        body = f"{told}, {locked.hours}.{waiting if agenda.postponed else ''}"
        locked.tell("sent", f"Ordre du jour\u00a0: {locked}", body, by)


def hold(meeting, *, by):
    with transition(meeting, by=by, verb="réunion tenue", from_status=[Status.SENT]) as locked:
        if locked.held_on > timezone.localdate():
            raise TransitionRefused(f"Cette réunion est prévue le {full_date(locked.held_on)}.")
        locked.subjects.filter(status=Subject.Status.OPEN).update(status=Subject.Status.TREATED)
        locked.status = Status.HELD


def publish(meeting, *, by):
    """Frozen, told to each member once, found by the search; refused while a line waits for its person or its date."""
    with transition(meeting, by=by, verb="relevé diffusé", from_status=[Status.HELD]) as locked:
        if not locked.minutes.strip():
            raise TransitionRefused("Écrivez le relevé avant de le diffuser.")
        for reading in read_for(locked, locked.minutes):
            if reading.problems:
                where = f"Ligne {reading.entry.number} du relevé\u00a0: {reading.problems[0]}"
                raise TransitionRefused(f"{where} Corrigez-la avant de diffuser.")
        locked.status = Status.PUBLISHED
        locked.published_by, locked.published_at = by, timezone.now()
        locked.tell("published", f"Relevé\u00a0: {locked}", "Le relevé de décisions est diffusé.", by)
        index_meeting(locked)
        index_decisions(locked)


def cancel(meeting, *, by, text):
    meeting.cancel(by=by, text=text)


RULES = {"send": send, "hold": hold, "publish": publish, "cancel": cancel}
