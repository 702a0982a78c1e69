"""The page every list delegates to: filters in the URL, sorting, pages, exports, empty state."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template import RequestContext, Template
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import slugify

from . import list_paper
from .compiled import rounded
from .french import number
from .pdf import pdf_response
from .spreadsheets.writing import csv_response, ods_response, xlsx_response
from .tables import PAGE_PARAMETER, SORT_PARAMETER, ListTable

PER_PAGE = 50
EXPORT_PARAMETER = "export"
EXPORT_BATCH = 2_000
PDF_ROWS_MAX = 5_000
LONGEST_VALUE = 500
MOST_VALUES = 200
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
SPREADSHEETS = {"csv": csv_response, "xlsx": xlsx_response, "ods": ods_response}
EXPORT_LABELS = [("csv", "CSV"), ("xlsx", "XLSX"), ("ods", "ODS"), ("pdf", "PDF")]


def readable_query(query: QueryDict) -> QueryDict:
    """A copy that is safe to filter by, to print and to link to: bounded, without NUL nor halves of characters."""
    readable, count = QueryDict(mutable=True), 0
    for key, values in query.lists():
        for value in dict.fromkeys(values):
            count += 1
            if count > MOST_VALUES or UNREADABLE.search(key) or len(key) > LONGEST_VALUE:
                continue
            readable.appendlist(key, UNREADABLE.sub("", str(value)[:LONGEST_VALUE]))
    return readable


def list_page(
    request: HttpRequest,
    queryset: QuerySet,
    *,
    filterset_class: type | None,
    table_class: type[ListTable],
    template: str = "core/list.html",
    title: str,
    intro: str = "",
    actions: Iterable[tuple[str, str]] = (),
    rows_of: Callable[..., list[Any]] | None = None,
    **context: Any,
) -> HttpResponse:
    """Filter, sort, then one page of 50 rows as HTML, or all rows as a file (`?export=csv|xlsx|ods|pdf`).

    `actions` are (label, URL) pairs of the page's head. `rows_of(*keys)`, where it is given, reads the records of a
    page by a compiled sentence (core.compiled): the queryset is then asked for keys only. Two queries of its own,
    three with `rows_of`, whatever the number of rows.
    """
    request.GET = query = readable_query(request.GET)
    filterset = filterset_class(query, queryset=queryset, request=request) if filterset_class else None
    table = table_class(filterset.qs if filterset else queryset, request=request)
    table.sort(query.get(SORT_PARAMETER))
    export = query.get(EXPORT_PARAMETER)
    if export == "pdf":
        return _pdf(request, table, filterset, title)
    if export in SPREADSHEETS:
        return SPREADSHEETS[export](_file_stem(title), table.export_headers(), table.export_rows(_all(table.records)))
    page = Paginator(table.records, PER_PAGE).get_page(query.get(PAGE_PARAMETER))
    listing = _listing(table, filterset, query, page, rows_of)
    shown = {"title": title, "intro": intro, "list_actions": list(actions), "list": listing}
    return TemplateResponse(request, template, {**shown, "filter": filterset, "table": table, **context})


def _listing(
    table: ListTable, filterset: Any, query: QueryDict, page: Any, rows_of: Callable[..., list[Any]] | None
) -> dict[str, Any]:
    """What the templates of core/_list*.html show."""
    described = filterset.described() if filterset else []
    count = page.paginator.count
    return {
        "page": page,
        "headers": table.headers(query),
        "rows": list(table.html_rows(_rows(table.records, page, rows_of))),
        "count": count,
        "count_sentence": table.count_sentence(count),
        "unit": table.count_sentence(max(count, 2)).partition(" ")[2],
        "form": filterset.form if filterset else None,
        "described": described,
        "sort": query.get(SORT_PARAMETER, ""),
        "clear_url": _link(QueryDict(mutable=True), **{SORT_PARAMETER: query.get(SORT_PARAMETER)}),
        "exports": [
            (label, _link(query, **{EXPORT_PARAMETER: kind, PAGE_PARAMETER: None})) for kind, label in EXPORT_LABELS
        ],
        "pdf_later": f"plus de {list_paper.PDF_ROWS_NOW} lignes, le PDF se prépare à part"
        if count > list_paper.PDF_ROWS_NOW
        else "",
        "empty": {"title": table.empty_title, "text": table.empty_text, "action": table.empty_action},
    }


def _rows(records: Any, page: Any, rows_of: Callable[..., list[Any]] | None) -> Any:
    """The records of a page. Their keys are found first: what a row carries is computed for fifty, not for all."""
    if rows_of:
        keys = list(page.object_list.values_list("pk", flat=True))
        found = {record.pk: record for record in rows_of(*rounded(keys))} if keys else {}
        return [found[key] for key in keys if key in found]
    narrow = isinstance(records, QuerySet) and records._fields is None and not records.query.is_sliced
    if not narrow or records.query.combinator or not page.has_other_pages():
        return page.object_list
    start = page.start_index() - 1
    return records.filter(pk__in=records.values("pk")[start : start + PER_PAGE])


def _link(query: QueryDict, **changes: Any) -> str:
    target = query.copy()
    for key, value in changes.items():
        if value:
            target[key] = value
        else:
            target.pop(key, None)
    return f"?{target.urlencode()}"


def _all(records: Any) -> Iterable[Any]:
    """Every row, without keeping them: prefetches of the queryset are done batch by batch."""
    return records.iterator(chunk_size=EXPORT_BATCH) if isinstance(records, QuerySet) else records


def _file_stem(title: str) -> str:
    return f"{title} {timezone.localdate().isoformat()}"


def pack_of(request: HttpRequest) -> Any:
    """The collectivité's words and name, from the rooms above by the context processors: core imports none of them."""
    context = RequestContext(request)
    with context.bind_template(Template("")):
        return context.get("pack")


def _pdf(request: HttpRequest, table: ListTable, filterset: Any, title: str) -> HttpResponse:
    """The whole list on paper, with its filters and its date: at once, or by the queue above PDF_ROWS_NOW rows."""
    records = list(table.records[: PDF_ROWS_MAX + 1])
    if len(records) > PDF_ROWS_MAX:
        limit = number(PDF_ROWS_MAX)
        messages.warning(
            request, f"Plus de {limit} lignes\u00a0: c’est trop pour un PDF. Affinez les filtres ou prenez un tableur."
        )
        return HttpResponseRedirect(_link(request.GET, **{EXPORT_PARAMETER: None}))
    sheet = list_paper.sheet_of(table, records, filterset.described() if filterset else [])
    given = {"title": title, "at": timezone.now()}
    if len(records) > list_paper.PDF_ROWS_NOW:
        return HttpResponseRedirect(
            list_paper.print_later(sheet, pack_of(request), owner=request.user, **given).get_absolute_url()
        )
    content = list_paper.print_now(sheet, pack_of(request), **given)
    return pdf_response(content, f"{slugify(_file_stem(title))}.pdf", inline=False)
