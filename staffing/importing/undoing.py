"""Take a file of agents back, whole or not at all; say which of its rows stand in the way."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from core.french import capitalise, counted, sentence_list
from establishments.models import JournalHead
from establishments.workflow import TransitionRefused

from ..models import StaffImport, StaffImportLine
from .recording import journal, referring
from .snapshots import put_back, read_agents, seen

NAMED = 5
Outcome, Status = StaffImportLine.Outcome, StaffImport.Status


@dataclass(frozen=True)
class Obstacle:
    """A row of the file that cannot be given back, and why."""

    number: int
    who: str
    reason: str

    def __str__(self):
        return f"ligne {self.number}, {self.who}\u00a0: {self.reason}"


def undo_import(run, *, by):
    """Give back every agent as she was before the file. Raises TransitionRefused, nothing being written then."""
    with transaction.atomic():
        JournalHead.locked()
        locked = StaffImport.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.status != Status.APPLIED:
            raise TransitionRefused(f"Déjà traité\u00a0: import {locked.get_status_display()}.")
        lines = list(locked.lines.all())
        agents = read_agents("pk", (line.employee_id for line in lines))
        if found := _obstacles(locked, lines, agents):
            raise TransitionRefused(refusal(found))
        journal("import d’équipes annulé", locked, by=by)
        for line in lines:
            _give_back(line, agents[line.employee_id])
        locked.status, locked.undone_by, locked.undone_at = Status.UNDONE, by, timezone.now()
        locked.save()
    return locked


def _give_back(line, employee):
    if line.outcome == Outcome.CREATED:
        employee.delete()
    else:
        put_back(employee, line.before, line.after)


def obstacles(run):
    """The rows that changed since, or that something else relies on now; queries do not grow with the rows."""
    lines = list(run.lines.all())
    return _obstacles(run, lines, read_agents("pk", (line.employee_id for line in lines)))


def refusal(found):
    named = [str(one) for one in found[:NAMED]]
    if len(found) > NAMED:
        named.append(f"et {counted(len(found) - NAMED, 'autre ligne', 'autres lignes')}")
    told = "\u202f; ".join(named)
    return f"Rien n’a été annulé, tout reste comme l’import l’a écrit. {capitalise(told)}."


def _obstacles(run, lines, agents):
    relied = _relied(run, list(agents))
    found = []
    for line in lines:
        employee = agents.get(line.employee_id)
        if employee is None:
            found.append(Obstacle(line.number, f"matricule {line.staff_number}", "effacée depuis l’import"))
        elif reason := _reason(line, employee, relied[employee.pk]):
            found.append(Obstacle(line.number, f"{employee} ({line.staff_number})", reason))
    return found


def _reason(line, employee, uses):
    if seen(employee, created=line.outcome == Outcome.CREATED) != line.seen:
        return "modifiée depuis l’import, à la main ou par un autre fichier"
    # A person who was there before only loses the houses that the file gave her.
    gained = {p["establishment_id"] for p in line.after} - {p["establishment_id"] for p in line.before}
    nouns = {noun for noun, house in uses if line.outcome == Outcome.CREATED or house in gained}
    return f"utilisée depuis l’import ({sentence_list(sorted(nouns))})" if nouns else ""


def _relied(run, agents):
    """{agent: [(what points to her since the import, in which house)]}."""
    found = defaultdict(list)
    for model, name in referring():
        rows = model._base_manager.filter(**{f"{name}__in": agents}, pk__gt=run.marks.get(model._meta.label, 0))
        for agent, house in rows.values_list(name, "establishment"):
            found[agent].append((str(model._meta.verbose_name), house))
    return found
