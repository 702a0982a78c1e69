"""The report of each visit, built from what is in memory: the very one that `visits.report_facts` reads from the rows.

Three years of reports would cost eight queries each; the tests compare both on the rows that were written.
"""

from core.pdf import fingerprint
from establishments.regulation import category, category_label
from visits import reports
from visits.models import Visit
from visits.ratio import groups
from visits.report_facts import progress_of, ratio_of


def arrest(visit):
    """Set the facts of a shared or answered report, as they were when it was shared."""
    status, answered_at = visit.report_status, visit.answered_at
    version = visit.version
    visit.report_status, visit.answered_at, visit.version = Visit.ReportStatus.SHARED, None, visit.shared_version
    _forget_reply(visit)
    visit.report = _report(visit)
    visit.facts = reports.to_json(visit.report)
    visit.report_status, visit.answered_at, visit.version = status, answered_at, version


def close(world, visit):
    """Validate: who, when, the facts with where the report stands, their fingerprint."""
    world.tell(visit.ends[1], visit.ends[0], "compte rendu validé", visit, visit.establishment)
    visit.report_status = Visit.ReportStatus.VALIDATED
    visit.validated_by, visit.validated_at = visit.ends
    visit.version += 1
    if hasattr(visit, "reply"):
        visit._state.fields_cache["response"] = visit.reply
    report = reports.replace(visit.report, progress=progress_of(visit))
    visit.facts, visit.fingerprint = reports.to_json(report), fingerprint(report)


def _forget_reply(visit):
    # Known to be absent: asking the visit would ask the database.
    visit._state.fields_cache["response"] = None


def _report(visit):
    house, observations, checks, origins = visit.parts
    day = visit.visited_on
    identity, authorisation = house.identity_on(day), _authorisation(house, day)
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
        visited_on=day,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        coordinator=str(visit.coordinator),
        grid=str(visit.grid or ""),
        context=_context(visit, authorisation, identity),
        context_note=_paragraph(visit, "context_note"),
        checks=tuple(_check(row) for row in sorted(checks, key=lambda row: _order(row.action))),
        themes=_themes(observations),
        interview=_paragraph(visit, "interview"),
        decisions=_paragraph(visit, "decisions"),
        new_actions=tuple(_raised(row) for row in sorted(origins, key=lambda row: _order(row.action))),
        summary=_paragraph(visit, "summary"),
        next_visit_on=visit.next_visit_on,
        progress=progress_of(visit),
    )


def _authorisation(house, day):
    row = house.authorisation_on(day)
    return row if row.starts_on <= day else None


def _order(action):
    """The default order of actions; they are written in the order of `drawn`."""
    return action.due_on, action.priority, action.drawn


def _paragraph(visit, name):
    text = getattr(visit, name)
    return reports.Paragraph(text, getattr(visit, f"{name}_level")) if text else None


def _context(visit, authorisation, identity):
    ratio = ratio_of(visit, authorisation, identity) if authorisation else None
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


def _check(row):
    action = row.action
    return reports.CheckLine(
        title=action.title,
        owner=str(action.owner or ""),
        due_on=action.due_on,
        state=row.state,
        state_label=row.get_state_display(),
        note=row.note,
        level=action.level,
    )


def _themes(observations):
    blocks = {}
    for row in observations:
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


def _raised(row):
    action = row.action
    return reports.ActionLine(
        title=action.title,
        detail=action.detail,
        owner=str(action.owner or ""),
        due_on=action.due_on,
        item=row.item.title if row.item else "",
        level=row.level_when_shared,
    )
