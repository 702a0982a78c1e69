"""What each known file looks like: columns, values, key, defaults; one YAML file a profile. Pure: no Django."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from core.french import normalise
from core.spreadsheets import Row, clean_text, parse_decimal_fr

FOLDER = Path(__file__).resolve().parent.parent / "profiles"
COMMON = "_commun"
SEARCHED_ROWS = 30
SAMPLE = 40
MOST = 0.8
FALLBACK_KEY = ("name", "street", "postcode")


class UnknownProfile(Exception):
    """No profile of that name, or none that fits the file; the message is shown as it is."""


@dataclass(frozen=True)
class Meaning:
    """What a label of the file says: fields of `Establishment`, and how to write the label."""

    sets: dict[str, str]
    written: str = ""


@dataclass(frozen=True)
class Profile:
    """How to read one kind of file. `columns` or `order`: field → names of its column, or fields by position."""

    name: str
    label: str
    key: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    requires: tuple[frozenset[str], ...] = ()
    numbers_duplicates: bool = False
    defaults: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Meaning]] = field(default_factory=dict)
    prefixes: Mapping[str, Meaning] = field(default_factory=dict)
    delegated_mark: str = ""
    spelling: Mapping[str, str] = field(default_factory=dict)

    def places_of(self, headers: Sequence[str]) -> dict[str, int]:
        """Field → index of its column; the first name listed wins when a file has several."""
        if self.order:
            return {name: index for index, name in enumerate(self.order)}
        index = {normalise(str(header)): place for place, header in reversed(list(enumerate(headers)))}
        found = {}
        for name, aliases in self.columns.items():
            place = next((index[alias] for alias in aliases if alias in index), None)
            if place is not None:
                found[name] = place
        return found

    def fits_header(self, headers: Iterable[Any]) -> bool:
        names = {normalise(clean_text(header)) for header in headers}
        return bool(self.requires) and all(names & accepted for accepted in self.requires)

    def fits_rows(self, rows: Sequence[Row]) -> bool:
        """Whether most rows of a file without header have a number, a postcode and a known label where expected."""
        sample = rows[:SAMPLE]
        return bool(self.order and sample) and sum(map(self._fits_row, sample)) >= MOST * len(sample)

    def _fits_row(self, row: Row) -> bool:
        cells = dict(zip(self.order, row.cells, strict=False))
        label = normalise(clean_text(cells.get("label")))
        if len(row.cells) != len(self.order) or not any(label.startswith(prefix) for prefix in self.prefixes):
            return False
        try:
            return None not in (parse_decimal_fr(cells["longitude"]), parse_decimal_fr(cells["latitude"]))
        except ValueError:
            return False


def available_profiles() -> list[Profile]:
    """The most demanding first: it is the one to try first."""
    names = sorted(path.stem for path in FOLDER.glob("*.yaml") if not path.stem.startswith("_"))
    return sorted((load_profile(name) for name in names), key=lambda profile: -len(profile.requires))


@cache
def load_profile(name: str) -> Profile:
    """The profile of that name. Raises UnknownProfile."""
    path = FOLDER / f"{name}.yaml"
    if name.startswith("_") or not name.replace("_", "").isalnum() or not path.is_file():
        known = ", ".join(profile.name for profile in available_profiles())
        raise UnknownProfile(f"Le profil «\u00a0{name}\u00a0» n’existe pas. Profils connus\u00a0: {known}.")
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Profile(
        name=name,
        label=content["label"],
        key=tuple(content["key"]),
        columns={field: tuple(map(normalise, names)) for field, names in content.get("columns", {}).items()},
        order=tuple(content.get("order", ())),
        requires=tuple(_accepted(names) for names in content.get("requires", ())),
        numbers_duplicates=content.get("duplicates") == "number",
        defaults=content.get("defaults", {}),
        values=_values(content.get("values", {})),
        prefixes=dict(sorted(_meanings(content.get("prefixes", {})).items(), key=lambda item: -len(item[0]))),
        delegated_mark=normalise(content.get("delegated_mark", "")),
        spelling={normalise(word): word for word in content.get("spelling", "").split()},
    )


def _accepted(names: str | list[str]) -> frozenset[str]:
    return frozenset(map(normalise, [names] if isinstance(names, str) else names))


def _meanings(entries: Mapping[str, Mapping[str, str]]) -> dict[str, Meaning]:
    return {
        normalise(str(label)): Meaning(
            {name: value for name, value in entry.items() if name != "written"}, entry.get("written", "")
        )
        for label, entry in entries.items()
    }


def _values(own: Mapping[str, Any]) -> dict[str, dict[str, Meaning]]:
    """The shared meanings, completed or replaced by those of the profile."""
    shared = yaml.safe_load((FOLDER / f"{COMMON}.yaml").read_text(encoding="utf-8"))["values"]
    return {name: _meanings(shared.get(name, {})) | _meanings(own.get(name, {})) for name in {*shared, *own}}


def detect(rows: Sequence[Row]) -> tuple[Profile, int | None]:
    """The profile that fits, and the index of its header row (None for a file without header).

    Raises UnknownProfile when none does.
    """
    profiles = available_profiles()
    for profile in profiles:
        header = header_index(profile, rows)
        if header is not None:
            return profile, header
    for profile in profiles:
        if profile.fits_rows(rows):
            return profile, None
    raise UnknownProfile(
        "Ce fichier ne ressemble à aucun profil connu\u00a0: il faut au moins une colonne «\u00a0nom\u00a0». "
        f"Profils connus\u00a0: {', '.join(profile.name for profile in profiles)}."
    )


def header_index(profile: Profile, rows: Sequence[Row]) -> int | None:
    """Index of the first row that has the columns which the profile requires: titles often stand above it."""
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        if profile.fits_header(row.cells):
            return index
    return None
