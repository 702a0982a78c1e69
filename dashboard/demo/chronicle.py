"""The journal of three years of decisions, chained as the product chains it, in the order of time."""

from establishments.models import JournalEntry, JournalHead

from .world import ROWS_AT_ONCE


def write(world):
    """Every decision told so far becomes a line; the head of the chain moves to the last one."""
    head = JournalHead.locked()
    number, digest, lines = head.number, head.digest, []
    for instant, _, by, verb, subject, establishment, note in sorted(world.decisions, key=lambda row: row[:2]):
        number += 1
        line = JournalEntry(
            number=number,
            at=instant,
            actor_id=by.pk,
            verb=verb,
            subject=str(subject)[:250],
            subject_kind=subject._meta.label_lower,
            subject_id=subject.pk,
            establishment_id=establishment.pk if establishment else None,
            note=note,
            previous=digest,
        )
        line.digest = digest = line.compute_digest()
        lines.append(line)
    JournalEntry.objects.bulk_create(lines, batch_size=ROWS_AT_ONCE)
    head.number, head.digest = number, digest
    head.save()
