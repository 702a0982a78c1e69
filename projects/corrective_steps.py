"""Corrective measures: closed on evidence and a second look, opened again when the gap is found again."""

from django.utils import timezone

from core.jobs import notify
from establishments.workflow import TransitionRefused, transition


class CorrectiveSteps:
    """Methods of `ActionItem`, kept apart from its columns."""

    @property
    def needs_evidence(self) -> bool:
        """Whether nothing yet shows that a corrective measure is done."""
        return self.kind == self.Kind.CORRECTIVE and not self.evidence.strip()

    def is_done_by(self, person):
        """Whether this person declared the measure done or, nobody having said so yet, is the one in charge of it."""
        return person.pk == (self.declared_by_id or self.owner_id)

    def _refuse_unseen(self, by, evidence):
        if self.kind != self.Kind.CORRECTIVE:
            return
        if not (evidence or self.evidence).strip():
            raise TransitionRefused("Une mesure corrective se vérifie sur preuve\u00a0: dites ce que vous avez vu.")
        if self.is_done_by(by):
            raise TransitionRefused(
                "Un second regard vérifie une mesure corrective\u00a0: une autre personne que celle qui l’a faite."
            )

    def find_again(self, *, by, note):
        """The gap that was corrected is found again: a verified action goes back to work, and its owner is told."""
        step = {"verb": "action rouverte", "from_status": [self.Status.VERIFIED], "note": note}
        with transition(self, by=by, **step) as action:
            action.status = self.Status.IN_PROGRESS
            action.declared_by = action.declared_at = action.closed_by = action.closed_at = None
            action.evidence = action.effectiveness = action.effectiveness_note = ""
            action.assessed_by = action.assessed_at = None
            action.reopened_at, action.reopened_count = timezone.now(), action.reopened_count + 1
            if action.owner_id and action.owner_id != by.pk:
                notify(
                    [action.owner],
                    event=f"action-{self.pk}-rouverte-{action.reopened_count}",
                    title="Une mesure vérifiée est à reprendre",
                    body=f"{action.title} ({action.place}).",
                    url=self.get_absolute_url(),
                )
