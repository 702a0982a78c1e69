"""A tour is computed apart from the page that asks for it: with its progress, a stop button and a limit of time."""

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from core.french import counted
from core.jobs import JobStopped, Progress
from core.models import Job

from . import tour_plans
from .models import TourPlan

PARTS = 100


@task()
def compute_tour(plan_id):
    """Compute one tour and write it; a tour dropped or accepted meanwhile is left alone."""
    plan = TourPlan.objects.filter(pk=plan_id, status=TourPlan.Status.WAITING).select_related("job", "owner").first()
    if plan is None:
        return
    told = Told(Progress(plan.job, PARTS, step=1))
    try:
        made = tour_plans.compute(plan, progress=told)
    except JobStopped:
        _over(plan, Job.Status.STOPPED, "Arrêtée à votre demande : rien n’a été proposé.")
        return
    except Exception:
        _over(
            plan, Job.Status.FAILED, "Le calcul a échoué : rien n’a changé. Relancez-le, ou prévenez l’administration."
        )
        raise
    with transaction.atomic():
        plan = TourPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        if plan.status != TourPlan.Status.WAITING:
            return
        plan.status = TourPlan.Status.PROPOSED
        tour_plans.write(plan, made)
    told.progress.finish(f"{counted(len(made.visits), 'visite')} : {made.status_label}.")


def _over(plan, status, message):
    Job.objects.filter(pk=plan.job_id).update(status=status, message=message, finished_at=timezone.now())
    # A tour that was only computed again is what it was before.
    before = TourPlan.Status.PROPOSED if plan.stops.exists() else TourPlan.Status.DROPPED
    TourPlan.objects.filter(pk=plan.pk, status=TourPlan.Status.WAITING).update(status=before)


class Told:
    """Called by the planner hundreds of times: writes a hundred at most."""

    def __init__(self, progress):
        self.progress, self.last = progress, -1

    def __call__(self, part, sentence):
        done = int(part * PARTS)
        if done > self.last:
            self.last = done
            self.progress.advance(done)


def ask_for(plan):
    """Save a plan just filled in, and queue its computation. Returns it; the same key again gives the first one."""
    with transaction.atomic():
        known = TourPlan.objects.filter(client_uuid=plan.client_uuid, owner=plan.owner).first()
        if known is not None:
            return known
        plan.job = Job.objects.create(owner=plan.owner, label=f"Tournée à partir du {plan.starts_on:%d/%m/%Y}")
        plan.save()
        transaction.on_commit(lambda: compute_tour.enqueue(plan.pk))
    return plan


def ask_again(plan):
    """Compute a proposal anew, around what is locked in it."""
    with transaction.atomic():
        job = Job.objects.create(owner=plan.owner, label=f"{plan}, recalculée")
        changed = TourPlan.objects.filter(pk=plan.pk, status=TourPlan.Status.PROPOSED).update(
            status=TourPlan.Status.WAITING, job=job
        )
        if changed:
            transaction.on_commit(lambda: compute_tour.enqueue(plan.pk))
    return bool(changed)
