"""A thousand files that nobody should send: cut, flipped, miscoded, bombs, formulas, a million columns. Fixed seed."""

import io
import random
import zipfile

from tests.indicators.files import HEADERS, csv_of, ods_of, xlsx_of

NAME = "Crèche Les Lilas"
ROWS = [[NAME, f"{month:02d}/2025", "8 000,00", "7 200,50", "7 900", "45"] for month in range(1, 13)]
TEXTS = [
    "=1+1", '=HYPERLINK("http://x")', "@SUM(A1)", "-2+3", "1e400", "nan", "inf", "9" * 60, "-1", "٣", "½", "1.2.3",
    "12:99", "31/02/2026", "01/2999", "13/2025", "00/0000", "février", "\u202e", "\x07", "\ud800", "NULL", "  ",
    "<script>alert(1)</script>", "'; DROP TABLE", "é" * 300, "1\u202f2\u202f3", "12,5,5", "0x1F", "TRUE", "#REF!",
    "../../etc/passwd",
]  # fmt: skip


def hostile(kind, count, seed=20):
    """`count` contents of one kind ("csv", "xlsx", "ods"), always the same."""
    chance = random.Random(f"{kind}/{seed}")
    make = {"csv": _csv, "xlsx": _xlsx, "ods": _ods}[kind]
    return [make(chance, number) for number in range(count)]


def _rows(chance):
    """The good rows with one to four cells that are not."""
    rows = [list(row) for row in chance.sample(ROWS, 5)]
    for _ in range(chance.randrange(1, 5)):
        chance.choice(rows)[chance.randrange(6)] = chance.choice(TEXTS)
    return rows


def _csv(chance, number):
    rows = [[text.replace("\ud800", "\ufffd").replace(";", ",") for text in row] for row in _rows(chance)]
    content = csv_of(rows, encoding="utf-8")
    return CSV_WAYS[number % len(CSV_WAYS)](chance, content)


def _flip(chance, content):
    data = bytearray(content)
    for _ in range(chance.randrange(1, 12)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def _cut(chance, content):
    return content[: chance.randrange(len(content))]


def _text(change):
    return lambda chance, content: change(chance, content.decode("utf-8", "replace")).encode("utf-8", "replace")


def _quote(chance, text):
    place = chance.randrange(len(text))
    return f'{text[:place]}"{text[place:]}'


def _codings(chance, content):
    text = content.decode()
    coding = chance.choice(["utf-16", "utf-16-le", "utf-32", "utf-7", "cp037", "latin-1", "mac-roman", "utf-8-sig"])
    return text.encode(coding, "replace")


CSV_WAYS = [
    lambda chance, content: content,  # the wrong cells alone
    _cut,
    _flip,
    _codings,
    _text(_quote),
    _text(lambda chance, text: text.replace(";", chance.choice([",", "\t", "|", "  ", ";;"]))),
    _text(lambda chance, text: text.replace("\r\n", chance.choice(["\r", "\n\n", "\x0b", " ", "\x00\n"]))),
    lambda chance, content: chance.choice([b"", b" \r\n ", b"\xef\xbb\xbf", b"sep=;\r\n", b";;;;\r\n", b"\x00" * 99]),
    lambda chance, content: content.split(b"\r\n")[0],  # titles and nothing else
    lambda chance, content: content + b"\r\n" + bytes(chance.randrange(256) for _ in range(200)),
    _text(lambda chance, text: text.replace(NAME, f"{NAME}\x07{chance.randrange(9)}")),
    lambda chance, content: content[::-1],
    _text(lambda chance, text: "\n".join(chance.sample(text.split("\r\n"), 6))),
    lambda chance, content: content.replace(b";", b"\xa0;"),
    _text(lambda chance, text: text.replace("7 900", "7" * chance.randrange(1, 4000))),
]


def _parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def _zipped(parts, extra=()):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in [*parts.items(), *extra]:
            archive.writestr(name, data)
    return stream.getvalue()


def _workbook(chance, number, content, sheet, repeated):
    way = number % 12
    if way == 0:
        return content
    if way in (1, 2, 3):
        return _cut(chance, content)
    if way in (4, 5):
        return _flip(chance, content)
    parts = _parts(content)
    if way == 6:
        parts.pop(chance.choice(list(parts)))
    elif way == 7:
        parts[sheet] = _cut(chance, parts[sheet])
    elif way == 8:
        parts[sheet] = b'<!DOCTYPE x [<!ENTITY a "b">]>' + parts[sheet]
    elif way == 9:
        parts["bomb.xml"] = b"0" * (30 << 20)
    elif way == 10:
        parts |= {f"x{part}.xml": b"x" for part in range(2_100)}
    else:
        parts[sheet] = parts[sheet].replace(*repeated)
    return _zipped(parts)


def _xlsx(chance, number):
    rows = [[text.replace("\ud800", "\ufffd") for text in row] for row in _rows(chance)]
    content = xlsx_of(rows)
    # A cell of the last column of the last row: a naive reader makes seventeen billion cells of it.
    far = (b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    return _workbook(chance, number, content, "xl/worksheets/sheet1.xml", far)


def _ods(chance, number):
    rows = [[text.replace("\ud800", "\ufffd") for text in row] for row in _rows(chance)]
    content = ods_of(rows)
    wide = (b"</table:table-row>", b'<table:table-cell table:number-columns-repeated="1000000"/></table:table-row>')
    return _workbook(chance, number, content, "content.xml", wide)


def million_columns():
    """One line of a million cells under good titles, and a million titles."""
    yield csv_of(ROWS[:1]) + b"\r\n" + b"1;" * 1_000_000
    yield b"mois;" * 1_000_000 + b"\r\n1;2"
    yield ";".join(HEADERS).encode() + b"\r\n" + b'"' + b"x" * 2_000_000
