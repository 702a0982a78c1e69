"""What PDF/UA-1 asks and WeasyPrint leaves out: scope of header cells, running headers marked as artifacts.

Works on the tree that WeasyPrint has just built, before it is written: no second pass over the bytes.
"""

import pydyf


class NotAccessible(ValueError):
    """The document cannot be read aloud: a figure has no text alternative."""


def complete_tags(document, pdf):
    """WeasyPrint's finisher: completes the structure tree, refuses a figure without its alternative."""
    objects = {f"{obj.number} 0 R".encode(): obj for obj in pdf.objects}
    tree = objects[pdf.catalog["StructTreeRoot"]]
    reachable = _reachable(tree, objects)
    for reference in sorted(reachable, key=lambda ref: int(ref.split()[0])):
        element = objects[reference]
        if element.get("S") == "/Figure" and "Alt" not in element:
            raise NotAccessible("figure sans texte de remplacement (title d’un SVG, alt d’une image)")
        if element.get("S") == "/TH":
            _set_scope(element, objects)
    _running_content_as_artifacts(document, pdf, tree, objects, reachable)


def _reachable(tree, objects):
    """References of the structure elements that the tree really holds, from its root down."""
    found, waiting = set(), [ref for ref in tree["K"] if isinstance(ref, bytes)]
    while waiting:
        reference = waiting.pop()
        element = objects.get(reference)
        if reference in found or not isinstance(element, pydyf.Dictionary) or element.get("Type") != "/StructElem":
            continue
        found.add(reference)
        waiting += [kid for kid in element["K"] if isinstance(kid, bytes)]
    return found


def _set_scope(cell, objects):
    """Column for the cells of a table head, Row for the others (PDF/UA-1 §7.5)."""
    row = objects[cell["P"]]
    section = objects[row["P"]]
    scope = "/Column" if section.get("S") == "/THead" else "/Row"
    cell["A"]["Scope"] = scope


def _running_content_as_artifacts(document, pdf, tree, objects, reachable):
    """Headers and footers repeat on each page: pagination artifacts, not text to read again (PDF/UA-1 §7.8)."""
    parents = objects[tree["ParentTree"]]["Nums"]
    for index, page_reference in enumerate(pdf.page_references):
        mapping = parents[2 * index + 1]
        stream = objects[objects[page_reference]["Contents"]]
        running = {mcid for mcid, reference in enumerate(mapping) if reference not in reachable}
        for mcid in running:
            mapping[mcid] = "null"
        _mark_as_pagination(stream.stream, running)


def _mark_as_pagination(operators, running):
    """Rewrite `/Span <</MCID n>> BDC` as `/Artifact <</Type /Pagination>> BDC` for these numbers."""
    for position, operator in enumerate(operators):
        if isinstance(operator, pydyf.Dictionary) and operator.get("MCID") in running:
            operators[position - 1] = "/Artifact"
            operators[position] = pydyf.Dictionary({"Type": "/Pagination"})
