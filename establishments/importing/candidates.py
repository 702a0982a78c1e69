"""From the cells of a row to an establishment to be: values checked one by one, reasons in French."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from stdnum.fr import siret

from core.french import normalise
from core.spreadsheets import (
    Row,
    clean_text,
    parse_coordinates,
    parse_date_fr,
    parse_decimal_fr,
    parse_int_fr,
)

from ..models import Establishment
from . import labels
from .profiles import FALLBACK_KEY, Profile

TEXTS = ("name", "operator", "street", "city")
DEGREE = Decimal("0.000001")
LONGEST_KEY = 250
MOST_PLACES = 1000
SHOWN = 120


@dataclass(frozen=True)
class Reject:
    """A row that cannot be imported: where, what, why."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Notice:
    """Something to know about a row that is imported all the same."""

    topic: str
    line: int
    text: str


@dataclass(frozen=True)
class Candidate:
    """One row, read. `values` holds fields of `Establishment` given by the file, `fallbacks` those it leaves out."""

    line: int
    key: str
    values: dict[str, Any]
    fallbacks: dict[str, Any]
    code: str = ""
    places: int | None = None
    ages: tuple[int | None, int | None] = (None, None)
    insee: str = ""
    sector: str = ""
    notices: tuple[Notice, ...] = ()

    @property
    def title(self) -> str:
        return " ".join(filter(None, [self.values["name"], f"({self.values.get('postcode', '')})"])).replace(" ()", "")


class Refusal(Exception):
    """A cell that makes its row impossible."""

    def __init__(self, name: str, reason: str):
        self.name, self.reason = name, reason
        super().__init__(reason)


