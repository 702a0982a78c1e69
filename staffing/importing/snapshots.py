"""What is stored of an agent, as plain values: told, compared, and written back exactly as it was.

A posting is {column: value} with its rosters; a roster is {column: value} with its slots, each [week, weekday, from,
to, task]. Dates, times and decimals are texts, as JSON keeps them.
"""

from datetime import time

from core.pdf.fingerprints import fingerprint

from ..models import Employee, Posting, Roster, RosterSlot

ROSTERS, SLOTS = "rosters", "slots"


def read_agents(key, values):
    """{value of the key: employee}, postings and hours at hand: four queries."""
    rows = Employee.objects.filter(**{f"{key}__in": list(values)})
    return {getattr(row, key): row for row in rows.prefetch_related("postings__rosters__slots")}


def columns_of(row):
    values = {f.attname: f.value_from_object(row) for f in row._meta.concrete_fields}
    return {
        name: value if value is None or type(value) in (int, str) else str(value) for name, value in values.items()
    }


def postings_of(employee):
    """{key: posting} of an agent read by `read_agents`; nothing for an agent who is not there."""
    if employee is None:
        return {}
    return {
        posting.pk: columns_of(posting) | {ROSTERS: [_roster(roster) for roster in _by_key(posting.rosters)]}
        for posting in _by_key(employee.postings)
    }


def seen(employee, *, created):
    """The fingerprint of all that an import may have to undo for an agent; her own row only when the file made it."""
    return fingerprint([columns_of(employee) if created else None, list(postings_of(employee).values())])


def difference(one, other):
    """The postings of `one` that are not the same in `other`."""
    return [posting for key, posting in one.items() if other.get(key) != posting]


def put_back(employee, before, after):
    """Give an agent the postings and hours of `before` in place of `after`, under the keys that they had.

    What was made goes first: a period that is given back its end would meet it.
    """
    written = {posting["id"]: posting for posting in after}
    kept = {posting["id"] for posting in before}
    employee.postings.filter(pk__in=written.keys() - kept).delete()
    for posting in before:
        _row(Posting, posting).save()
        _put_hours_back(posting, written.get(posting["id"], {}).get(ROSTERS, []))


def _put_hours_back(posting, written):
    known = {roster["id"]: roster for roster in written}
    kept = {roster["id"] for roster in posting[ROSTERS]}
    Roster.objects.filter(pk__in=known.keys() - kept, posting=posting["id"]).delete()
    for roster in posting[ROSTERS]:
        if known.get(roster["id"]) == roster:
            continue
        _row(Roster, roster).save()
        if roster["id"] not in known:
            RosterSlot.objects.bulk_create(_slots(roster))


def _row(model, values):
    """An instance with the key it had: saved, it takes its place again."""
    fields = {f.attname: f for f in model._meta.concrete_fields}
    return model(**{name: field.to_python(values[name]) for name, field in fields.items()})


def _slots(roster):
    for week, weekday, starts_at, ends_at, task in roster[SLOTS]:
        yield RosterSlot(
            roster_id=roster["id"],
            week=week,
            weekday=weekday,
            starts_at=time.fromisoformat(starts_at),
            ends_at=time.fromisoformat(ends_at),
            task=task,
        )


def _roster(roster):
    slots = sorted([s.week, s.weekday, str(s.starts_at), str(s.ends_at), s.task] for s in roster.slots.all())
    return columns_of(roster) | {SLOTS: slots}


def _by_key(rows):
    return sorted(rows.all(), key=lambda row: row.pk)
