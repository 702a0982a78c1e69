"""What a file of agents did, kept beside it: before, after, and how each agent was left."""

from django.db.models import Max

from core.french import counted
from establishments.models import Establishment, record

from ..models import Employee, Posting, StaffImport, StaffImportLine
from .snapshots import difference, postings_of, read_agents, seen

Outcome = StaffImportLine.Outcome


def referring():
    """The tables that point to an agent, her postings apart: (model, name of the key)."""
    found = ((link.related_model, link.field.name) for link in Employee._meta.related_objects)
    return [(model, name) for model, name in found if model is not Posting]


def keep_import(groups, prior, filename, *, by):
    """Record a file that was just written, inside its transaction. Returns the StaffImport.

    `groups`: {outcome: people of the file}; `prior`: {staff number: postings before} (`postings_of`).
    """
    run = StaffImport.objects.create(
        by=by,
        filename=filename[:200],
        marks={
            model._meta.label: model._base_manager.aggregate(last=Max("pk"))["last"] or 0 for model, _ in referring()
        },
        **{f"{outcome}_count": len(people) for outcome, people in groups.items()},
    )
    agents = read_agents("staff_number", (person.staff_number for people in groups.values() for person in people))
    lines = [
        _line(run, outcome, person, prior.get(person.staff_number, {}), agents[person.staff_number])
        for outcome, people in groups.items()
        for person in people
    ]
    StaffImportLine.objects.bulk_create(lines)
    run.establishments.set({p["establishment_id"] for line in lines for p in [*line.before, *line.after]})
    journal("équipes importées", run, by=by)
    return run


def _line(run, outcome, person, before, employee):
    after = postings_of(employee)
    return StaffImportLine(
        run=run,
        number=person.line,
        outcome=outcome,
        employee=employee,
        staff_number=person.staff_number,
        before=difference(before, after),
        after=difference(after, before),
        seen=seen(employee, created=outcome == Outcome.CREATED),
    )


def journal(verb, run, *, by):
    """One line a house: each reader finds what came to hers, and from which file."""
    counts = dict.fromkeys(run.establishments.values_list("pk", flat=True), 0)
    for line in run.lines.all():
        for pk in {posting["establishment_id"] for posting in [*line.before, *line.after]}:
            counts[pk] += 1
    known = Establishment.objects.in_bulk(list(counts))
    for pk, count in sorted(counts.items()):
        note = f"Fichier «\u00a0{run.filename}\u00a0», {counted(count, 'ligne')}."
        record(verb, run, by=by, note=note, establishment=known[pk])
