"""The steps of a tour: proposed, then accepted or dropped; each a verb, one lock, one line in the journal."""

from django.utils import timezone

from core.french import counted
from establishments.workflow import TransitionRefused, transition


class TourSteps:
    """Methods of `TourPlan`, kept apart from its columns."""

    def accept(self, *, by):
        """Schedule every visit of the tour; twice gives the same visits. Returns how many were made and moved."""
        from .. import tour_plans

        with transition(self, by=by, verb="tournée acceptée", from_status=[self.Status.PROPOSED]) as plan:
            stops = list(plan.stops.visible_to(by).select_related("establishment", "visit"))
            if any(stop.day < timezone.localdate() and not stop.is_scheduled_there for stop in stops):
                raise TransitionRefused("Des jours de cette tournée sont passés : recalculez-la.")
            if not stops:
                raise TransitionRefused("Cette tournée ne contient aucune visite.")
            made, moved = tour_plans.schedule(stops, by=by)
            plan.status, plan.accepted_at = self.Status.ACCEPTED, timezone.now()
            plan.version += 1
        return counted(made, "visite planifiée", "visites planifiées"), moved

    def drop(self, *, by):
        """Leave the proposal: nothing was scheduled, nothing changes."""
        started = [self.Status.WAITING, self.Status.PROPOSED]
        with transition(self, by=by, verb="tournée abandonnée", from_status=started) as plan:
            plan.status = self.Status.DROPPED
            plan.version += 1
