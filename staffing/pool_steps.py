"""How the float pool is distributed: proposed by the planner, confirmed once, undone; each line in the journal."""

import uuid
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from core.jobs import JobStopped, Progress, notify
from core.models import Job
from establishments.models import Capability, Establishment, JournalHead, record
from establishments.workflow import StaleVersion, TransitionRefused

from .float_pool import plan
from .models import FloatAssignment, PoolProposal
from .pool_board import effect_of
from .pool_week import PoolWeek, week_of

NOW_UP_TO = 600  # agents × needs: more goes through the queue
SECONDS_NOW, SECONDS_LATER = 1.0, 20.0
READY = "La répartition proposée est prête\u00a0: rien n’est décidé avant votre confirmation."
STOPPED = "Arrêtée à votre demande\u00a0: aucune répartition n’a été gardée."
BROKEN = "La répartition n’a pas pu être calculée\u00a0: relancez-la."


def houses_of(user, territory, day):
    """The houses whose pool the user keeps, in a territory or all."""
    houses = Establishment.objects.visible_to(user, Capability.MANAGE_POOL).open_on(day)
    houses = houses.within(territory) if territory else houses
    return houses.order_by().values_list("pk", flat=True)


# --- proposing


def propose(owner, territory, monday: date) -> PoolProposal:
    """A distribution computed at once when it is small, through the queue otherwise (its job says how far it is)."""
    week = week_of(houses_of(owner, territory, monday), monday)
    proposal = PoolProposal(owner=owner, territory=territory, week=monday)
    if len(week.agents) * len(week.needs) <= NOW_UP_TO:
        _keep(proposal, _planned(week, SECONDS_NOW))
        return proposal
    label = f"Répartition du pool, semaine du {monday:%d/%m/%Y}"
    proposal.job = Job.objects.create(owner=owner, label=label)
    proposal.save()
    transaction.on_commit(lambda: plan_pool.enqueue(proposal.pk))
    return proposal


@task()
def plan_pool(proposal_id: int) -> None:
    """Compute one proposal, once: a second worker finds it taken."""
    proposal = PoolProposal.objects.select_related("owner", "territory", "job").get(pk=proposal_id)
    job = proposal.job
    if not Job.objects.filter(pk=job.pk, status=Job.Status.WAITING).update(status=Job.Status.RUNNING):
        return
    try:
        week = week_of(houses_of(proposal.owner, proposal.territory, proposal.week), proposal.week)
        progress = Progress(job, 4 * max(1, len({need.on for need in week.needs})), step=1)
        _keep(proposal, _planned(week, SECONDS_LATER, lambda done, _: progress.advance(done)))
    except JobStopped:
        _give_up(job, Job.Status.STOPPED, STOPPED)
        return
    except Exception:
        _give_up(job, Job.Status.FAILED, BROKEN)
        raise
    progress.finish(READY)
    notify([proposal.owner], event=f"job-{job.pk}", title="Répartition prête", body=job.label, url=board_url(proposal))


def board_url(proposal: PoolProposal) -> str:
    where = f"&territoire={proposal.territory_id}" if proposal.territory_id else ""
    return f"{reverse('staffing:pool_board')}?semaine={proposal.week.isoformat()}{where}&proposition={proposal.pk}"


def _planned(week: PoolWeek, seconds, progress=None) -> dict:
    """What is confirmed stays: the planner fills what is left."""
    found = plan(week.agents, week.asked, pinned=week.choice, max_seconds=seconds, progress=progress)
    return {
        "agents": {str(each.need.id): each.agent.id for each in found.assignments},
        "reasons": {
            str(each.need.id): each.reason
            for each in (*found.assignments, *found.uncovered)
            if each.need.id not in week.choice
        },
        "exact": found.exact,
        "complete": found.complete,
    }


def _keep(proposal, choices):
    proposal.choices, proposal.made_at = choices, timezone.now()
    proposal.save()


def _give_up(job, status, message):
    Job.objects.filter(pk=job.pk).update(status=status, message=message, finished_at=timezone.now())


# --- confirming


def distribute(user, territory, monday: date, wanted: dict[int, int | None], *, seen: str, batch, reasons) -> int:
    """Send people as `wanted` says, need -> employee or None; needs that are not in it stay. Returns the changes.

    The same `batch` sent again changes nothing. Raises StaleVersion, which holds the week as it is now, when somebody
    decided since version `seen`; TransitionRefused when a rule of law forbids it.
    """
    with transaction.atomic():
        JournalHead.locked()
        if _is_done(batch):
            return 0
        week = week_of(houses_of(user, territory, monday), monday)
        choice = merged(week, wanted)
        if choice == week.choice:
            return 0
        if week.fingerprint != seen:
            raise StaleVersion(week)
        effect = effect_of(week, choice)
        if effect.blocked:
            raise TransitionRefused(f"Rien n’est confirmé. {' '.join(effect.faults)}")
        return _write(week, choice, batch, reasons, by=user)


def _is_done(batch) -> bool:
    rows = FloatAssignment.objects.all()
    return rows.filter(confirmed_in=batch).exists() or rows.filter(withdrawn_in=batch).exists()


def merged(week: PoolWeek, wanted) -> dict[int, int]:
    """Who goes where over the whole week. Raises TransitionRefused for a need or a person of another board."""
    known, agents = {need.pk for need in week.needs}, set(week.names)
    choice = dict(week.choice)
    for need, agent in wanted.items():
        if need not in known or (agent is not None and agent not in agents):
            raise TransitionRefused("Un besoin ou une personne n’est plus dans ce tableau\u00a0: rien n’est confirmé.")
        choice.pop(need, None)
        if agent is not None:
            choice[need] = agent
    return choice


def _write(week: PoolWeek, choice, batch, reasons, *, by) -> int:
    """First who leaves, then who comes: one house a day for each agent all along."""
    changed = [need for need in week.needs if week.choice.get(need.pk) != choice.get(need.pk)]
    for row in FloatAssignment.objects.confirmed().filter(need__in=changed).select_related("establishment"):
        row.withdraw(by=by, through=batch)
    for need in changed:
        if need.pk in choice:
            _send(need, choice[need.pk], batch, reasons.get(need.pk, ""), by=by)
    return len(changed)


def _send(need, employee, batch, reason, *, by):
    row = FloatAssignment.objects.create(
        need=need,
        employee_id=employee,
        establishment_id=need.establishment_id,
        on=need.on,
        starts_at=need.starts_at,
        ends_at=need.ends_at,
        reason=reason or "Choix de la coordination.",
        decided_by=by,
        confirmed_in=batch,
    )
    record("affectation du pool confirmée", row, by=by, note=row.reason, establishment=need.establishment)
    row.tell()


def undo(batch: uuid.UUID, *, by) -> int:
    """Go back to what was before a distribution; what was decided since stays. Returns the changes."""
    with transaction.atomic():
        JournalHead.locked()
        mine = FloatAssignment.objects.visible_to(by, Capability.MANAGE_POOL)
        sent = list(mine.confirmed().filter(confirmed_in=batch))
        through = uuid.uuid4()
        for row in sent:
            row.withdraw(by=by, through=through)
        restored = [row for row in mine.filter(withdrawn_in=batch) if _may_return(row)]
        for row in restored:
            row.restore(by=by)
        return len(sent) + len(restored)


def _may_return(row) -> bool:
    """Nobody else took her place or her day meanwhile, and the need still stands."""
    others = FloatAssignment.objects.confirmed()
    taken = others.filter(need=row.need_id) | others.filter(employee=row.employee_id, on=row.on)
    return row.need.status in row.need.OPEN and not taken.exists()
