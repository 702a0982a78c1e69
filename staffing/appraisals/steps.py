"""What may happen to an appraisal: convened, moved, held, written, notified, signed, cancelled, its texts erased.

The journal keeps a line without house nor territory: no page shows it to a colleague.
"""

from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from core.french import full_date
from core.jobs import notify
from establishments.models import JournalHead, record
from establishments.workflow import TransitionRefused, transition

from . import rules

OWN = "Nul ne conduit son propre entretien."
TOO_SOON = "La convocation est remise au moins {days} jours avant\u00a0: pas avant le {day} ({source})."
WRITTEN_MEANWHILE = "Le compte rendu a été modifié depuis que vous l’avez ouvert\u00a0: rien n’est écrasé, relisez-le."


class AppraisalSteps:
    """Methods of `Appraisal`, kept apart from its columns."""

    def convene(self, *, by):
        """Save a new appraisal and tell the person; the same form twice gives the same one."""
        with transaction.atomic():
            JournalHead.locked()
            known = type(self).objects.filter(client_uuid=self.client_uuid).first()
            if known is not None:
                return known
            if self.person_id == by.pk:
                raise TransitionRefused(OWN)
            if type(self).objects.live().filter(person=self.person_id, year=self.year).exists():
                raise TransitionRefused("Cette personne a déjà un entretien annuel cette année-là.")
            self.led_by, self.convened_on = by, timezone.localdate()
            self._refuse_too_soon()
            self.save(force_insert=True)
            record("entretien annuel convoqué", self, by=by)
            self._tell_meeting()
        return self

    def move(self, meeting_on, *, by):
        """Another day: the person is convened again, with the whole notice."""
        with self._step(by, "entretien annuel reporté", ["convened"]) as appraisal:
            appraisal.meeting_on, appraisal.convened_on = meeting_on, timezone.localdate()
            appraisal._refuse_too_soon()
            appraisal._tell_meeting()

    def hold(self, held_on, *, by):
        with self._step(by, "entretien annuel tenu", ["convened"]) as appraisal:
            first = rules.earliest_meeting(appraisal.convened_on)
            if held_on < first:
                raise TransitionRefused(
                    TOO_SOON.format(days=rules.NOTICE_DAYS, day=full_date(first), source=rules.SOURCE)
                )
            if held_on > timezone.localdate():
                raise TransitionRefused("Un entretien tenu ne l’est pas dans l’avenir.")
            appraisal.held_on, appraisal.status = held_on, self.Status.HELD

    def write(self, report, *, version, by):
        """Change the report until it is notified; what somebody else wrote meanwhile is not overwritten."""
        with self._step(by, "compte rendu d’entretien annuel écrit", ["held"]) as appraisal:
            if appraisal.version != version:
                raise TransitionRefused(WRITTEN_MEANWHILE)
            appraisal.report, appraisal.version = report, version + 1

    def add_objective(self, objective, *, by):
        """One more objective; the same form twice gives one."""
        with self._step(by, "objectif fixé", ["held", "notified", "signed"]) as appraisal:
            known = appraisal.objectives.filter(client_uuid=objective.client_uuid).first()
            if known is None:
                objective.appraisal = appraisal
                objective.save(force_insert=True)
        return known or objective

    def follow_objective(self, objective, state, *, by):
        with self._step(by, "objectif suivi", ["held", "notified", "signed"]):
            objective.state = state
            objective.save(update_fields=["state"])

    def notify_report(self, *, by):
        """Hand the report over: it no longer changes, the person is told to read and sign it."""
        with self._step(by, "compte rendu d’entretien annuel notifié", ["held"]) as appraisal:
            if not appraisal.report:
                raise TransitionRefused("Le compte rendu est vide\u00a0: écrivez-le avant de le notifier.")
            appraisal.notified_on, appraisal.status = timezone.localdate(), self.Status.NOTIFIED
            appraisal._tell("notifié", "Compte rendu de votre entretien annuel", "À lire et à signer dans Ronde.")

    def sign(self, reply, *, by):
        """The person signs, with what she wants to answer; signing is not agreeing."""
        if self.person_id != by.pk:
            raise TransitionRefused("Seule la personne concernée signe son entretien.")
        with transition(self, by=by, verb="entretien annuel signé", from_status=["notified"]) as appraisal:
            appraisal.reply, appraisal.signed_on = reply, timezone.localdate()
            appraisal.status = self.Status.SIGNED

    def cancel(self, *, by):
        """The person left, or was convened by mistake: another may be convened."""
        with self._step(by, "entretien annuel annulé", ["convened"]) as appraisal:
            appraisal.status = self.Status.CANCELLED

    def purge(self):
        """Erase the texts once their time is over; the dates remain, which prove that the appraisal was held."""
        with transaction.atomic():
            JournalHead.locked()
            appraisal = type(self).objects.select_for_update().get(pk=self.pk)
            if appraisal.purged_at is None and rules.keep_until(appraisal.year) < timezone.localdate():
                appraisal.objectives.all().delete()
                appraisal.sealed_report = appraisal.sealed_reply = None
                appraisal.purged_at = timezone.now()
                appraisal.save()
                record("textes d’entretien annuel effacés", appraisal, by=None, note=rules.RETENTION)

    @contextmanager
    def _step(self, by, verb, from_status):
        if self.person_id == by.pk:
            raise TransitionRefused(OWN)
        with transition(self, by=by, verb=verb, from_status=from_status) as appraisal:
            yield appraisal

    def _refuse_too_soon(self):
        first = rules.earliest_meeting(self.convened_on)
        if self.meeting_on < first:
            raise TransitionRefused(TOO_SOON.format(days=rules.NOTICE_DAYS, day=full_date(first), source=rules.SOURCE))

    def _tell_meeting(self):
        self._tell(f"{self.meeting_on}", "Entretien annuel", f"Vous êtes attendu·e le {full_date(self.meeting_on)}.")

    def _tell(self, what, title, body):
        """Mail leaves the house: it says the date, never a word of the report."""
        event = f"appraisal-{self.pk}-{what}"
        notify([self.person], event=event, title=title, body=body, url=self.get_absolute_url())
