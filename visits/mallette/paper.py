"""The sheet of paper of the mallette: one page, what to have in mind at the door."""

from django.utils.text import slugify

from core.french import full_date
from core.pdf import render_pdf
from establishments.vocabulary import current_pack, words

ACTIONS = 8  # of one page; the rest is counted


def brief_file(mallette):
    """(bytes, file name) of the brief before a visit; the same bytes from the same facts."""
    shown = mallette.actions[:ACTIONS]
    content = render_pdf(
        "visits/pdf/brief.html",
        {
            "mallette": mallette,
            "actions": shown,
            "more": len(mallette.actions) - len(shown),
            "words": words(),
            "pack": current_pack(),
        },
        title=f"Préparation de visite — {mallette.fiche.name}",
        subject=f"Visite du {full_date(mallette.day)}",
        created_at=mallette.day,
    )
    return content, f"{slugify(f'preparation {mallette.fiche.name} {mallette.day.isoformat()}')}.pdf"
