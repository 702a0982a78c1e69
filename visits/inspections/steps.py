"""What may happen to an inspection and its findings: recorded once, displayed, controlled again, lifted."""

from django.db import transaction
from django.utils import timezone

from core.french import full_date, short_date
from core.jobs import notify
from establishments.models import JournalHead, Level, Role, record
from establishments.workflow import TransitionRefused, transition
from projects.models import ActionItem

from ..people import holders_over
from . import findings

NEAR = [Role.COORDINATOR, Role.POLE_HEAD, Role.DIRECTOR]
ABOVE = [Role.DIVISION_HEAD, Role.CENTRAL]
USED = "Ce formulaire a déjà servi\u00a0: ouvrez-en un nouveau."


class InspectionSteps:
    """Methods of `Inspection`, kept apart from its columns."""

    def enter(self, *, by):
        """Record the inspection; the same form twice gives the same one, and tells nobody twice."""
        with transaction.atomic():
            JournalHead.locked()
            known = type(self).objects.filter(client_uuid=self.client_uuid).first()
            if known is not None:
                if known.recorded_by_id != by.pk:
                    raise TransitionRefused(USED)
                return known
            self.recorded_by, self.recorded_at = by, timezone.now()
            self.save()
            record("contrôle enregistré", self, by=by, establishment=self.establishment)
            index(self)
            notify(
                set(holders_over(self.establishment, NEAR)) - {by},
                event=f"inspection-{self.pk}-entered",
                title=f"{self}, {self.establishment}",
                body=self.subject,
                url=self.get_absolute_url(),
            )
        return self

    def add_finding(self, finding, *, by):
        """Write one finding as the authority wrote it. An injunction is told to those above as well."""
        with transaction.atomic():
            JournalHead.locked()
            known = type(finding).objects.filter(client_uuid=finding.client_uuid).first()
            if known is not None:
                if known.inspection_id != self.pk:
                    raise TransitionRefused(USED)
                return known
            locked = type(self).objects.select_for_update(of=("self",)).get(pk=self.pk)
            if locked.status == self.Status.CLOSED:
                raise TransitionRefused("Ce contrôle est clos\u00a0: aucun constat ne s’y ajoute.")
            if not findings.may_find(locked.authority, finding.nature):
                raise TransitionRefused("Seuls la PMI et le préfet prononcent une injonction (CSP L. 2324-3).")
            finding.inspection, finding.noted_by = locked, by
            finding.save()
            record(
                f"constat noté\u00a0: {finding.get_nature_display()}", self, by=by, establishment=self.establishment
            )
            index(self)
            if finding.is_injunction:
                self._tell_injunction(finding, by)
        return finding

    def send_answer(self, *, by, on, text):
        """The answer has left: every finding that asks for something says what was decided about it."""
        if not self.held_on <= on <= timezone.localdate():
            raise TransitionRefused("La réponse part après le contrôle, et au plus tard aujourd’hui.")
        with self._step("réponse envoyée", by, [self.Status.OPEN], full_date(on)) as inspection:
            if not inspection.findings.kept().exists():
                raise TransitionRefused("Notez d’abord les constats\u00a0: la réponse les reprend un à un.")
            silent = inspection.findings.standing().exclude(nature=findings.REMARK).filter(raised=None).count()
            if silent:
                raise TransitionRefused(
                    f"Il manque une mesure à {silent} constat{'s' if silent > 1 else ''}\u00a0: rien n’est envoyé."
                )
            inspection.status, inspection.answer = self.Status.ANSWERED, text
            inspection.answered_on, inspection.answered_by = on, by
        index(self)

    def close(self, *, by):
        """The inspection is over: everything found was lifted."""
        with self._step("contrôle clos", by, [self.Status.OPEN, self.Status.ANSWERED]) as inspection:
            left = inspection.findings.standing().count()
            if left:
                raise TransitionRefused(
                    f"Il reste {left} constat{'s' if left > 1 else ''} à lever. Rien n’a été clos."
                )
            inspection.status = self.Status.CLOSED
            inspection.closed_by, inspection.closed_at = by, timezone.now()

    def _step(self, verb, by, from_status, note=""):
        return transition(self, by=by, verb=verb, from_status=from_status, note=note)

    def _tell_injunction(self, finding, by):
        notify(
            set(holders_over(self.establishment, NEAR + ABOVE)) - {by},
            event=f"finding-{finding.pk}-injunction",
            title=f"Injonction\u00a0: {self.establishment}",
            body=f"{self.get_authority_display()}, à corriger avant le {full_date(finding.due_on)}.",
            url=finding.get_absolute_url(),
        )


