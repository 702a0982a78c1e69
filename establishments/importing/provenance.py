"""Who wrote a value last, an import or a person: read in the history, so nothing more has to be stored."""

from typing import Any

from ..models import Authorisation, Establishment


def hand_made(order: Any, establishments: list[Establishment]) -> set[tuple[int, str]]:
    """(establishment id, field) whose last change was not written by this source. Two queries.

    "places" stands for the places of the authorisations.
    """
    if not establishments:
        return set()
    ids = {each.pk for each in establishments}
    names = [each.name for each in Establishment._meta.concrete_fields if each.name not in ("id", "search_name")]
    found = set()
    authors: dict[tuple[int, str], str] = {}
    previous: dict[int, dict[str, Any]] = {}
    for row in _history(Establishment, "id", ids, names):
        before = previous.get(row["id"])
        for name in names:
            if before is None or before[name] != row[name]:
                authors[row["id"], name] = row["history_change_reason"] or ""
        previous[row["id"]] = row
    found |= {place for place, reason in authors.items() if reason != order.reason}
    places = {
        row["establishment_id"]: row["history_change_reason"] or ""
        for row in _history(Authorisation, "establishment_id", ids, ["places"])
    }
    return found | {(pk, "places") for pk, reason in places.items() if reason != order.reason}


def _history(model: Any, owner: str, ids: set[int], names: list[str]) -> Any:
    """Oldest first. A long list of ids is not sent: the engine has a limit, the rows are filtered here."""
    rows = model.history.order_by("history_date", "history_id")
    if len(ids) <= 500:
        rows = rows.filter(**{f"{owner}__in": ids})
    rows = rows.values(owner, "history_change_reason", *names)
    return (row for row in rows.iterator(chunk_size=2000) if row[owner] in ids)
