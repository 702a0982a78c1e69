"""How wide each column of a printed list is, from what it holds. Pure.

The tables of the sheets have a fixed layout, which halves their time: somebody must say the widths. Equal ones gave an
address a tenth of the sheet, and six rows to a page.
"""

import re
from collections.abc import Sequence

CHARACTERS = {True: 170, False: 112}  # of 8.5 pt on one line, by whether the sheet is in landscape
PADDING = 3  # of a cell, in characters
LONGEST = 44  # a text longer than this wraps: more width would be taken from its neighbours
NARROWEST, WIDEST = 3, 60  # per cent: the classes of pdf.css
WHOLE = 22  # a value without a letter (phone, date, amount) up to this length stays on its line
BREAKS = re.compile(r"[ \n/-]+")
TAGS = re.compile(r"<[^>]*>")
LETTER = re.compile(r"[^\W\d_]")


def is_whole(text: str) -> bool:
    """True for what must not be cut: « 01 99 00 00 20 », « 14/12/2021 », « 1 204,5 »."""
    return 0 < len(text) <= WHOLE and not LETTER.search(text)


def shares(headers: Sequence[str], rows: Sequence[Sequence[str]], *, wide: bool) -> list[int]:
    """Whole per cents, one a column, 100 together: the longest word first, what is left by the usual length."""
    read = [[TAGS.sub(" ", text) for text in column] for column in zip(headers, *rows, strict=True)]
    least = [max(map(_longest_word, column)) + PADDING for column in read]
    wanted = [max(low, min(_usual(column[1:]), LONGEST) + PADDING) for low, column in zip(least, read, strict=True)]
    room = CHARACTERS[wide]
    if sum(wanted) <= room:
        given = [float(one) for one in wanted]
    else:
        spare, missing = max(0, room - sum(least)), sum(wanted) - sum(least)
        given = [
            low + (high - low) * spare / missing if missing else low for low, high in zip(least, wanted, strict=True)
        ]
    return _rounded([100 * one / sum(given) for one in given])


def _longest_word(text: str) -> int:
    return len(text) if is_whole(text) else max(map(len, BREAKS.split(text)), default=0)


def _usual(texts: Sequence[str]) -> int:
    """The length that nine texts in ten do not pass."""
    lengths = sorted(map(len, texts))
    return lengths[(len(lengths) * 9 - 1) // 10] if lengths else 0


def _rounded(parts: list[float]) -> list[int]:
    """Whole numbers, 100 together: the largest remainders go up."""
    whole = [min(max(int(part), NARROWEST), WIDEST) for part in parts]
    order = sorted(range(len(parts)), key=lambda rank: whole[rank] - parts[rank])
    for rank in (order * 100)[: max(0, 100 - sum(whole))]:
        whole[rank] += 1
    while sum(whole) > 100:
        whole[max(range(len(whole)), key=whole.__getitem__)] -= 1
    return whole
