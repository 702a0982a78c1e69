"""Every Thursday a CRA is drafted for each territory that somebody holds; on Friday its author is reminded, once."""

from datetime import timedelta

from core.jobs import notify
from establishments.models import Capability, Mandate, Territory, roles_with

from ..models import WeeklyReport
from .facts import THURSDAY, thursday_of


def territories_to_report(day):
    """Territories held on a day by somebody who writes CRAs."""
    held = Mandate.objects.active_on(day).filter(role__in=roles_with(Capability.WRITE_WEEKLY), user__is_active=True)
    return Territory.objects.active_on(day).filter(pk__in=held.order_by().values("territory"))


def territories_written_by(user, day):
    """Territories whose CRA `user` writes on a day."""
    return territories_to_report(day).filter(pk__in=WeeklyReport.objects.all().written_by(user, day))


def draft(territory, last_on) -> WeeklyReport:
    """The CRA of a territory for the week that ends on the Thursday `last_on`, drafted or brought up to date."""
    report, _ = WeeklyReport.objects.get_or_create(territory=territory, last_on=last_on)
    if report.is_editable:
        report.refresh()
    return report


def draft_all(today) -> int:
    """Draft the week that ends today, when today is a Thursday; a second run changes nothing. Returns how many."""
    if today.weekday() != THURSDAY:
        return 0
    places = list(territories_to_report(today))
    for territory in places:
        draft(territory, today)
    return len(places)


def draft_missed(today) -> int:
    """Draft the week that just ended where nothing was: the scheduler may have slept on Thursday. Returns how many."""
    last_on = current_week(today)
    drafted = WeeklyReport.objects.filter(last_on=last_on).order_by().values("territory")
    places = list(territories_to_report(last_on).exclude(pk__in=drafted)) if last_on < today else []
    for territory in places:
        draft(territory, last_on)
    return len(places)


def current_week(today):
    """The Thursday of the CRA to write: today's week from Thursday on, else the one that just ended."""
    last = thursday_of(today)
    return last if last == today else last - timedelta(days=7)


def remind_late(today) -> int:
    """From the day after, tell each author once that last week's CRA is still a draft."""
    late = WeeklyReport.objects.drafts().filter(last_on=current_week(today), last_on__lt=today)
    count = 0
    for report in late.select_related("territory"):
        authors = {mandate.user for mandate in authors_of(report.territory, today)}
        notify(
            authors,
            event=f"weekly-{report.pk}-late",
            title=f"CRA à envoyer\u00a0: {report.territory.name}",
            body=f"La semaine {report.title_days} attend votre relecture.",
            url=report.get_absolute_url(),
        )
        count += len(authors)
    return count


def authors_of(territory, day):
    held = Mandate.objects.active_on(day).filter(territory=territory, user__is_active=True)
    return held.filter(role__in=roles_with(Capability.WRITE_WEEKLY)).select_related("user")


def is_still_late(notification) -> bool:
    """What must still be true when the reminder leaves (core.jobs.tell_only_while)."""
    number = int(notification.event.split("-")[1])
    return WeeklyReport.objects.drafts().filter(pk=number).exists()


def run(today):
    """What the scheduler asks for several times a day: draft, follow the facts until the report is sent, remind."""
    drafted = draft_all(today) + draft_missed(today)
    for report in WeeklyReport.objects.drafts().filter(last_on=current_week(today)):
        report.refresh()
    return drafted, remind_late(today)
