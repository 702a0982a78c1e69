"""How a field of the page of a visit is called between the device and the server, whatever page it was typed in.

A field of the visit has its own name (`summary`); of an observation `o-<item>-fact`; of an action followed
`a-<action>-state`; of an action to raise `x-<key>-title`, its key being the one the action will have or has.
"""

import re
import uuid
from dataclasses import dataclass

from ..forms import CheckForm, ObservationForm, VisitForm

LONGEST_NAME = 80
LONGEST_TEXT = 200_000
MOST_CHANGES = 80
MAIN = set(VisitForm.Meta.fields)
ROW_FIELDS = ["title", "due_on", "owner", "level"]
_NUMBERED = re.compile(r"^([oa])-(\d{1,18})-([a-z_]+)$")
_ROW = re.compile(r"^x-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([a-z_]+)$")
_OF = {"o": ObservationForm.Meta.fields, "a": CheckForm.Meta.fields}
_SURROGATES = re.compile("[\ud800-\udfff]")


class Malformed(ValueError):
    """What was sent is not a list of changes."""


@dataclass(frozen=True)
class Change:
    """One field as the device had it: the value it started from, the value typed, and the item of a new action."""

    key: uuid.UUID
    name: str
    base: str
    value: str
    item: int | None = None
    settles: bool = False

    @property
    def prefix(self):
        """Of the form that holds the field: "" for the visit itself, None when no form does."""
        return prefix_of(self.name)


def prefix_of(name):
    if name in MAIN:
        return ""
    numbered = _NUMBERED.match(name)
    if numbered and numbered[3] in _OF[numbered[1]]:
        return f"{numbered[1]}-{int(numbered[2])}"
    row = _ROW.match(name)
    return f"x-{row[1]}" if row and row[2] in ROW_FIELDS else None


def plain(text):
    """A text as it is compared and kept: one kind of line end, no character that a database refuses."""
    return _SURROGATES.sub("\ufffd", str(text)).replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def read_changes(sent):
    """The changes of a decoded JSON list. Raises Malformed."""
    if not isinstance(sent, list) or len(sent) > MOST_CHANGES:
        raise Malformed
    return [_read(one) for one in sent]


def _read(one):
    try:
        item = one.get("item")
        name, base, value = (one[part] for part in ("name", "base", "value"))
        change = Change(uuid.UUID(one["key"]), name, base, value, int(item) if item else None)
    except (TypeError, KeyError, ValueError, AttributeError, OverflowError) as error:
        raise Malformed from error
    texts = (name, base, value)
    if not all(isinstance(text, str) for text in texts) or not 0 < len(name) <= LONGEST_NAME:
        raise Malformed
    if max(len(base), len(value)) > LONGEST_TEXT:
        raise Malformed
    return Change(change.key, plain(name), plain(base), plain(value), change.item)
