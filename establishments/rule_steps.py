"""What may happen to a change of a rule: recorded before its day, taken into account, cancelled before its day."""

from django.db import transaction
from django.utils import timezone

from core.jobs import notify

from .workflow import TransitionRefused, transition

TOO_LATE = "La date d’effet est passée\u00a0: un changement s’enregistre et s’annule avant elle."


class RuleChangeSteps:
    """Methods of `RuleChange`, kept apart from its columns."""

    def record_once(self, *, by, client_uuid):
        """Record it and list the houses it touches, each with a notice; the same form twice gives the same change."""
        from . import rule_changes, rule_impact
        from .models import JournalHead, record

        with transaction.atomic():
            JournalHead.locked()
            known = type(self).objects.filter(client_uuid=client_uuid).first()
            if known is not None:
                return known
            if self.starts_on <= timezone.localdate():
                raise TransitionRefused(TOO_LATE)
            if type(self).objects.recorded().filter(rule_id=self.rule_id, starts_on=self.starts_on).exists():
                raise TransitionRefused("Un changement de cette règle est déjà enregistré pour ce jour.")
            self.client_uuid, self.recorded_by = client_uuid, by
            self.save()
            houses = rule_impact.touched(self)
            self.notices.bulk_create(self.notices.model(change=self, establishment=house) for house in houses)
            record("changement de règle enregistré", self, by=by)
            transaction.on_commit(rule_changes.refresh)
        self._tell(houses)
        return self

    def acknowledge(self, house, *, by):
        """Take it into account for one house; twice is once."""
        from .models import JournalHead, record

        with transaction.atomic():
            JournalHead.locked()
            if self.status != self.Status.RECORDED:
                raise TransitionRefused("Ce changement est annulé.")
            notice, _ = self.notices.get_or_create(establishment=house)
            if notice.acknowledged_at is None:
                notice.acknowledged_by, notice.acknowledged_at = by, timezone.now()
                notice.save()
                record("règle prise en compte", self, by=by, establishment=house)
        return notice

    def cancel(self, *, by, reason):
        """Withdraw it before its day of effect: nothing it announced happens."""
        from . import rule_changes

        with transition(
            self, by=by, verb="changement de règle annulé", from_status=[self.Status.RECORDED], note=reason
        ) as change:
            if change.starts_on <= timezone.localdate():
                raise TransitionRefused(TOO_LATE)
            change.status = self.Status.CANCELLED
            change.cancelled_by, change.cancelled_on, change.reason = by, timezone.localdate(), reason
            transaction.on_commit(rule_changes.refresh)

    def _tell(self, houses):
        from core.french import full_date
        from core.models import User

        from .models import Mandate, Role

        mandates = Mandate.objects.active_on(timezone.localdate()).filter(
            role=Role.DIRECTOR, establishment__in=[house.pk for house in houses]
        )
        notify(
            User.objects.filter(pk__in=mandates.values("user"), is_active=True),
            event=f"rule-change-{self.pk}",
            title="Une règle change",
            body=f"{self.title} ({self.article}), au {full_date(self.starts_on)}. Prenez-en acte.",
            url=self.get_absolute_url(),
        )
