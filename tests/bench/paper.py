"""The PDF of a visit's report of three pages, against WeasyPrint alone on the same HTML."""

import io
from unittest import mock

import pypdf

from visits.models import Visit

ROUNDS = 5
PAGES = 3


def longest_report():
    """The visit whose report takes three pages, or the most below."""
    from visits.printing import report_file

    def length(visit):
        return sum(len(text or "") for text in (visit.summary, visit.interview, visit.decisions, visit.context_note))

    done = Visit.objects.with_people().filter(status="done", report_status="validated").order_by("-visited_on")[:200]
    best, pages = None, 0
    for visit in sorted(done, key=length, reverse=True)[:12]:
        found = len(pypdf.PdfReader(io.BytesIO(report_file(visit, "interne")[0])).pages)
        if found <= PAGES and found > pages:
            best, pages = visit, found
        if pages == PAGES:
            break
    return best, pages


def alone(html: str, **options) -> bytes:
    """WeasyPrint as its documentation shows it, with our fonts and style sheet: the same pages are laid out."""
    from core.pdf import engine

    page = engine.HTML(
        string=html, base_url=engine.static_files.base_url(), url_fetcher=engine.static_files.StaticFilesFetcher()
    )
    return page.write_pdf(stylesheets=[engine._stylesheet()], font_config=engine._fonts(), **options)


def measures(measure):
    from core.pdf import engine
    from visits.printing import report_file

    visit, pages = longest_report()
    with mock.patch.object(engine, "write", wraps=engine.write) as write:
        report_file(visit, "interne")
    html = write.call_args.args[0]
    variant = {"pdf_variant": engine.VARIANT, "pdf_tags": True}
    ours = lambda: report_file(visit, "interne")[0]  # noqa: E731
    yield measure(f"PDF balisé, {pages} pages, et WeasyPrint nu", ours, lambda: alone(html), 1.30, rounds=ROUNDS)
    yield measure(
        f"PDF balisé, {pages} pages, et WeasyPrint balisé", ours, lambda: alone(html, **variant), 1.15, rounds=ROUNDS
    )
