"""The CRAs of the last weeks: drafted from the facts, reread by each head, sent on Friday; the last still to send."""

from datetime import timedelta

from core.pdf import fingerprint
from dashboard.models import WeeklyReport
from dashboard.weekly.drafting import current_week
from dashboard.weekly.search import index_report
from establishments.models import Role

from .sentences import bank
from .world import at

WEEKS = 6
LEFT_OUT = "conges"  # what a head takes out now and then: nothing to say above the pôle
Status = WeeklyReport.Status


def build(world):
    """After everything that the sentences tell. The pôles send on Friday at noon, the direction in the evening."""
    last = current_week(world.today)
    for back in reversed(range(WEEKS)):
        thursday = last - timedelta(days=7 * back)
        for rank, pole in enumerate(world.poles):
            head = world.staff_of_pole[pole][Role.POLE_HEAD]
            report = _drafted(world, pole, thursday)
            _reread(world, report, rank, back, head)
            if _is_sent(world, thursday, to_write=back == 0 and rank == 0):
                _sent(report, head, at(thursday + timedelta(days=1), 12, rank))
        report = _drafted(world, world.direction, thursday)
        if _is_sent(world, thursday, to_write=back == 0):
            _sent(report, world.people[Role.CENTRAL], at(thursday + timedelta(days=1), 18))


def _is_sent(world, thursday, *, to_write):
    """The last one of the first pôle is left to its head, and that of the direction to who consolidates."""
    return not to_write and thursday + timedelta(days=1) < world.today


def _drafted(world, territory, thursday):
    report = WeeklyReport.objects.create(territory=territory, last_on=thursday, drafted_at=at(thursday, 18))
    report.refresh()
    return report


def _reread(world, report, rank, back, head):
    """One sentence of her own, and at times one taken out; both as the page saves them."""
    added = bank()["weekly"]
    section, text = added[(rank + back) % len(added)]
    left_out = {LEFT_OUT} if (rank + back) % 3 == 0 else set()
    report.rewrite(by=head, seen=1, texts={}, left_out=left_out, added={section: text})


def _sent(report, head, moment):
    texts = [line.text for line in report.lines.filter(is_left_out=False)]
    report.status, report.sent_by, report.sent_at = Status.SENT, head, moment
    report.fingerprint = fingerprint([report.territory_id, report.last_on, texts])
    report.save()
    index_report(report, texts)