class FindingSteps:
    """Methods of `Finding`, kept apart from its columns."""

    def raise_action(self, *, by, title, due_on, owner_id, client_uuid):
        """A corrective measure in the one list of actions, with its origin; the same form twice gives one."""
        from ..models import ActionOrigin

        with transaction.atomic():
            action = ActionItem(
                establishment=self.establishment,
                title=title,
                due_on=due_on,
                owner_id=owner_id,
                kind=ActionItem.Kind.CORRECTIVE,
                origin_kind=ActionItem.Origin.INSPECTION,
                origin_label=str(self)[:200],
                level=Level.ETABLISSEMENT,
                client_uuid=client_uuid,
            ).create_once(by=by)
            ActionOrigin.objects.get_or_create(action=action, defaults={"finding": self})
        return action

    def prove(self, *, by, document, note):
        """Keep what shows that the finding is corrected: a file of the house, and one line."""
        with self._step("preuve apportée", by, note=note) as finding:
            finding.proof, finding.proof_note, finding.proved_by = document or finding.proof, note, by
        index(self.inspection)

    def display(self, *, by, on):
        """Note that the house displays it at its entrance, as the authority ordered."""
        if not self.must_display:
            raise TransitionRefused("Ce constat n’est pas à afficher.")
        if not self.inspection.held_on <= on <= timezone.localdate():
            raise TransitionRefused("L’affichage se note une fois fait, après le contrôle.")
        with self._step("constat affiché", by, note=short_date(on)) as finding:
            finding.displayed_on = on

    def look_again(self, check, *, by):
        """Note that the authority looked again: lifted on a proof, or kept with another delay. Once a form."""
        known = type(check).objects.filter(client_uuid=check.client_uuid).first()
        if known is not None:
            return known
        lifted = check.outcome == check.Outcome.LIFTED
        verb = "constat levé" if lifted else "constat maintenu"
        with self._step(verb, by, note=check.note) as finding:
            finding._refuse_check(check)
            if lifted:
                finding._refuse_unproved(check, by)
                finding.status, finding.lifted_on = self.Status.LIFTED, check.checked_on
            check.finding, check.noted_by = finding, by
            check.due_before = finding.due_on
            if not lifted:
                finding.version += 1  # a page of correction opened before shows the delay that this one replaces
                check.due_after = check.due_after or finding.due_on
                finding.due_on = check.due_after
                finding._take_up_again(by, check)
            check.save(force_insert=True)
        return check

    def _refuse_check(self, check):
        if not self.inspection.held_on <= check.checked_on <= timezone.localdate():
            raise TransitionRefused("La suite se note après le contrôle, et au plus tard aujourd’hui.")
        if check.outcome == check.Outcome.KEPT and not check.note.strip():
            raise TransitionRefused("Dites ce qui reste à corriger.")
        if check.due_after is not None and check.due_after <= check.checked_on:
            raise TransitionRefused("Le nouveau délai suit le contrôle.")

    def _refuse_unproved(self, check, by):
        """An injunction is lifted by a control on the spot (L. 2324-3); an audit, by somebody else than who did it."""
        if self.is_injunction and not check.is_on_site:
            raise TransitionRefused("Une injonction se lève après un contrôle sur place (CSP L. 2324-3).")
        measures = ActionItem.objects.filter(origin__finding=self)
        if measures.filter(status__in=ActionItem.FOLLOWED).exists():
            raise TransitionRefused("Une mesure n’est pas encore vérifiée\u00a0: le constat ne se lève pas.")
        verified = measures.filter(status=ActionItem.Status.VERIFIED)
        if findings.needs_proof(self.nature) and self.proved_by_id is None and not verified.exists():
            raise TransitionRefused("Il manque une preuve, ou une mesure vérifiée\u00a0: le constat ne se lève pas.")
        if self.inspection.authority == findings.AUDIT:
            doers = {self.proved_by_id, *verified.values_list("declared_by", flat=True)}
            if by.pk in doers:
                raise TransitionRefused("Un second regard lève une recommandation\u00a0: une autre personne le note.")

    def _take_up_again(self, by, check):
        """What was verified did not hold: the measures of a finding that is kept are back to work."""
        for action in ActionItem.objects.filter(origin__finding=self, status=ActionItem.Status.VERIFIED):
            note = f"constat maintenu le {short_date(check.checked_on)}\u00a0: {check.note}"
            action.find_again(by=by, note=note)

    def _step(self, verb, by, note=""):
        return transition(self, by=by, verb=verb, from_status=[self.Status.STANDING], note=note)


def index(inspection):
    """The search reads what the step left."""
    from .search import index_inspection

    index_inspection(inspection)
