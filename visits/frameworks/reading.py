"""A framework file, read and checked: every fault with its path and its line, in French. Pure, no database.

File: code, version, title, publisher, source, starts_on, ends_on, items [{key, title, reference, parent, wording}],
mappings [{from, framework, to, relation}] with relation equivalent, partial or broader.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

LONGEST_FILE = 1_000_000  # bytes
MOST_ITEMS = 1_000
RELATIONS = ("equivalent", "partial", "broader")
SLUG = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
HEAD = {"code", "version", "title", "publisher", "source", "starts_on", "ends_on", "items", "mappings"}
ITEM = {"key", "title", "reference", "parent", "wording"}
MAPPING = {"from", "framework", "to", "relation"}
LONGEST = {"code": 40, "title": 160, "publisher": 160, "source": 300, "framework": 40, "reference": 120}
LONGEST |= {"key": 60, "parent": 60, "from": 60, "to": 60, "wording": 20_000}


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong, and where: the line from 1, the path as « items[3].key » ("" for the whole file)."""

    line: int
    path: str
    message: str

    def __str__(self) -> str:
        return f"ligne {self.line}{f', {self.path}' if self.path else ''}\u00a0: {self.message}"


class FileRefused(ValueError):
    """The file cannot become a framework; `problems` says everything that is wrong, in the order of the file."""

    def __init__(self, problems: list[Problem]):
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class ReadItem:
    key: str
    title: str
    reference: str = ""
    parent: str = ""
    wording: str = ""


@dataclass(frozen=True)
class ReadMapping:
    """`line` is kept to say where the target is unknown, once the database is asked."""

    key: str
    code: str
    to: str
    relation: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class ReadFramework:
    code: str
    version: int
    title: str
    publisher: str
    source: str
    starts_on: date
    ends_on: date | None
    items: tuple[ReadItem, ...]
    mappings: tuple[ReadMapping, ...]


