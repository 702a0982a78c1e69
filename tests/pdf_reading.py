"""Reads a PDF as others would: text, structure tree, marked content. Written apart from what writes it."""

from io import BytesIO

import pikepdf
from pypdf import PdfReader

PAINTING = {"Tj", "TJ", "'", '"', "Do", "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh"}


def page_texts(content):
    """The text of each page; spaces of all kinds are kept."""
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def extract_text(content):
    return "\n".join(page_texts(content))


def words_of(text):
    """The text with every space and line end made one plain space: for comparing wrapped lines."""
    return " ".join(text.split())


def structure(content):
    """[(tag, element)] of the structure tree, in reading order."""
    pdf = pikepdf.open(BytesIO(content))
    found = []

    def walk(kids):
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                found.append((str(kid.S).lstrip("/"), kid))
                walk(kid.get("/K", pikepdf.Array([])))

    walk(pdf.Root.StructTreeRoot.K)
    found.append(("", pdf))  # keeps the file open as long as its elements are read
    return found


def tags(content):
    return [tag for tag, _ in structure(content)]


def tagged_ids(content):
    """{(page index, MCID)} that the structure tree holds."""
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

    for element in pdf.Root.StructTreeRoot.K:
        walk(element, None)
    return found


def painted(content):
    """[(page index, operator, MCID or "Artifact" or None)] of everything that leaves ink."""
    pdf, found = pikepdf.open(BytesIO(content)), []
    for index, page in enumerate(pdf.pages):
        marks = []
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BDC", "BMC"):
                properties = operands[1] if name == "BDC" else {}
                marks.append("Artifact" if str(operands[0]) == "/Artifact" else int(properties["/MCID"]))
            elif name == "EMC":
                marks.pop()
            elif name in PAINTING:
                found.append((index, name, marks[-1] if marks else None))
    return found


def streams(content):
    """Every decompressed stream of the file: what an attachment or a forgotten text would hide in."""
    pdf = pikepdf.open(BytesIO(content))
    return [obj.read_bytes() for obj in pdf.objects if isinstance(obj, pikepdf.Stream)]
