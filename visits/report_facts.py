"""Gathers what a report says: from the rows while it is a draft, from what was arrested once it is shared."""

from dataclasses import replace

from django.utils import timezone

from establishments.regulation import category, category_label

from . import pieces, reports
from .ratio import groups, needs_table, ratio_of_the_day


def report_of(visit):
    """The internal reading of a visit's report; `reports.reading_of` cuts it lower.

    Draft: the rows as they are. Shared: the text as it was shared, and where the report stands. Validated: the stored
    facts alone, so that the same bytes come out whatever changed since.
    """
    if not visit.facts:
        return build_report(visit)
    stored = reports.from_json(visit.facts)
    if visit.report_status == visit.ReportStatus.VALIDATED:
        return stored
    return replace(stored, progress=progress_of(visit))


def build_report(visit):
    """The report from the rows of today, in seven queries."""
    establishment, day = visit.establishment, visit.happens_on
    identity = establishment.identity_on(day)
    authorisation = establishment.authorisation_on(day)
    places = authorisation.places if authorisation else None
    return reports.VisitReport(
        reading="interne",
        establishment=identity.name,
        address=", ".join(filter(None, [identity.street, f"{identity.postcode} {identity.city}".strip()])),
        category=category_label(identity.kind, category(identity.kind, places, day)) if places else "—",
        places=places,
        kind_label=visit.get_kind_display(),
        is_announced=visit.is_announced,
        is_on_site=visit.is_on_site,
        visited_on=visit.visited_on,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        coordinator=str(visit.coordinator),
        grid=str(visit.grid or ""),
        context=_context(visit, identity, authorisation),
        context_note=_paragraph(visit, "context_note"),
        checks=tuple(_check(check) for check in visit.checks.select_related("action__owner")),
        themes=_themes(visit),
        interview=_paragraph(visit, "interview"),
        decisions=_paragraph(visit, "decisions"),
        new_actions=tuple(_action(origin) for origin in _raised(visit)),
        summary=_paragraph(visit, "summary"),
        next_visit_on=visit.next_visit_on,
        progress=progress_of(visit),
        pieces=pieces.lines_of(visit),
    )


def ratio_of(visit, authorisation=None, identity=None):
    """The ratio of the day of a visit, or None when a number or the authorisation is unknown."""
    day = visit.happens_on
    authorisation = authorisation or visit.establishment.authorisation_on(day)
    identity = identity or visit.establishment.identity_on(day)
    return ratio_of_the_day(
        (visit.present_non_walkers, visit.present_walkers),
        (visit.staff_category_1, visit.staff_category_2),
        rule=authorisation.ratio_rule if authorisation else None,
        places=authorisation.places if authorisation else None,
        kind=identity.kind,
        on=day,
    )


def ratio_table_of(visit):
    """`ratio.needs_table` of the house on the day of a visit."""
    day = visit.happens_on or timezone.localdate()
    authorisation, identity = visit.establishment.authorisation_on(day), visit.establishment.identity_on(day)
    return needs_table(
        rule=authorisation.ratio_rule if authorisation else None,
        places=authorisation.places if authorisation else None,
        kind=identity.kind,
        on=day,
    )


def progress_of(visit):
    response = getattr(visit, "response", None) if visit.answered_at else None
    return reports.Progress(
        status=visit.report_status,
        status_label=visit.get_report_status_display(),
        version=visit.version,
        shared_by=str(visit.shared_by or ""),
        shared_at=visit.shared_at,
        answer_due_on=visit.answer_due_on,
        remark=response.remark if response else "",
        answered_by=str(response.answered_by) if response else "",
        answered_at=visit.answered_at,
        is_silent=visit.report_status == visit.ReportStatus.VALIDATED and visit.answered_at is None,
        validated_by=str(visit.validated_by or ""),
        validated_at=visit.validated_at,
        remarks=tuple(_remark(row) for row in visit.remarks.all()) if visit.answered_at else (),
    )


def _remark(row):
    return reports.RemarkLine(row.text, row.decision, row.get_decision_display(), row.reason)


def _paragraph(visit, name):
    text = getattr(visit, name)
    return reports.Paragraph(text, getattr(visit, f"{name}_level")) if text else None


def _context(visit, identity, authorisation):
    ratio = ratio_of(visit, authorisation, identity)
    return reports.Context(
        directing=visit.directing,
        sections_seen=visit.sections_seen,
        expected_non_walkers=visit.expected_non_walkers,
        expected_walkers=visit.expected_walkers,
        present_non_walkers=visit.present_non_walkers,
        present_walkers=visit.present_walkers,
        staff_category_1=visit.staff_category_1,
        staff_category_2=visit.staff_category_2,
        staff_other=visit.staff_other,
        groups=groups(authorisation.ratio_rule if authorisation else None),
        required_staff=ratio.required if ratio else None,
        ratio_sentence=ratio.sentence if ratio else "",
        is_ratio_met=ratio.is_met if ratio else None,
        lacks_category_1=ratio.lacks_category_1 if ratio else False,
    )


def _check(check):
    return reports.CheckLine(
        title=check.action.title,
        owner=str(check.action.owner or ""),
        due_on=check.action.due_on,
        state=check.state,
        state_label=check.get_state_display(),
        note=check.note,
        level=check.action.level,
    )


def _themes(visit):
    blocks = {}
    for row in visit.observations.select_related("item__theme"):
        line = reports.ObservationLine(
            reference=row.item.reference,
            title=row.item.title,
            rating=row.rating,
            rating_label=row.get_rating_display(),
            nature=row.nature,
            nature_label=row.get_nature_display(),
            fact=row.fact,
            appreciation=row.appreciation,
            level=row.level,
        )
        blocks.setdefault(row.item.theme.title, []).append(line)
    return tuple(reports.ThemeBlock(title, tuple(lines)) for title, lines in blocks.items())


def _raised(visit):
    return visit.raised.select_related("action__owner", "item").order_by("action__due_on", "action")


def _action(origin):
    return reports.ActionLine(
        title=origin.action.title,
        detail=origin.action.detail,
        owner=str(origin.action.owner or ""),
        due_on=origin.action.due_on,
        item=origin.item.title if origin.item else "",
        level=origin.level_when_shared,
    )
