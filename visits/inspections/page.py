"""What the page and the papers of one inspection say: its findings, what was decided of each, where each stands."""

from collections import defaultdict
from dataclasses import dataclass

from establishments.models import Capability
from projects.models import ActionItem

from ..models import Finding, FindingCheck, FindingCorrection
from . import findings


@dataclass(frozen=True)
class FindingLine:
    """One finding, its measures, what followed and what it said before; `standing` says in words where it is."""

    finding: Finding
    actions: tuple[ActionItem, ...]
    checks: tuple[FindingCheck, ...]
    corrections: tuple[FindingCorrection, ...]
    standing: str
    tone: str


def lines_of(inspection, user, today) -> list[FindingLine]:
    """The findings of an inspection, the most binding first, those withdrawn last; four queries."""
    rows = list(inspection.findings.select_related("proof", "proved_by", "inspection__establishment"))
    order = list(findings.NATURES)
    rows.sort(key=lambda row: (row.is_withdrawn, order.index(row.nature), row.due_on or today.max, row.pk))
    return lines(rows, user, today)


def lines(rows, user, today) -> list[FindingLine]:
    """`actions` are those the reader may open; where a finding stands is told from all of its measures."""
    statuses, raised, followed, said = (defaultdict(list) for _ in range(4))
    measures = ActionItem.objects.filter(origin__finding__in=rows)
    visible = set(measures.visible_to(user, Capability.VIEW_ACTIONS).values_list("pk", flat=True))
    for action in measures.select_related("origin", "owner"):
        statuses[action.origin.finding_id].append(action.status)
        if action.pk in visible:
            raised[action.origin.finding_id].append(action)
    for check in FindingCheck.objects.filter(finding__in=rows).select_related("noted_by"):
        followed[check.finding_id].append(check)
    for before in FindingCorrection.objects.filter(finding__in=rows).select_related("corrected_by"):
        said[before.finding_id].append(before)
    return [
        FindingLine(
            row,
            tuple(raised[row.pk]),
            tuple(followed[row.pk]),
            tuple(said[row.pk]),
            *standing_of(row, statuses[row.pk], today),
        )
        for row in rows
    ]


def standing_of(row, statuses, today) -> tuple[str, str]:
    """("mesure à vérifier", "watch"): where a finding is, from the statuses of its measures."""
    if row.is_withdrawn:
        return "retiré", "neutral"
    if row.status == Finding.Status.LIFTED:
        return "levé", "good"
    waits = [status for status in statuses if status in ActionItem.FOLLOWED]
    late = row.is_past_due(today)
    if ActionItem.Status.VERIFIED in statuses and not waits:
        if late and row.is_injunction:
            return "recontrôle à obtenir", "watch"
        return "mesure vérifiée, à lever", "info"
    if waits and all(status == ActionItem.Status.DONE for status in waits):
        text = "mesure déclarée, à vérifier"
    else:
        text = "mesure en cours" if waits else "sans mesure"
    return (f"{text}, délai passé", "alert") if late else (text, "watch")
