"""The CRA on paper: what was kept, and the territories below that sent theirs; « PROJET » until it is sent."""

from django.utils.text import slugify

from core.pdf import render_pdf
from establishments.vocabulary import current_pack, words

from .page import consolidated, views_of


def weekly_file(report, below):
    """(bytes, file name); `below` are the sent reports that the reader may open."""
    view, *others = views_of([report, *below])
    content = render_pdf(
        "dashboard/pdf/weekly.html",
        {
            "view": view,
            "others": others,
            "consolidated": consolidated(others),
            "words": words(),
            "pack": current_pack(),
        },
        title=f"CRA — {report.territory.name}",
        subject=f"Semaine {report.title_days}",
        version=report.version,
        draft=report.is_editable,
        fingerprint=report.fingerprint or None,
        created_at=report.sent_at or report.drafted_at,
    )
    return content, f"{slugify(f'cra {report.territory.name} {report.last_on.isoformat()}')}.pdf"
