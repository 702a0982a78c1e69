"""The steps of a visit and of its report: each a verb, one lock, one line in the journal."""

import uuid

from establishments.workflow import TransitionRefused, transition


class VisitSteps:
    """Methods of `Visit`, kept apart from its columns."""

    def cancel(self, *, by, reason):
        """The visit will not take place; the reason stays."""
        self._drop(self.Status.CANCELLED, "visite annulée", by, reason)

    def postpone(self, *, by, reason, to, client_uuid=None):
        """The visit moves to another day: this one keeps the reason, a new one takes its place and is returned."""
        if to <= self.planned_on:
            raise TransitionRefused("La nouvelle date doit suivre la date prévue.")
        return self._drop(self.Status.POSTPONED, "visite reportée", by, reason, to=to, client_uuid=client_uuid)

    def _drop(self, status, verb, by, reason, to=None, client_uuid=None):
        with transition(self, by=by, verb=verb, from_status=[self.Status.PLANNED], note=reason) as visit:
            visit.status = status
            visit.status_reason = reason
            visit.version += 1
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
