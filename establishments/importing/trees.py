"""A tree of territories out of a YAML or CSV file: each node named by its line, the past never edited.

Columns: kind, code, name, parent, postcodes, starts_on. A node that differs from the one in place, with a later
`starts_on`, closes it and succeeds to it from that day; attachments and mandates follow. (architecture, 4)
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from core.french import normalise
from core.spreadsheets import UnreadableFile, clean_text, parse_date_fr, read_table

from ..models import JournalHead, Mandate, SectorAttachment, Territory, record

COLUMNS = ("kind", "code", "name", "parent", "postcodes", "starts_on")
SHOWN = "niveau, code, nom, rattaché à, codes postaux, du"  # the same, as a person writes them
IGNORED = ("verified", "source")  # for the reader of the file
ALIASES = {
    "niveau": "kind",
    "type": "kind",
    "nom": "name",
    "rattache a": "parent",
    "codes postaux": "postcodes",
    "code postal": "postcodes",
    "du": "starts_on",
    "debut": "starts_on",
}
KINDS = {
    **{value: value for value in Territory.Kind.values},
    "departement": "direction",
    "circonscription": "division",
    "caspe": "division",
    "service territorial": "division",
    "territoire": "pole",
    "secteur": "sector",
}
MAX_BYTES = 2 * 1024 * 1024
DEFAULT_START = date(2015, 1, 1)


class TreeErrors(Exception):
    """Every line that cannot be loaded, with its reason: nothing was written."""

    def __init__(self, errors: list[str]):
        self.errors = errors
        super().__init__("\n".join(errors))


@dataclass(frozen=True)
class Node:
    line: int
    kind: str
    code: str
    name: str
    parent: str
    postcodes: str
    starts_on: date


@dataclass(frozen=True)
class TreeOutcome:
    created: int
    unchanged: int

    def __str__(self) -> str:
        return f"créés {self.created}, inchangés {self.unchanged}"


Succession = tuple[Territory, Territory, Node]


class _LineLoader(yaml.SafeLoader):
    """Safe YAML whose mappings know the line where they start, and that refuses references (billion laughs)."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("les références (*) ne sont pas acceptées")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        mapping = super().construct_mapping(node, deep=deep)
        mapping["__line__"] = node.start_mark.line + 1
        return mapping


def read_tree(content: bytes, filename: str) -> list[Node]:
    """Nodes of a file, from the top down. Raises TreeErrors or UnreadableFile."""
    if len(content) > MAX_BYTES:
        raise UnreadableFile("Ce fichier dépasse 2\u00a0Mo.")
    is_yaml = filename.lower().endswith((".yaml", ".yml"))
    default, entries = _yaml_entries(content) if is_yaml else (DEFAULT_START, list(_table_entries(content, filename)))
    errors, nodes = [], []
    for line, entry in entries:
        try:
            nodes.append(_node(line, entry, default))
        except ValueError as error:
            errors.append(f"ligne {line}\u00a0: {error}")
    seen: dict[str, int] = {}
    for node in nodes:
        if node.code in seen:
            reason = f"le code «\u00a0{node.code}\u00a0» est déjà celui de la ligne {seen[node.code]}"
            errors.append(f"ligne {node.line}\u00a0: {reason}")
        seen.setdefault(node.code, node.line)
    if errors:
        raise TreeErrors(errors)
    return sorted(nodes, key=lambda node: (Territory.RANK.index(node.kind), node.line))


