"""A structural checker of PDF/UA-1 and PDF/A-3, written apart from what writes the files.

What veraPDF would say of the same points (Matterhorn protocol): marks, tree, language, title, headings, tables,
figures, links, fonts, metadata, nothing active, nothing hidden. `faults` gives sentences; none means none found.
"""

from io import BytesIO

import pikepdf

from tests.pdf_reading import painted, structure

HEADINGS = {f"H{level}": level for level in range(1, 7)}
ACTIVE = ("/JavaScript", "/JS", "/Launch", "/SubmitForm", "/ImportData", "/Movie", "/Sound", "/RichMedia")


def faults(content):
    pdf = pikepdf.open(BytesIO(content))
    tree = structure(content)  # its last entry keeps the file open
    elements = [(tag, element) for tag, element in tree if tag]
    return [
        *_document(pdf),
        *_marks(content),
        *_headings(elements),
        *_tables(elements),
        *_alternatives(pdf, elements),
        *_fonts(pdf),
        *_nothing_active(pdf),
    ]


def _document(pdf):
    root = pdf.Root
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "not marked as tagged"
    if not str(root.get("/Lang", "")):
        yield "no language"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "the title is not the one displayed"
    if "/OutputIntents" not in root:
        yield "no output intent"
    if pdf.is_encrypted:
        yield "encrypted"
    with pdf.open_metadata() as xmp:
        if xmp.get("pdfuaid:part") != "1" or xmp.get("pdfaid:part") != "3":
            yield "does not say PDF/UA-1 and PDF/A-3"
        if not xmp.get("dc:title"):
            yield "no title in the metadata"
    for number, page in enumerate(pdf.pages, start=1):
        if page.get("/Annots") and page.get("/Tabs") != "/S":
            yield f"page {number}: the tab order is not that of the structure"
        if page.get("/StructParents") is None:
            yield f"page {number}: not in the structure"


def _marks(content):
    marks, held = painted(content), _held(content)
    out = {(index, mark) for index, _, mark in marks if isinstance(mark, int)} - held
    if out:
        yield f"ink that the tree does not hold: {sorted(out)[:3]}"
    if held - _opened(content):  # a mark may paint nothing, as the end of a line does; it must be there
        yield "the tree holds marks that no page has"
    if [mark for mark in marks if mark[2] is None]:
        yield "ink that is neither tagged nor an artifact"


def _opened(content):
    """{(page index, mark)} of every marked sequence of the pages."""
    found = set()
    for index, page in enumerate(pikepdf.open(BytesIO(content)).pages):
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "BDC" and "/MCID" in operands[1]:
                found.add((index, int(operands[1]["/MCID"])))
    return found


def _held(content):
    """{(page index, mark)} of the tree, marks of a paragraph that goes on to the next page included (MCR)."""
    pdf = pikepdf.open(BytesIO(content))
    pages = {page.objgen: index for index, page in enumerate(pdf.pages)}
    found = set()

    def walk(element, page):
        page = element.get("/Pg", page)
        kids = element.get("/K", pikepdf.Array([]))
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                found.add((pages[page.objgen], int(kid)))
            elif "/S" in kid:
                walk(kid, page)
            elif kid.get("/Type") == "/MCR":
                found.add((pages[kid.get("/Pg", page).objgen], int(kid.MCID)))

    for element in pdf.Root.StructTreeRoot.K:
        walk(element, None)
    return found


def _headings(elements):
    before = 0
    for tag, _ in elements:
        level = HEADINGS.get(tag)
        if level is None:
            continue
        if before == 0 and level != 1:
            yield f"the first heading is {tag}"
        if level > before + 1 and before:
            yield f"{tag} after H{before}"
        before = level
    if not before:
        yield "no heading"


def _kids(element):
    kids = element.get("/K", pikepdf.Array([]))
    return [k for k in (kids if isinstance(kids, pikepdf.Array) else [kids]) if isinstance(k, pikepdf.Dictionary)]


def _rows(table):
    for kid in _kids(table):
        if str(kid.get("/S", "")) == "/TR":
            yield kid
        else:
            yield from _rows(kid)


def _tables(elements):
    for tag, element in elements:
        if tag == "TH" and str(element.get("/A", {}).get("/Scope", "")) not in ("/Column", "/Row", "/Both"):
            yield "a header cell without a scope"
        if tag == "Table":
            widths = {sum(int(cell.get("/A", {}).get("/ColSpan", 1)) for cell in _kids(row)) for row in _rows(element)}
            if len(widths) != 1:
                yield f"a table whose rows have {sorted(widths)} cells"
        if tag == "LI" and not {str(kid.get("/S")) for kid in _kids(element)} & {"/LBody", "/Lbl"}:
            yield "a list item without a body"


def _alternatives(pdf, elements):
    if [1 for tag, element in elements if tag == "Figure" and not str(element.get("/Alt", ""))]:
        yield "a figure without an alternative"
    for page in pdf.pages:
        for note in page.get("/Annots", []):
            if note.get("/Subtype") == "/Link" and not str(note.get("/Contents", "")):
                yield "a link without a description"


def _fonts(pdf):
    for obj in pdf.objects:
        if not isinstance(obj, pikepdf.Dictionary) or obj.get("/Type") != "/Font":
            continue
        name = obj.get("/BaseFont")
        if obj.get("/Subtype") == "/Type0" and "/ToUnicode" not in obj:
            yield f"{name}: no way back to the text"
        described = obj.get("/FontDescriptor")
        if described is not None and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(described.keys()):
            yield f"{name}: not embedded"


def _nothing_active(pdf):
    for obj in pdf.objects:
        if isinstance(obj, pikepdf.Dictionary) and (set(ACTIVE) & set(obj.keys()) or str(obj.get("/S", "")) in ACTIVE):
            yield "something active in the file"
    if "/OpenAction" in pdf.Root or "/AcroForm" in pdf.Root:
        yield "the file does something when it is opened"
