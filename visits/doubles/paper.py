"""The comparison of two sheets on paper, with what was retained and why."""

from django.utils.text import slugify

from core.pdf import fingerprint, render_pdf
from establishments.vocabulary import current_pack, words

from .comparison import honest
from .subjects import title_of


def double_file(double, lines, agreement):
    """(bytes, file name); the same bytes for the same ratings."""
    paper = {
        "establishment": str(double.establishment),
        "text": title_of(double.review or double.visit),
        "training": double.training,
        "first": str(double.first),
        "second": str(double.second),
        "sentence": honest(agreement),
        "lines": [
            [
                line.point.label,
                _said(line.first, line.first_note),
                _said(line.second, line.second_note),
                str(line.point.get_retained_display()) if line.point.retained else "",
                line.point.reason,
            ]
            for line in lines
        ],
    }
    content = render_pdf(
        "visits/pdf/double.html",
        {"paper": paper, "words": words(), "pack": current_pack()},
        title=f"Double cotation — {paper['establishment']}",
        subject=paper["text"],
        level="interne",
        version=1,
        draft=double.status != double.Status.SETTLED,
        fingerprint=fingerprint(paper),
        created_at=double.settled_at or max(double.first_submitted_at, double.second_submitted_at),
    )
    return content, slugify(f"double-cotation {paper['establishment']} {double.pk}") + ".pdf"


def _said(rating, note):
    return f"{rating} — {note}" if note else rating
