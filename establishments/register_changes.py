"""Changes of the register made to several houses at once: what each would become, then the change itself.

`plan_*` writes nothing and says, for one house, before, after and why it is left aside; `apply` of the step writes.
A house that is already as asked is left as it is: doing the same thing twice changes nothing.
"""

from dataclasses import dataclass
from datetime import timedelta

from core.french import sentence_list, short_date, time_range, typo

from .models import OpeningHours, SectorAttachment

SAME = "inchangé"


@dataclass(frozen=True)
class Step:
    """What one house would become. `problem` says why it is left aside, "" when `apply` is to be called."""

    house: object
    before: str
    after: str
    problem: str = ""
    apply: object = None


def plan_attachment(house, *, territory, since):
    """Attach a house to a territory from a day on; what comes before ends the day before."""
    rows = sorted(house.attachments.all(), key=lambda row: row.starts_on)
    current = next((r for r in rows if r.starts_on <= since and (r.ends_on is None or r.ends_on >= since)), None)
    later = next((row for row in rows if row.starts_on > since), None)
    before, after = str(current.territory) if current else "—", str(territory)
    if current and current.territory_id == territory.pk:
        return Step(house, before, after, SAME)
    if later:
        return Step(house, before, after, f"un rattachement commence déjà le {short_date(later.starts_on)}")
    if territory.starts_on > since or (territory.ends_on and territory.ends_on < since):
        return Step(house, before, after, f"{territory} n’existe pas à cette date")
    return Step(house, before, after, apply=lambda: _attach(house, current, territory, since))


def _attach(house, current, territory, since):
    if current and current.starts_on == since:
        current.territory = territory
        current.save()
        return
    if current:
        current.ends_on = since - timedelta(days=1)
        current.save()
    SectorAttachment.objects.create(establishment=house, territory=territory, starts_on=since)


def plan_closing(house, *, day):
    """Close a house for good: `day` is the first day without children."""
    before = f"fermé le {short_date(house.closed_on)}" if house.closed_on else "ouvert"
    after = f"fermé le {short_date(day)}"
    if house.closed_on == day:
        return Step(house, before, after, SAME)
    if house.closed_on:
        return Step(house, before, after, "déjà fermé")
    if day < house.opened_on:
        return Step(house, before, after, f"n’ouvre que le {short_date(house.opened_on)}")
    return Step(house, before, after, apply=lambda: _close(house, day))


def _close(house, day):
    house.closed_on = day
    house.save()


def plan_hours(house, *, weekdays, opens_at, closes_at, since):
    """The same hours on the weekdays given, from a day on; the other weekdays are closed from then."""
    rows = list(house.opening_hours.all())
    current = [row for row in rows if row.starts_on <= since and (row.ends_on is None or row.ends_on >= since)]
    later = [row for row in rows if row.starts_on > since]
    before = hours_sentence([(row.weekday, row.opens_at, row.closes_at) for row in current])
    after = hours_sentence([(day, opens_at, closes_at) for day in weekdays])
    lasting = not any(row.ends_on for row in current)
    if before == after and lasting and not later:
        return Step(house, before, after, SAME)
    if later:
        first = min(row.starts_on for row in later)
        return Step(house, before, after, f"d’autres horaires commencent déjà le {short_date(first)}")
    return Step(house, before, after, apply=lambda: _set_hours(house, current, weekdays, opens_at, closes_at, since))


def _set_hours(house, current, weekdays, opens_at, closes_at, since):
    for row in current:
        if row.starts_on == since:
            row.delete()
        else:
            row.ends_on = since - timedelta(days=1)
            row.save()
    for weekday in weekdays:
        OpeningHours.objects.create(
            establishment=house, weekday=weekday, opens_at=opens_at, closes_at=closes_at, starts_on=since
        )


def hours_sentence(days):
    """« lundi, mardi : 7 h 30 – 18 h 30 », grouped by hours; « — » when closed all week."""
    names = dict(OpeningHours._meta.get_field("weekday").choices)
    groups = {}
    for weekday, opens_at, closes_at in sorted(days):
        groups.setdefault((opens_at, closes_at), []).append(names[weekday])
    parts = [f"{sentence_list(group)} : {time_range(*hours)}" for hours, group in groups.items()]
    return typo(" ; ".join(parts)) or "—"
