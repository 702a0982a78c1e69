"""Many actions changed at once: first what would change, line by line, then the change itself."""

from dataclasses import dataclass

from establishments.around import working_in
from establishments.models import Capability, Establishment, Territory
from establishments.workflow import StaleVersion

from .owners import INSIDE

MOST = 200


@dataclass(frozen=True)
class Line:
    """What one action would become; `refusal` says why it stays as it is, "" otherwise."""

    action: object
    changes: tuple[str, ...]
    refusal: str = ""

    @property
    def token(self):
        """The row and the version the preview was made from: a row that moved since is left alone."""
        return f"{self.action.pk}:{self.action.version}"


def preview(actions, wanted):
    """Lines for actions (already through the door) and {field: value} of ActionItem.AMENDABLE. Four queries more."""
    readers = _readers(actions, wanted["owner"]) if wanted.get("owner") else None
    return [_line(action, wanted, readers) for action in actions]


def _readers(actions, owner):
    """Places whose actions the future owner reads, by level: an owner must see what is asked of her."""
    houses = Establishment.objects.filter(pk__in={action.establishment_id for action in actions}).order_by()
    over = Territory.objects.filter(pk__in={action.territory_id for action in actions}).order_by()
    around = over.filter(pk__in=working_in(owner))
    rows = {
        "plain": (houses.visible_to(owner, Capability.VIEW_ACTIONS), around),
        "inside": (houses.visible_to(owner, Capability.VIEW), over.visible_to(owner, Capability.VIEW)),
    }
    return {
        level: {(one.model, pk) for one in both for pk in one.values_list("pk", flat=True)}
        for level, both in rows.items()
    }


def _place(action):
    of_house = action.establishment_id is not None
    return (Establishment, action.establishment_id) if of_house else (Territory, action.territory_id)


def _line(action, wanted, readers):
    if action.status not in action.FOLLOWED:
        return Line(action, (), f"Action close\u00a0: {action.get_status_display()}.")
    if readers is not None and _place(action) not in readers["inside" if action.level in INSIDE else "plain"]:
        return Line(action, (), "Cette personne ne peut pas lire cette action.")
    after = type(action)(pk=action.pk, **{name: getattr(action, name) for name in action.AMENDABLE})
    for name, value in wanted.items():
        setattr(after, name, value)
    changed = [name for name in wanted if getattr(after, name) != getattr(action, name)]
    changes = tuple(after.change_of(name, action) for name in changed)
    return Line(action, changes, "" if changes else "Rien ne change.")


def apply(lines, wanted, seen, *, by):
    """Amend each line still at the version seen in the preview. Returns (changed, moved): counts of actions."""
    changed = moved = 0
    for line in lines:
        if line.refusal or line.token not in seen:
            moved += line.token not in seen
            continue
        for name, value in wanted.items():
            setattr(line.action, name, value)
        try:
            line.action.amend(by=by, seen=line.action.version)
            changed += 1
        except StaleVersion:
            moved += 1
    return changed, moved
