"""Which column of a file holds what: names as people write them, in YAML; chosen columns are remembered. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from core.spreadsheets import Row, clean_text, find_header, header_key

from ..half_hours import HALF_HOURS

FOLDER = Path(__file__).resolve().parent.parent / "profiles"
NUMBERS = (
    "authorised_hours",
    "open_hours",
    "contracted_hours",
    "actual_hours",
    "billed_hours",
    "children_enrolled",
    "opening_days",
)
TIME = re.compile(r"^(?P<group>.*?)\s*\b(?P<hour>\d{1,2})\s*h?\s*(?P<half>00|30)?$")
HALF_HOUR_COLUMNS = "half_hours"


@dataclass(frozen=True)
class Profile:
    """One kind of file: {field: (label, names of its column)}, and the words of the two groups of children."""

    name: str
    label: str
    fields: Mapping[str, tuple[str, tuple[str, ...]]]
    groups: Mapping[str, tuple[str, ...]]

    @property
    def expected(self) -> list[str]:
        return [alias for _, aliases in self.fields.values() for alias in aliases]

    def guess(self, headers: Sequence[str], remembered: Mapping[str, str] | None = None) -> dict[str, int]:
        """{field: place of its column}: the one remembered, else the one of that name, else the nearest name."""
        keys = [header_key(header) for header in headers]
        found = {}
        for name, key in (remembered or {}).items():
            if key in keys and name in self.fields:
                found[name] = keys.index(key)
        for match in (_same, _holds):
            for name, (_, aliases) in self.fields.items():
                place = None if name in found else _first(keys, aliases, match, set(found.values()))
                if place is not None:
                    found[name] = place
        return found

    def half_hours(self, headers: Sequence[str]) -> list[tuple[str, int, int]]:
        """(group, half-hour, place of the column) of the columns named « NM 7 h 30 »."""
        known = {header_key(word): group for group, words in self.groups.items() for word in words}
        found = []
        for place, header in enumerate(headers):
            match = TIME.match(header_key(header))
            group = known.get(match["group"].strip()) if match else None
            if match and group and int(match["hour"]) * 2 < HALF_HOURS:
                found.append((group, int(match["hour"]) * 2 + (match["half"] == "30"), place))
        return found


def _same(key: str, alias: str) -> bool:
    return key == alias


def _holds(key: str, alias: str) -> bool:
    return len(alias) > 3 and re.search(rf"\b{re.escape(alias)}\b", key) is not None


def _first(keys: list[str], aliases: Sequence[str], match: Callable[[str, str], bool], taken: set[int]) -> int | None:
    for alias in aliases:
        for place, key in enumerate(keys):
            if key and place not in taken and match(key, alias):
                return place
    return None


@cache
def load_profile(name: str) -> Profile:
    """The profile of a kind of file: "monthly" or "daily"."""
    content = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    fields = {
        field: (entry["label"], tuple(header_key(alias) for alias in entry["aliases"]))
        for field, entry in content["fields"].items()
    }
    groups = {group: tuple(words) for group, words in content.get("groups", {}).items()}
    return Profile(name, content["label"], fields, groups)


def header_index(profile: Profile, rows: Sequence[Row]) -> int | None:
    """Which of the first rows holds the titles: the one with most names that we know."""
    index = find_header(rows, profile.expected)
    if index is not None:
        return index
    many = [place for place, row in enumerate(rows) if len(profile.half_hours([clean_text(c) for c in row.cells])) > 3]
    return many[0] if many else None
