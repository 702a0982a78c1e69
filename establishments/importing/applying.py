"""Write what a plan says, in the caller's transaction."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from simple_history.utils import bulk_create_with_history

from ..models import Authorisation, Establishment, ImportKey, Kind, RatioRule, SectorAttachment
from .planning import Order, Plan, Step, opening_day

CORRECTED = {"territory", "places", "key"}


def apply_plan(plan: Plan) -> None:
    """Create, all at once, then change."""
    order = plan.order
    new_ones = [_new(order, step) for step in plan.created]
    _bulk(Establishment, new_ones, order)
    made = list(zip(plan.created, new_ones, strict=True))
    keys = [ImportKey(establishment=new, source=order.source, key=step.candidate.key) for step, new in made]
    attachments = [_attachment(new, step, _since(order, new)) for step, new in made if step.territory]
    authorisations = [_authorisation(new, step, new.opened_on) for step, new in made if step.candidate.places]
    for step in plan.updated:
        _update(order, step)
        if not step.known.has_key:
            keys.append(ImportKey(establishment=step.known.establishment, source=order.source, key=step.candidate.key))
    ImportKey.objects.bulk_create(keys)
    _bulk(SectorAttachment, attachments, order)
    _bulk(Authorisation, authorisations, order)


def _bulk(model: Any, rows: list[Any], order: Order) -> None:
    if rows:
        bulk_create_with_history(
            rows, model, batch_size=500, default_user=order.by, default_change_reason=order.reason
        )


def _new(order: Order, step: Step) -> Establishment:
    values = step.candidate.fallbacks | step.candidate.values
    values["opened_on"] = opening_day(order, step.candidate)
    establishment = Establishment(code=step.code, **values)
    establishment.fill_search_name()
    return establishment


def _since(order: Order, establishment: Establishment) -> date:
    """A house that opens later is attached from today: before it opens, nobody else would see it being prepared."""
    return min(establishment.opened_on, order.today)


def _attachment(establishment: Establishment, step: Step, since: date) -> SectorAttachment:
    starts_on = max(since, step.territory.starts_on)
    return SectorAttachment(establishment=establishment, territory=step.territory, starts_on=starts_on)


def _authorisation(establishment: Establishment, step: Step, since: date) -> Authorisation:
    youngest, oldest = step.candidate.ages
    kindergarten = establishment.kind == Kind.JARDIN_ENFANTS
    return Authorisation(
        establishment=establishment,
        places=step.candidate.places,
        ratio_rule=RatioRule.KINDERGARTEN if kindergarten else RatioRule.FIVE_EIGHT_SUMMED,
        age_min_months=youngest,
        age_max_months=oldest,
        starts_on=since,
    )


def _update(order: Order, step: Step) -> None:
    changed = {change.name for change in step.changes}
    _change_fields(order, step, changed - CORRECTED)
    if "places" in changed:
        _change_places(order, step)
    if "territory" in changed:
        _move(order, step)


def _change_fields(order: Order, step: Step, names: set[str]) -> None:
    """Name, type, management, address change from today on: what was true before stays readable."""
    if not names:
        return
    establishment, values = step.known.establishment, step.candidate.values
    establishment._change_reason = order.reason
    for name in names - set(Establishment.IDENTITY):
        setattr(establishment, name, values[name])
    identity = {name: values[name] for name in names if name in Establishment.IDENTITY}
    if identity:
        try:
            establishment.change_identity(since=order.today, **identity)
            return
        except ValidationError:  # opened, or already changed, today: the same day is corrected
            for name, value in identity.items():
                setattr(establishment, name, value)
    establishment.save()


def _change_places(order: Order, step: Step) -> None:
    """New terms from today on; terms that began today are corrected."""
    current, places = step.known.authorisation, step.candidate.places
    establishment = step.known.establishment
    if current and current.starts_on >= order.today:
        current.places = places
        _save(order, current)
        return
    ends_on = current.ends_on if current else None
    new = _authorisation(establishment, step, order.today if current else establishment.opened_on)
    if current:
        new.ratio_rule, new.issued_on, new.expires_on = current.ratio_rule, current.issued_on, current.expires_on
        new.reference, new.ends_on = current.reference, ends_on
        current.ends_on = order.today - timedelta(days=1)
        _save(order, current)
    elif establishment.authorisations.exists():
        new.starts_on = order.today  # older terms have ended: the new ones do not reach back over them
    _save(order, new)


def _move(order: Order, step: Step) -> None:
    known, establishment = step.known, step.known.establishment
    current = known.attachment
    if current and current.starts_on >= order.today:
        current.territory = step.territory
        _save(order, current)
        return
    since = order.today if known.was_attached else _since(order, establishment)
    new = _attachment(establishment, step, since)
    if current:
        new.ends_on = current.ends_on
        current.ends_on = order.today - timedelta(days=1)
        _save(order, current)
    _save(order, new)


def _save(order: Order, row: Any) -> None:
    row._change_reason = order.reason
    row.save()
