"""French as a collectivité writes it: spaces, agreement, contraction, numbers, hours and dates.

Pure. Every sentence the product makes goes through here, so that typography (decision 9), plural, gender and
elision are right once. Numbers are rounded half up, exactly: a rate is a `Fraction` until it is text.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial

NBSP = "\u00a0"
NNBSP = "\u202f"
MINUS = "\u2212"
NONE = "—"
KEYS_KEPT = 20_000  # a sort compares each name many times, and a key costs twenty microseconds

Number = int | Decimal | Fraction | float

MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

_ONE_SPACE = f"[ \t{NBSP}{NNBSP}]"
_SPACE = f"{_ONE_SPACE}*"
# Addresses, e-mails and HTML entities are text for machines; the bound on the local part keeps the search linear.
_MACHINE = r"https?://\S+|www\.\S+|[\w.+'-]{1,64}@[\w.-]+|&#?\w{1,32};"
_TYPOGRAPHY = [
    (re.compile(rf"({_MACHINE})|«{_SPACE}"), f"«{NBSP}"),
    (re.compile(rf"({_MACHINE})|(?<!{_ONE_SPACE}){_SPACE}(?<!«{NBSP})»"), f"{NBSP}»"),
    (re.compile(rf"({_MACHINE})|(?<=[^\s:;!?«]){_SPACE}:(?=\s|$)"), f"{NBSP}:"),
    (re.compile(rf"({_MACHINE})|(?<=[^\s:;!?«(\[]){_SPACE}(?P<mark>[;!?]+)(?=[\s»)\]\"]|$)"), NNBSP),
    (re.compile(rf"({_MACHINE})|(?<=\d){_SPACE}%"), f"{NNBSP}%"),
    (re.compile(rf"({_MACHINE})|(?<=[^\W\d_])'(?=[^\W\d_])"), "’"),
]


def _corrected(replacement: str, found: re.Match[str]) -> str:
    return found[1] or replacement + found.groupdict().get("mark", "")


def typo(text: str) -> str:
    """`text` with French spaces and apostrophes; addresses and hours (12:30) are left alone. Idempotent."""
    for pattern, replacement in _TYPOGRAPHY:
        text = pattern.sub(partial(_corrected, replacement), text)
    return text


def capitalise(text: str) -> str:
    """First letter in upper case, the rest untouched: acronyms and names keep their capitals."""
    return text[:1].upper() + text[1:]


def sentence_list(items: Iterable[object], last: str = "et") -> str:
    """`["a", "b", "c"]` → "a, b et c"."""
    words = [str(item) for item in items]
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _unaccented(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.replace("Œ", "OE").replace("œ", "oe").replace("Æ", "AE"))
    return "".join(c for c in letters.replace("æ", "ae") if not unicodedata.combining(c))


def normalise(text: str) -> str:
    """What a search column holds: lower case, no accent, œ as oe, punctuation as one space."""
    plain = _unaccented(_unaccented(text).casefold()).lower()
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


@lru_cache(maxsize=KEYS_KEPT)
def sort_key(text: str) -> tuple[str, str, str, str]:
    """French order: letters first, then accents, then lower before upper case; the text itself settles ties."""
    return normalise(text), unicodedata.normalize("NFD", text.casefold()), text.swapcase(), text


_PLURAL_EXCEPTIONS = {"bal": "bals", "carnaval": "carnavals", "festival": "festivals", "régal": "régals"}


def pluralise(word: str) -> str:
    """Regular plural of one word; give the plural yourself when the noun has several words."""
    if word in _PLURAL_EXCEPTIONS:
        return _PLURAL_EXCEPTIONS[word]
    if not word or word[-1] in "sxz" or (word.isupper() and len(word) > 1):  # acronyms do not vary
        return word
    if word.endswith("al"):
        return word[:-2] + "aux"
    return word + ("x" if word.endswith(("au", "eu")) else "s")


def feminine(adjective: str) -> str:
    """Regular feminine of an adjective or participle: validé → validée, actif → active."""
    endings = {"eux": "euse", "eau": "elle", "if": "ive", "er": "ère", "el": "elle", "en": "enne"}
    for ending, replacement in endings.items():
        if adjective.endswith(ending):
            return adjective.removesuffix(ending) + replacement
    return adjective if adjective.endswith("e") else adjective + "e"


def agreed(n: Number, singular: str, plural: str | None = None) -> str:
    """The noun alone, agreed with `n`: French is singular below two (0, 1 and 1,5)."""
    return singular if -2 < n < 2 else (plural or pluralise(singular))


def counted(n: Number, singular: str, plural: str | None = None) -> str:
    """The number and its noun: "1 visite", "12 visites", "1,5 poste"."""
    if type(n) is int:
        return f"{number(n)} {agreed(n, singular, plural)}"
    digits = next((d for d in (0, 1) if _rounded(n, d) == _exact(n)), 2)
    return f"{number(n, digits)} {agreed(n, singular, plural)}"


_ASPIRATED = re.compile(
    r"(haie|hall|halle|halte|hamac|hamster|handicape?|hangar|hanneton|haricot|harpe|hasard|hausse|haute?|hauteur|haye"
    r"|herisson|hernie|heron|heros|hetre|hibou|hierarchie|hochet|homard|honte|hors|hotte|houx|hublot|huit|huitaine"
    r"|huitieme|hulotte|hutte|onze|onzieme|oui|ouistiti|yaourt|yoga)s?\b"
)


def elides(word: str, aspirated: bool | None = None) -> bool:
    """True when le, la, de… lose their vowel before `word`. `aspirated` overrides the list of h aspirés."""
    letters = normalise(word)
    if aspirated is not None:
        return not aspirated and letters[:1] in set("aeiouyh")
    return bool(re.match(r"[aeiouh]|y[^aeiou]", letters)) and not _ASPIRATED.match(letters)


def of(word: str, aspirated: bool | None = None) -> str:
    """ "de" before any word: "d’établissement", "de secteur", "de halte-garderie"."""
    return f"d’{word}" if elides(word, aspirated) else f"de {word}"


@dataclass(frozen=True)
class Term:
    """A noun of the trade with its gender, ready for a sentence: `words.sector.du` → "du secteur".

    `gender` is "m" or "f"; `plural` is worked out when it is empty; `aspirated` overrides the list of h aspirés.
    """

    singular: str
    plural: str = ""
    gender: str = "m"
    aspirated: bool | None = None

    def __post_init__(self) -> None:
        if self.gender not in ("m", "f"):
            raise ValueError(f"gender must be m or f, not {self.gender!r}")
        if not self.plural:
            object.__setattr__(self, "plural", pluralise(self.singular))

    def __str__(self) -> str:
        return self.singular

    def _with(self, masculine: str, feminine_form: str, elided: str | None = None) -> str:
        if elided is not None and elides(self.singular, self.aspirated):
            return elided + self.singular
        return f"{masculine if self.gender == 'm' else feminine_form} {self.singular}"

    le = property(lambda self: self._with("le", "la", "l’"))
    un = property(lambda self: self._with("un", "une"))
    du = property(lambda self: self._with("du", "de la", "de l’"))
    au = property(lambda self: self._with("au", "à la", "à l’"))
    de = property(lambda self: of(self.singular, self.aspirated))
    ce = property(lambda self: self._with("ce", "cette", "cet " if self.gender == "m" else "cette "))
    mon = property(lambda self: self._with("mon", "ma", "mon "))
    aucun = property(lambda self: self._with("aucun", "aucune"))
    les = property(lambda self: f"les {self.plural}")
    des = property(lambda self: f"des {self.plural}")
    aux = property(lambda self: f"aux {self.plural}")
    de_plural = property(lambda self: of(self.plural, self.aspirated))
    cap = property(lambda self: capitalise(self.singular))
    caps = property(lambda self: capitalise(self.plural))

    def accord(self, adjective: str, n: Number = 1) -> str:
        """`adjective` (masculine singular) agreed with the term, in the plural when `n` is two or more."""
        return agreed(n, feminine(adjective) if self.gender == "f" else adjective)

    def counted(self, n: Number) -> str:
        """ "3 secteurs"."""
        return counted(n, self.singular, self.plural)


def _exact(value: Number) -> Fraction:
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def _rounded(value: Number, decimals: int) -> Fraction:
    """`value` rounded half away from zero, exactly."""
    exact, scale = _exact(value), 10**decimals
    # floor(|value| × scale + 1/2), in whole numbers
    size = Fraction((2 * abs(exact.numerator) * scale + exact.denominator) // (2 * exact.denominator), scale)
    return size if exact >= 0 else -size


def _digits(size: Fraction, decimals: int) -> str:
    whole, rest = divmod(int(size * 10**decimals), 10**decimals)
    text = f"{whole:,}".replace(",", NNBSP)
    return f"{text},{rest:0{decimals}d}" if decimals else text


def number(value: Number | None, decimals: int = 0) -> str:
    """ "1 234,5"; "—" when there is no value."""
    if value is None:
        return NONE
    if type(value) is int and not decimals:  # most of a page's numbers need no fraction
        return (MINUS if value < 0 else "") + f"{abs(value):,}".replace(",", NNBSP)
    rounded = _rounded(value, decimals)
    return (MINUS if rounded < 0 else "") + _digits(abs(rounded), decimals)


def signed(value: Number | None, decimals: int = 0) -> str:
    """ "+ 3", "− 1,2", "0"."""
    if value is None:
        return NONE
    rounded = _rounded(value, decimals)
    sign = f"+{NNBSP}" if rounded > 0 else f"{MINUS}{NNBSP}" if rounded < 0 else ""
    return sign + _digits(abs(rounded), decimals)


def percent(rate: Number | None, decimals: int = 1) -> str:
    """A ratio (0.729) as "72,9 %"; "—" when its denominator was missing."""
    return NONE if rate is None else f"{number(_exact(rate) * 100, decimals)}{NNBSP}%"


def points(delta: Number | None, decimals: int = 1) -> str:
    """A difference of two ratios (-0.012) as "− 1,2 point"."""
    if delta is None:
        return NONE
    size = _exact(delta) * 100
    return f"{signed(size, decimals)} {agreed(_rounded(size, decimals), 'point')}"


def euros(amount: Number | None, decimals: int = 2) -> str:
    """ "1 234,50 €"."""
    return NONE if amount is None else f"{number(amount, decimals)}{NBSP}€"


def hours(value: Number | timedelta | None = None, *, minutes: Number | None = None) -> str:
    """A duration, in hours (or `minutes=`), to the nearest minute: "7 h 30", "11 h", "45 min"."""
    if isinstance(value, timedelta):
        value = Fraction(value // timedelta(microseconds=1), 3_600_000_000)
    if minutes is None:
        if value is None:
            return NONE
        minutes = _exact(value) * 60
    total = int(_rounded(minutes, 0))
    sign, (whole, rest) = MINUS if total < 0 else "", divmod(abs(total), 60)
    if rest and not whole:
        return f"{sign}{rest}{NBSP}min"
    return f"{sign}{number(whole)}{NBSP}h" + (f"{NBSP}{rest:02d}" if rest else "")


def clock(moment: time) -> str:
    """A time of day: "7 h 30", "11 h", "0 h 05"."""
    return f"{moment.hour}{NBSP}h" + (f"{NBSP}{moment.minute:02d}" if moment.minute else "")


def time_range(start: time, end: time) -> str:
    """ "7 h 30 – 18 h 30"."""
    return f"{clock(start)}{NBSP}– {clock(end)}"


def day_month(day: date) -> str:
    """ "17 mars", "1er avril"."""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]}"


def full_date(day: date) -> str:
    """ "17 mars 2026"."""
    return f"{day_month(day)} {day.year}"


def long_date(day: date) -> str:
    """ "mardi 17 mars 2026"."""
    return f"{WEEKDAYS[day.weekday()]} {full_date(day)}"


def short_date(day: date) -> str:
    """ "17/03/2026"."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def month_name(day: date) -> str:
    """ "mars 2026"."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def period(start: date | None, end: date | None, today: date | None = None) -> str:
    """Inclusive dates, None = open: "du 1er au 15 mars 2026", "depuis le…", "jusqu’au…".

    With `today`, an open period that has not begun reads "à partir du…".
    """
    if start is None:
        return "sans limite de date" if end is None else f"jusqu’au {full_date(end)}"
    if end is None:
        return ("à partir du " if today and start > today else "depuis le ") + full_date(start)
    if start == end:
        return f"le {full_date(start)}"
    if start.year != end.year:
        return f"du {full_date(start)} au {full_date(end)}"
    first = day_month(start) if start.month != end.month else day_month(start).split()[0]
    return f"du {first} au {full_date(end)}"


def relative_days(delta: int) -> str:
    """Days from today: "aujourd’hui", "demain", "hier", "dans 3 jours", "il y a 12 jours"."""
    near = {0: "aujourd’hui", 1: "demain", -1: "hier"}
    if delta in near:
        return near[delta]
    return f"{'dans' if delta > 0 else 'il y a'} {counted(abs(delta), 'jour')}"
