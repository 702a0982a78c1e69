"""An inspection and its findings, recorded as the coordination records them."""

import datetime
import uuid

from visits.models import Finding, FindingCheck, Inspection

HELD = datetime.date(2026, 2, 10)
DUE = datetime.date(2026, 3, 10)


def entered(establishment, by, **facts):
    given = {"authority": "pmi", "held_on": HELD, "subject": "Contrôle sur place", **facts}
    return Inspection(establishment=establishment, **given).enter(by=by)


def found(inspection, by, **facts):
    given = {"nature": "injunction", "text": "Issue de secours encombrée", "due_on": DUE, **facts}
    given.setdefault("must_display", given["nature"] == "injunction")
    return inspection.add_finding(Finding(**given), by=by)


def measured(finding, by, owner=None, **facts):
    given = {"title": "Dégager l’issue", "due_on": DUE, "client_uuid": uuid.uuid4(), **facts}
    return finding.raise_action(by=by, owner_id=owner and owner.pk, **given)


def looked_at(finding, by, outcome="lifted", **facts):
    given = {"checked_on": datetime.date(2026, 3, 12), "is_on_site": True, "note": "Vu sur place.", **facts}
    return finding.look_again(FindingCheck(outcome=outcome, **given), by=by)
