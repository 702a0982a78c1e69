"""The PDF of a report: one reading, cut before anything is rendered."""

from django.conf import settings
from django.urls import reverse
from django.utils.text import slugify

from core.french import full_date
from core.pdf import fingerprint, prepare_pdf, render_pdf
from establishments.models import Capability
from establishments.vocabulary import current_pack, words

from .calendars import month_sheets
from .models import TourPlan
from .pieces import images_of
from .report_facts import report_of
from .reports import POLE, PUBLIC, reading_of
from .tour_page import weeks_of

TITLE = "Compte rendu de visite"
HOUSES_A_PAGE = 16  # of the heat-map


def level_marks():
    """The words beside a paragraph that is not of the ordinary level."""
    return {PUBLIC: "peut être rendu public", POLE: f"interne {words().pole.au}"}


def report_file(visit, reading):
    """(bytes, file name) of the report of a visit in a reading; the same bytes as long as the report says the same."""
    return report_file_and_digest(visit, reading)[:2]


def report_file_and_digest(visit, reading):
    """(bytes, file name, the digest whose head is printed on every page)."""
    sheet, name, digest = report_sheet(visit, reading)
    return sheet.written(), name, digest


def report_sheet(visit, reading):
    """(sheet to write, file name, digest) of the report of a visit in a reading."""
    report = reading_of(report_of(visit), reading)
    day = report.visited_on
    digest = visit.fingerprint if reading == "interne" and visit.fingerprint else fingerprint(report)
    images = images_of(visit, report.pieces)
    context = {
        "report": report,
        "words": words(),
        "pack": current_pack(),
        "level_marks": level_marks(),
        "images": images,
        "verify_url": f"{settings.RONDE_BASE_URL.rstrip('/')}{reverse('visits:verify')}",
    }
    sheet = prepare_pdf(
        "visits/pdf/report.html",
        context,
        title=f"{TITLE} — {report.establishment}",
        subject=f"Visite du {full_date(day)}",
        level=reading,
        version=report.progress.version,
        draft=report.is_draft,
        fingerprint=digest,
        created_at=report.progress.validated_at or report.progress.shared_at or day,
        images=images,
    )
    return sheet, f"{slugify(f'compte-rendu {report.establishment} {day.isoformat()} {reading}')}.pdf", digest


def tour_file(plan, user):
    """(bytes, file name) of a tour: its weeks, each visit with the reason of its day; « PROJET » until accepted."""
    stops = list(plan.stops.visible_to(user, Capability.VIEW).select_related("establishment"))
    context = {
        "plan": plan,
        "weeks": weeks_of(plan, stops),
        "late": list(plan.late.select_related("establishment")),
        "count": len(stops),
        "words": words(),
        "pack": current_pack(),
    }
    content = render_pdf(
        "visits/pdf/tour.html",
        context,
        title=str(plan),
        subject=str(plan.owner),
        version=plan.version,
        draft=plan.status != TourPlan.Status.ACCEPTED,
        created_at=plan.accepted_at or plan.created_at,
    )
    return content, f"{slugify(f'tournee {plan.starts_on.isoformat()}')}.pdf"


def months_file(houses, day):
    """(bytes, file name) of the heat-map of houses annotated by `with_freshness`, each page with its table."""
    content = render_pdf(
        "visits/pdf/months.html",
        {"figures": month_sheets(houses, day, most=HOUSES_A_PAGE), "words": words(), "pack": current_pack()},
        title="Visites mois par mois",
        subject=f"Douze mois jusqu’au {full_date(day)}",
        created_at=day,
    )
    return content, f"{slugify(f'visites-mois-par-mois {day.isoformat()}')}.pdf"


def agenda_file(territory, weeks, day):
    """(bytes, file name) of the calendar of a territory, or of everything a person reads in full, as of a day."""
    where = str(territory or "Tout le périmètre")
    content = render_pdf(
        "visits/pdf/agenda.html",
        {"weeks": weeks, "words": words(), "pack": current_pack()},
        title=f"Calendrier des visites — {where}",
        subject=f"Huit semaines à partir du {full_date(weeks[0].starts_on)}",
        created_at=day,
    )
    return content, f"{slugify(f'calendrier-des-visites {where} {day.isoformat()}')}.pdf"
