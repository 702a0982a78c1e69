"""Who wrote a value last, an import or a person: read in the history, so nothing more has to be stored."""

from typing import Any

from ..models import Authorisation, Establishment, SectorAttachment


def hand_made(order: Any, establishments: list[Establishment]) -> set[tuple[int, str]]:
    """(establishment id, field) whose last change was not written by this source. Three queries.

    "places" stands for the places of the authorisations, "territory" for the attachments.
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
    owned = (("places", Authorisation), ("territory", SectorAttachment))
    return found.union(*(_owned_by_hand(order, name, model, ids) for name, model in owned))


def _owned_by_hand(order: Any, name: str, model: Any, ids: set[int]) -> set[tuple[int, str]]:
    """The same for the dated rows of an establishment: whoever wrote one of them last."""
    rows = _history(model, "establishment_id", ids, [])
    authors = {row["establishment_id"]: row["history_change_reason"] or "" for row in rows}
    return {(pk, name) for pk, author in authors.items() if author != order.reason}


def _history(model: Any, owner: str, ids: set[int], names: list[str]) -> Any:
    """Oldest first. A long list of ids is not sent: the engine has a limit, the rows are filtered here."""
    rows = model.history.order_by("history_date", "history_id")
    if len(ids) <= 500:
        rows = rows.filter(**{f"{owner}__in": ids})
    rows = rows.values(owner, "history_change_reason", *names)
    return (row for row in rows.iterator(chunk_size=2000) if row[owner] in ids)