def read_framework(content: bytes) -> ReadFramework:
    """The checked content of a file. Raises FileRefused with every problem found."""
    if len(content) > LONGEST_FILE:
        raise FileRefused([Problem(1, "", "le fichier dépasse un mégaoctet")])
    try:
        root = yaml.compose(content.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise FileRefused([Problem(1, "", "le fichier n’est pas en UTF-8")]) from error
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = mark.line + 1 if mark else 1
        raise FileRefused([Problem(line, "", "l’écriture YAML est incorrecte à cet endroit")]) from error
    reading = _Reading()
    found = reading.framework(root)
    if reading.problems:
        raise FileRefused(reading.problems)
    return found


class _Reading:
    """Walks the nodes, which know their lines, and notes what is wrong instead of stopping at the first fault."""

    def __init__(self):
        self.problems: list[Problem] = []

    def note(self, node, path, message):
        self.problems.append(Problem(node.start_mark.line + 1 if node else 1, path, message))

    def framework(self, root):
        fields = self.fields(root, "", HEAD, {"code", "version", "title", "starts_on", "items"})
        if not fields:
            return None
        items = [self.item(node, path) for node, path in self.sequence(fields.get("items"), "items")]
        if "items" in fields and not items:
            self.note(fields["items"], "items", "il n’y a aucun point")
        rows = self.sequence(fields.get("mappings"), "mappings")
        starts_on, ends_on = self.day(fields, "starts_on"), self.day(fields, "ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.note(fields["ends_on"], "ends_on", "la fin précède le début")
        known = self.unique_keys(items, fields)
        return ReadFramework(
            code=self.slug(fields, "code", ""),
            version=self.version(fields),
            title=self.text(fields, "title", ""),
            publisher=self.text(fields, "publisher", ""),
            source=self.text(fields, "source", ""),
            starts_on=starts_on,
            ends_on=ends_on,
            items=tuple(one for one, _ in items),
            mappings=self.mappings(rows, known),
        )

    def item(self, node, path):
        """(item, its nodes) so that faults seen across items still have their lines."""
        fields = self.fields(node, path, ITEM, {"key", "title"})
        given = {name: self.text(fields, name, path) for name in ("title", "reference", "wording")}
        return ReadItem(self.slug(fields, "key", path), parent=self.slug(fields, "parent", path), **given), fields

    def unique_keys(self, items, fields):
        seen = {}
        for rank, (one, nodes) in enumerate(items):
            if one.key and one.key in seen:
                self.note(nodes["key"], f"items[{rank}].key", f"la clé «\u00a0{one.key}\u00a0» figure deux fois")
            seen[one.key] = one.parent
        for rank, (one, nodes) in enumerate(items):
            path = f"items[{rank}].parent"
            if one.parent and one.parent not in seen:
                self.note(nodes["parent"], path, f"aucun point n’a la clé «\u00a0{one.parent}\u00a0»")
            elif one.parent and seen[one.parent]:
                self.note(nodes["parent"], path, "un point qui a lui-même un parent ne peut pas en être un")
            elif one.parent and one.parent == one.key:
                self.note(nodes["parent"], path, "un point n’est pas son propre parent")
        if len(items) > MOST_ITEMS:
            self.note(fields["items"], "items", f"plus de {MOST_ITEMS} points")
        return set(seen)

    def mappings(self, rows, known):
        made, seen = [], set()
        for node, path in rows:
            fields = self.fields(node, path, MAPPING, MAPPING)
            key, code, to = (self.slug(fields, name, path) for name in ("from", "framework", "to"))
            relation = self.text(fields, "relation", path)
            if key and key not in known:
                self.note(fields["from"], f"{path}.from", f"aucun point n’a la clé «\u00a0{key}\u00a0»")
            if relation and relation not in RELATIONS:
                self.note(fields["relation"], f"{path}.relation", f"attendu\u00a0: {', '.join(RELATIONS)}")
            if (key, code, to) in seen:
                self.note(node, path, "cette correspondance figure deux fois")
            seen.add((key, code, to))
            made.append(ReadMapping(key, code, to, relation, node.start_mark.line + 1))
        return tuple(made)

    def fields(self, node, path, allowed, required) -> dict[str, Any]:
        """The nodes of a mapping by name; unknown, doubled and missing names are noted."""
        if not isinstance(node, yaml.MappingNode):
            self.note(node, path, "une liste de champs «\u00a0nom: valeur\u00a0» est attendue")
            return {}
        found = {}
        for name, value in node.value:
            label = str(name.value)
            where = f"{path}.{label}".lstrip(".")
            if label not in allowed:
                self.note(name, where, "champ inconnu")
            elif label in found:
                self.note(name, where, "champ donné deux fois")
            found[label] = value
        for label in sorted(required - set(found)):
            self.note(node, f"{path}.{label}".lstrip("."), "il manque")
        return found

    def sequence(self, node, path):
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.note(node, path, "une liste est attendue (une ligne par élément, commençant par un tiret)")
            return []
        return [(one, f"{path}[{rank}]") for rank, one in enumerate(node.value)]

    def text(self, fields, name, path):
        """A scalar as text, "" when it is absent; a required one that is empty was given as such: it is noted."""
        node = fields.get(name)
        if node is None:
            return ""
        where = f"{path}.{name}".lstrip(".")
        if not isinstance(node, yaml.ScalarNode):
            self.note(node, where, "un texte est attendu")
            return ""
        value = node.value.strip()
        if not value and name in ("title", "key", "code", "from", "to", "framework", "relation"):
            self.note(node, where, "ce champ est vide")
        if len(value) > LONGEST.get(name, 200):
            self.note(node, where, f"plus de {LONGEST.get(name, 200)} caractères")
        if "\x00" in value:
            self.note(node, where, "un caractère est illisible")
        return value

    def slug(self, fields, name, path):
        value = self.text(fields, name, path)
        if value and not SLUG.match(value):
            self.note(fields[name], f"{path}.{name}".lstrip("."), "minuscules sans accent, chiffres et tirets")
        return value

    def version(self, fields):
        value = self.text(fields, "version", "")
        if value.isascii() and value.isdigit() and 1 <= int(value) <= 9999:
            return int(value)
        if "version" in fields:
            self.note(fields["version"], "version", "un nombre entier à partir de 1 est attendu")
        return 0

    def day(self, fields, name):
        value = self.text(fields, name, "")
        if not value or value in ("null", "~"):
            if name in fields and name == "starts_on":
                self.note(fields[name], name, "une date est attendue (2026-09-01)")
            return None
        try:
            if DAY.match(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.note(fields[name], name, "une date est attendue (2026-09-01)")
        return None
