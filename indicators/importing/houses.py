"""Which house a row is about: by its code, by the key of its source, by its name; only inside the perimeter."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from core.french import normalise
from core.spreadsheets import clean_text
from establishments.models import Capability, Establishment, ImportKey
from establishments.vocabulary import words

CACHED = 2_000  # spellings of houses kept with what they mean: a file repeats each house on every month


class Refusal(Exception):
    """A cell that makes its row impossible: the field of the profile, and the reason in French."""

    def __init__(self, field, reason):
        self.field, self.reason = field, reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class House:
    """What an import needs of a house."""

    pk: int
    name: str
    opened_on: date
    closed_on: date | None


class HouseIndex:
    """The houses whose activity a person may enter, read once for the file (two queries)."""

    def __init__(self, user, source=""):
        houses = Establishment.objects.all()
        if user is not None:  # None is the command line: no perimeter
            houses = houses.visible_to(user, Capability.ENTER_ACTIVITY)
        self.known, self.codes, self.names = {}, {}, defaultdict(list)
        self.found: dict[tuple[str | None, str | None], House] = {}
        rows = houses.order_by().values_list("pk", "code", "name", "opened_on", "closed_on")
        for pk, code, name, opened_on, closed_on in rows:
            self.known[pk] = House(pk, name, opened_on, closed_on)
            self.codes[normalise(code)] = pk
            self.names[normalise(name)].append(pk)
        for key, pk in ImportKey.objects.filter(source=source).values_list("key", "establishment"):
            if pk in self.known:
                self.codes.setdefault(key, pk)

    def find(self, code, name) -> House:
        """Raises Refusal for a house that is unknown, outside or ambiguous: the same words."""
        asked = (code, name) if isinstance(code, str | None) and isinstance(name, str | None) else None
        if asked is None or asked not in self.found:
            house = self._look_for(code, name)
            if asked is None or len(self.found) >= CACHED:
                return house
            self.found[asked] = house
        return self.found[asked]

    def _look_for(self, code, name) -> House:
        house, term = None, words()["establishment"]
        given, called = normalise(clean_text(code)), normalise(clean_text(name))
        if given:
            house = self.codes.get(given)
            if house is None:
                raise Refusal("code", f"{term.aucun} de votre périmètre n’a ce code")
        elif called:
            found = self.names.get(called) or [pk for pk in [self.codes.get(called)] if pk]
            if len(found) > 1:
                raise Refusal("name", f"plusieurs {term.plural} portent ce nom\u00a0: donnez le code")
            if not found:
                raise Refusal("name", f"{term.aucun} de votre périmètre ne porte ce nom")
            house = found[0]
        else:
            raise Refusal("name", f"{term.le} n’est pas nommé")
        return self.known[house]
