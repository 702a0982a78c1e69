"""The steps of a visit and of its report: each a verb, one lock, one line in the journal."""

import uuid
from contextlib import contextmanager

from django.db.transaction import atomic
from django.utils import timezone

from core.french import full_date, short_date
from core.jobs import notify
from establishments.workflow import TransitionRefused, transition

from .. import contradictoire


class VisitSteps:
    """Methods of `Visit`, kept apart from its columns."""

    def cancel(self, *, by, reason):
        """The visit will not take place; the reason stays."""
        self._drop(self.Status.CANCELLED, "visite annulée", by, reason)

    def postpone(self, *, by, reason, to, client_uuid=None):
        """The visit moves to another day: this one keeps the reason, a new one takes its place and is returned."""
        following = type(self).objects.filter(client_uuid=client_uuid, replaces=self).first()
        if following is not None:  # the same request, sent twice
            return following
        if type(self).objects.filter(client_uuid=client_uuid).exists():  # the key of another visit
            raise TransitionRefused("Ce formulaire a déjà servi\u00a0: ouvrez-en un nouveau.")
        if to <= self.planned_on:
            raise TransitionRefused("La nouvelle date doit suivre la date prévue.")
        return self._drop(self.Status.POSTPONED, "visite reportée", by, reason, to=to, client_uuid=client_uuid)

    def move(self, *, by, to, at):
        """A visit still to come changes day with the tour it belongs to; the journal says from where."""
        note = f"du {short_date(self.planned_on)} au {short_date(to)}"
        with transition(self, by=by, verb="visite déplacée", from_status=[self.Status.PLANNED], note=note) as visit:
            visit.planned_on, visit.planned_at = to, at
            visit.edition += 1

    def _drop(self, status, verb, by, reason, to=None, client_uuid=None):
        with transition(self, by=by, verb=verb, from_status=[self.Status.PLANNED], note=reason) as visit:
            visit.status = status
            visit.status_reason = reason
            visit.edition += 1
            if to is None:
                return None
            return type(self).objects.create(
                establishment_id=visit.establishment_id,
                coordinator_id=visit.coordinator_id,
                kind=visit.kind,
                is_announced=visit.is_announced,
                is_on_site=visit.is_on_site,
                planned_on=to,
                replaces=visit,
                created_by=by,
                client_uuid=client_uuid or uuid.uuid4(),
            )

    def share(self, *, by):
        """Give the complete report to the director: actions take the state seen, the text is arrested."""
        from .. import closing, report_facts, reports

        with self._report_step("compte rendu transmis", by, [self.ReportStatus.DRAFT]) as visit:
            if visit.status != self.Status.DONE:
                raise TransitionRefused("Le compte rendu se transmet une fois la visite réalisée.")
            closing.refuse_incomplete(visit)
            closing.apply_checks(visit, by)
            closing.reveal_actions(visit)
            visit.report_status = self.ReportStatus.SHARED
            visit.shared_by, visit.shared_at = by, timezone.now()
            visit.answer_due_on = closing.answer_due(timezone.localdate())
            visit.version += 1
            visit.facts = reports.to_json(report_facts.build_report(visit))
            self._tell(
                visit,
                closing.directors_of(visit.establishment, timezone.localdate()),
                "Un compte rendu de visite vous est transmis",
                f"{visit.establishment}, visite du {full_date(visit.visited_on)}. "
                f"Vous pouvez y répondre jusqu’au {full_date(visit.answer_due_on)}.",
            )

    def answer(self, *, by, remark):
        """The director's remarks, one text or several, while the time to answer runs."""
        from .observations import VisitResponse
        from .remarks import Remark

        texts = [remark] if isinstance(remark, str) else list(remark)

        with self._report_step("observations reçues", by, [self.ReportStatus.SHARED]) as visit:
            if not contradictoire.may_answer(timezone.localdate(), visit.answer_due_on):
                raise TransitionRefused(f"Le délai de réponse est passé depuis le {short_date(visit.answer_due_on)}.")
            now = timezone.now()
            VisitResponse.objects.create(visit=visit, remark="\n\n".join(texts), answered_by=by, answered_at=now)
            Remark.objects.bulk_create(Remark(visit=visit, position=n, text=t) for n, t in enumerate(texts, start=1))
            visit.report_status, visit.answered_at = self.ReportStatus.ANSWERED, now
            visit.version += 1
            self._tell(
                visit,
                {visit.coordinator, visit.shared_by},
                "Des observations sur votre compte rendu",
                f"{visit.establishment}, visite du {full_date(visit.visited_on)}.",
            )

    def validate_report(self, *, by):
        """Close and freeze the report: after an answer, or once the time to answer is over."""
        from core.pdf import fingerprint

        from .. import closing, report_facts, reports

        from_status = [self.ReportStatus.SHARED, self.ReportStatus.ANSWERED]
        with self._report_step("compte rendu validé", by, from_status) as visit:
            answered = visit.report_status == self.ReportStatus.ANSWERED
            if not contradictoire.may_validate(
                timezone.localdate(), answer_due_on=visit.answer_due_on, answered=answered
            ):
                raise TransitionRefused(
                    f"Une réponse est possible jusqu’au {full_date(visit.answer_due_on)} inclus : "
                    "le compte rendu se valide à partir du lendemain."
                )
            closing.refuse_undecided(visit)
            report = report_facts.report_of(visit)
            visit.report_status = self.ReportStatus.VALIDATED
            visit.validated_by, visit.validated_at = by, timezone.now()
            visit.version += 1
            report = reports.replace(report, progress=report_facts.progress_of(visit))
            visit.facts, visit.fingerprint = reports.to_json(report), fingerprint(report)
            told = {*closing.directors_of(visit.establishment, timezone.localdate()), visit.coordinator} - {by}
            self._tell(
                visit,
                told,
                "Compte rendu validé",
                f"{visit.establishment}, visite du {full_date(visit.visited_on)}.",
            )

    @contextmanager
    def _report_step(self, verb, by, from_status):
        """A step of the report; the search reads what it left, or neither happened."""
        from ..search import index_visit

        with atomic():
            with transition(self, by=by, verb=verb, from_status=from_status, field="report_status") as visit:
                yield visit
            index_visit(visit)

    def _tell(self, visit, people, title, body):
        notify(
            people,
            event=f"visit-{visit.pk}-{visit.report_status}",
            title=title,
            body=body,
            url=visit.get_absolute_url(),
        )