def _yaml_entries(content: bytes) -> tuple[date, list[tuple[int, dict[str, Any]]]]:
    try:
        document = yaml.load(content.decode("utf-8-sig"), Loader=_LineLoader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (ligne {mark.line + 1})" if mark else ""
        raise UnreadableFile(f"Ce fichier YAML est mal formé{where}.") from error
    rows = document.get("territories") if isinstance(document, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows) or not rows:
        raise UnreadableFile("Une liste «\u00a0territories\u00a0» est attendue dans ce fichier YAML.")
    try:
        default = parse_date_fr(document.get("starts_on")) or DEFAULT_START
    except ValueError as error:
        raise UnreadableFile(f"starts_on\u00a0: {error}.") from error
    return default, [(row.pop("__line__"), row) for row in rows]


def _table_entries(content: bytes, filename: str) -> Iterator[tuple[int, dict[str, Any]]]:
    table = read_table(content, filename)
    names = [_column(header) for header in table.headers]
    if not {"kind", "code", "name"} <= set(names):
        raise UnreadableFile(f"Colonnes attendues\u00a0: {SHOWN}.")
    for row in table.rows:
        yield row.number, dict(zip(names, row.cells, strict=False))


def _column(header: str) -> str:
    name = normalise(header)
    return ALIASES.get(name, name.replace(" ", "_"))


def _node(line: int, entry: dict[str, Any], default: date) -> Node:
    unknown = [str(name) for name in entry if name not in (*COLUMNS, *IGNORED)]
    if unknown:
        raise ValueError(f"colonne inconnue «\u00a0{unknown[0][:40]}\u00a0» (attendues\u00a0: {SHOWN})")
    kind = KINDS.get(normalise(clean_text(entry.get("kind"))))
    if kind is None:
        raise ValueError(f"niveau inconnu «\u00a0{clean_text(entry.get('kind'))[:40]}\u00a0»")
    code, name = clean_text(entry.get("code")), clean_text(entry.get("name"))
    if not code or not name:
        raise ValueError("le code et le nom sont obligatoires")
    postcodes = entry.get("postcodes") or ""
    listed = postcodes if isinstance(postcodes, list) else clean_text(postcodes).replace(",", " ").split()
    codes = [clean_text(each).zfill(5) for each in listed]
    wrong = next((each for each in codes if not (each.isascii() and each.isdigit() and len(each) == 5)), None)
    if wrong:
        raise ValueError(f"«\u00a0{wrong[:40]}\u00a0» n’est pas un code postal")
    starts_on = parse_date_fr(entry.get("starts_on")) or default
    return Node(line, kind, code, name, clean_text(entry.get("parent")), " ".join(codes), starts_on)


def load_tree(nodes: list[Node], *, by: Any = None, filename: str = "") -> TreeOutcome:
    """Create what is new, succeed to what changed; nothing is written when nothing is. Raises TreeErrors."""
    if _is_in_place(nodes):
        return TreeOutcome(0, len(nodes))
    with transaction.atomic():
        JournalHead.locked()
        created, errors, successions = [], [], []
        for node in nodes:
            try:
                territory = _load(node, successions)
            except ValidationError as error:
                errors.append(f"ligne {node.line} ({node.code})\u00a0: {' '.join(error.messages)}")
                continue
            if territory:
                created.append(territory)
        if errors:
            raise TreeErrors(errors)
        unchanged = len(nodes) - len(created)
        created += _follow(successions)
        top = next((each for each in created if each.kind == Territory.Kind.DIRECTION), created[0])
        note = f"Fichier «\u00a0{filename[:120]}\u00a0»\u00a0: {len(created)} créés, {unchanged} inchangés."
        record("territoires chargés", top, by=by, note=note, territory=top)
    return TreeOutcome(len(created), unchanged)


def _is_in_place(nodes: list[Node]) -> bool:
    """One query for the tree: a second run writes nothing, and takes no lock."""
    rows = Territory.objects.filter(code__in=[node.code for node in nodes]).select_related("parent")
    present: dict[str, list[Territory]] = {}
    for row in rows:
        present.setdefault(row.code, []).append(row)
    return all(any(_covers(row, node) and _same(row, node) for row in present.get(node.code, ())) for node in nodes)


def _covers(row: Territory, node: Node) -> bool:
    return row.starts_on <= node.starts_on and (row.ends_on is None or row.ends_on >= node.starts_on)


def _same(row: Territory, node: Node) -> bool:
    parent = row.parent.code if row.parent else ""
    listed = set(row.postcodes.replace(",", " ").replace(";", " ").split())
    return (row.kind, row.name, parent) == (node.kind, node.name, node.parent) and listed == set(
        node.postcodes.split()
    )


def _load(node: Node, successions: list[Succession]) -> Territory | None:
    """The territory created, or None when the one in place is the same."""
    near = Territory.objects.filter(code=node.code).select_related("parent")
    current = near.active_on(node.starts_on).first()
    parent = _parent(node)
    if current and _same(current, node) and current.parent == parent:
        return None
    if current and current.starts_on == node.starts_on:
        raise ValidationError(
            f"ce code existe déjà, autrement, depuis le {current.starts_on:%d/%m/%Y}. "
            "Le passé ne se modifie pas\u00a0: donnez à la ligne la date du changement "
            "(«\u00a0du\u00a0», ou starts_on)."
        )
    if near.filter(starts_on__gt=node.starts_on).exists():
        raise ValidationError("ce code est déjà porté par un territoire plus récent.")
    if current:
        return _succeed(current, node, parent, successions)
    return _create(node, parent)


def _parent(node: Node) -> Territory | None:
    if not node.parent:
        return None
    parent = Territory.objects.filter(code=node.parent).active_on(node.starts_on).first()
    if parent is None:
        raise ValidationError(f"aucun territoire «\u00a0{node.parent}\u00a0» n’existe au {node.starts_on:%d/%m/%Y}.")
    return parent


def _create(node: Node, parent: Territory | None) -> Territory:
    territory = Territory(
        kind=node.kind,
        code=node.code,
        name=node.name,
        parent=parent,
        postcodes=node.postcodes,
        starts_on=node.starts_on,
    )
    territory.full_clean()
    territory.save()
    return territory


def _succeed(current: Territory, node: Node, parent: Territory | None, successions: list[Succession]) -> Territory:
    """Close a territory the day before and open the new one; what was open on the old goes on with the new."""
    if current.starts_on >= node.starts_on:
        raise ValidationError(
            f"«\u00a0{current}\u00a0» commence le {current.starts_on:%d/%m/%Y}, après ce changement."
        )
    ends_on, current.ends_on = current.ends_on, node.starts_on - timedelta(days=1)
    current.save()
    new = _create(node, parent)
    if ends_on:
        new.ends_on = ends_on
        new.save()
    for model in (SectorAttachment, Mandate):
        _hand_over(model, current, new, node.starts_on)
    successions.append((current, new, node))
    return new


def _follow(successions: list[Succession]) -> list[Territory]:
    """What still hangs below a closed territory goes on, unchanged, below its successor."""
    created = []
    for old, new, node in successions:  # grows while it is read: the children of the children follow
        left = old.children.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=node.starts_on))
        for child in left.order_by("pk"):
            try:
                created.append(_succeed(child, _moved(child, new, node), new, successions))
            except ValidationError as error:
                raise TreeErrors([f"ligne {node.line} ({node.code})\u00a0: {' '.join(error.messages)}"]) from error
    return created


def _moved(child: Territory, parent: Territory, node: Node) -> Node:
    """A child that does not change goes on under the new parent, from the same day."""
    return Node(node.line, child.kind, child.code, child.name, parent.code, child.postcodes, node.starts_on)


def _hand_over(model: Callable[..., Any], old: Territory, new: Territory, day: date) -> None:
    """Rows open on the old territory end the day before; the same go on with the new one. Later rows just move."""
    rows = model.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), territory=old)
    for row in rows.order_by("pk"):
        if row.starts_on >= day:
            row.territory = new
            row.save()
            continue
        ends_on, row.ends_on = row.ends_on, day - timedelta(days=1)
        row.save()
        row.pk, row.territory, row.starts_on, row.ends_on = None, new, day, ends_on
        row._state.adding = True
        row.save()