@dataclass
class RowReader:
    """The cells of one row, by field of the profile."""

    profile: Profile
    headers: tuple[str, ...]
    places: dict[str, int]
    row: Row
    notices: list[Notice] = field(default_factory=list)

    def cell(self, name: str) -> Any:
        index = self.places.get(name)
        return self.row.cells[index] if index is not None and index < len(self.row.cells) else None

    def text(self, name: str) -> str:
        text = clean_text(self.cell(name))
        if any("\ud800" <= character <= "\udfff" for character in text) or not text.isprintable():
            raise Refusal(name, "le texte contient des caractères illisibles")
        return text

    def column(self, name: str) -> str:
        """What the person calls the column: its header, or its rank in a file without header."""
        index = self.places.get(name)
        if index is None:
            return name
        return self.headers[index] if self.headers else f"colonne {index + 1}"

    def parsed(self, name: str, parse: Any) -> Any:
        try:
            return parse(self.cell(name))
        except ValueError as error:
            raise Refusal(name, str(error)) from error

    def optional(self, name: str, is_valid: Any, what: str) -> str:
        """A secondary value: when it is wrong it is left out, and said, and the row is imported."""
        text = self.text(name)
        if text and not is_valid(text):
            said = f"{self.column(name)}\u00a0: «\u00a0{text[:SHOWN]}\u00a0» n’est pas {what}, valeur laissée de côté"
            self.notices.append(Notice("ignored", self.row.number, said))
            return ""
        return text

    def candidate(self) -> Candidate:
        values = self._identity() | self._meanings() | self._contact() | self._position()
        values |= {name: day for name in ("opened_on", "closed_on") if (day := self.parsed(name, parse_date_fr))}
        values = {name: value for name, value in values.items() if value not in ("", None)}
        fallbacks = {name: value for name, value in self.profile.defaults.items() if name not in values}
        self._check(values)
        return Candidate(
            line=self.row.number,
            key=self._key(),
            values=values,
            fallbacks=fallbacks,
            code=self.text("code"),
            places=self._places(),
            ages=self._ages(),
            insee=self.text("insee"),
            sector=self.text("sector"),
            notices=tuple(self.notices),
        )

    def _identity(self) -> dict[str, Any]:
        values = {name: labels.readable(self.text(name), self.profile.spelling) for name in TEXTS if name != "name"}
        values["name"] = self.text("name")
        values["postcode"] = self._postcode()
        number = self.text("number")
        if number and values["street"] and number != "0":
            values["street"] = f"{number}, {values['street']}"
        return values | (self._labelled() if self.profile.prefixes else {})

    def _labelled(self) -> dict[str, Any]:
        """Kind, name and number out of the single label of an old list."""
        label = self.text("label")
        plain, profile = normalise(label), self.profile
        prefix = next((known for known in profile.prefixes if plain == known or plain.startswith(f"{known} ")), None)
        if not label or prefix is None:
            reason = "l’intitulé est vide" if not label else "l’intitulé ne commence par aucun type connu"
            raise Refusal("label", reason)
        before, after, found = labels.split_mark(labels.split_prefix(label, prefix), profile.delegated_mark)
        meaning = profile.prefixes[prefix]
        values = dict(meaning.sets) | {
            "name": labels.full_name(meaning.written, before, profile.spelling),
            "street": labels.address(before, self.text("street"), profile.spelling),
        }
        if found:
            values |= {"management_mode": "delegated", "operator": labels.readable(after, profile.spelling)}
        return values

    def _meanings(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, known in self.profile.values.items():
            text = self.text(name)
            if not text:
                continue
            meaning = known.get(normalise(text))
            if meaning is None:
                what = "un type connu" if name == "type" else "un mode de gestion connu"
                raise Refusal(name, f"«\u00a0{text[:SHOWN]}\u00a0» n’est pas {what}")
            values |= meaning.sets
        return values

    def _contact(self) -> dict[str, Any]:
        return {
            "phone": " ".join(self.text("phone").replace(".", " ").split())[:30],
            "email": self.optional("email", _is_email, "une adresse électronique"),
            "siret": siret.compact(self.optional("siret", siret.is_valid, "un numéro SIRET")),
        }

    def _postcode(self) -> str:
        """ "6000" has lost its zero in a spreadsheet; "75 020" is written with a space."""
        text = self.text("postcode").replace(" ", "")
        if text and not (text.isascii() and text.isdigit() and 4 <= len(text) <= 5):
            raise Refusal("postcode", f"«\u00a0{text[:SHOWN]}\u00a0» n’est pas un code postal (5 chiffres)")
        return text.zfill(5) if text else ""

    def _position(self) -> dict[str, Any]:
        latitude, longitude = self.parsed("latitude", parse_decimal_fr), self.parsed("longitude", parse_decimal_fr)
        if latitude is None and longitude is None:
            point = self.parsed("point", parse_coordinates)
            latitude, longitude = (Decimal(repr(degrees)) for degrees in point) if point else (None, None)
        if (latitude is None) != (longitude is None):
            missing = "latitude" if latitude is None else "longitude"
            raise Refusal(missing, "latitude et longitude vont ensemble")
        if latitude is None:
            return {}
        for name, degrees, most in (("latitude", latitude, 90), ("longitude", longitude, 180)):
            if abs(degrees) > most:
                raise Refusal(name, f"une {name} va de −{most} à {most} degrés")
        return {"latitude": latitude.quantize(DEGREE), "longitude": longitude.quantize(DEGREE)}

    def _places(self) -> int | None:
        places = self.parsed("places", parse_int_fr)
        if places is not None and not 0 < places <= MOST_PLACES:
            reason = f"une capacité va de 1 à {MOST_PLACES} places\u202f; laissez la cellule vide si elle est inconnue"
            raise Refusal("places", reason)
        return places

    def _ages(self) -> tuple[int | None, int | None]:
        first, last = self.parsed("age_min_months", parse_int_fr), self.parsed("age_max_months", parse_int_fr)
        years = self.parsed("age_max_years", parse_decimal_fr)
        if last is None and years is not None:
            last = int(years * 12)
        if any(age is not None and not 0 <= age <= 216 for age in (first, last)):
            raise Refusal("age_min_months", "un âge va de 0 à 216 mois")
        if first is not None and last is not None and last < first:
            raise Refusal("age_min_months", "l’âge maximal est inférieur à l’âge minimal")
        return first, last

    def _key(self) -> str:
        parts = [text for name in self.profile.key if (text := normalise(self.text(name)))]
        parts = parts or [normalise(self.text(name)) for name in FALLBACK_KEY]
        key = " | ".join(parts)
        if len(key) > LONGEST_KEY - 10:
            key = f"{key[:100]} {hashlib.sha256(key.encode()).hexdigest()}"
        return key

    def _check(self, values: dict[str, Any]) -> None:
        """The rules of the model itself (lengths, choices), said of the column."""
        if not values.get("name"):
            raise Refusal("name", "le nom est vide")
        if "closed_on" in values and "opened_on" in values and values["closed_on"] < values["opened_on"]:
            raise Refusal("closed_on", "la date de fermeture précède la date d’ouverture")
        absent = [each.name for each in Establishment._meta.fields if each.name not in values]
        try:
            Establishment(**values).clean_fields(exclude=absent)
        except ValidationError as error:
            name, messages = next(iter(error.message_dict.items()))
            raise Refusal(name, messages[0]) from error


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def read_candidates(
    profile: Profile, headers: tuple[str, ...], rows: list[Row]
) -> tuple[list[Candidate], list[Reject]]:
    """Every row as a candidate or as a reject, keys made unique."""
    columns = profile.places_of(headers)
    found, rejects = [], []
    for row in rows:
        reader = RowReader(profile, headers, columns, row)
        try:
            found.append(reader.candidate())
        except Refusal as refusal:
            rejects.append(_reject(reader, refusal))
    kept = []
    for candidate in _with_unique_keys(profile, found):
        (rejects if isinstance(candidate, Reject) else kept).append(candidate)
    return sorted(kept, key=lambda each: each.line), sorted(rejects, key=lambda each: each.line)


def _reject(reader: RowReader, refusal: Refusal) -> Reject:
    known = refusal.name if refusal.name in reader.places else "label" if reader.profile.prefixes else refusal.name
    value = clean_text(reader.cell(known)).encode("utf-8", "replace").decode()
    return Reject(reader.row.number, reader.column(known), value[:SHOWN], refusal.reason)


def _with_unique_keys(profile: Profile, candidates: list[Candidate]) -> Iterator[Candidate | Reject]:
    """Two rows of one key: the same row twice, an identifier used twice, or two houses of one address (numbered)."""
    groups = defaultdict(list)
    for candidate in candidates:
        groups[candidate.key].append(candidate)
    for key, group in groups.items():
        if profile.numbers_duplicates:  # the number must not depend on the order of the file
            group.sort(key=lambda each: (repr(sorted(each.values.items())), each.line))
        seen: list[Candidate] = []
        for each in group:
            twin = next((other for other in seen if other.values == each.values), None)
            if twin:
                yield Reject(each.line, "ligne", each.title[:SHOWN], f"cette ligne répète la ligne {twin.line}")
            elif seen and not profile.numbers_duplicates:
                reason = f"cet identifiant est déjà celui de la ligne {seen[0].line}"
                yield Reject(each.line, "ligne", key[:SHOWN], reason)
            else:
                yield replace(each, key=f"{key} #{len(seen) + 1}") if seen else each
                seen.append(each)
