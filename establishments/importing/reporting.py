"""What an import says of itself, on a terminal and on the page: the same words."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.french import NONE, counted, short_date
from core.spreadsheets.writing import csv_lines

from ..models import ManagementMode
from ..vocabulary import said
from .candidates import Notice, Reject
from .planning import Plan, opening_day

SHOWN = 20
PREVIEWED = 100
TOPICS = {
    "misplaced": ("point hors du territoire de son adresse", "points hors du territoire de leur adresse"),
    "no_sector": ("{establishment} sans {sector}", "{establishment.plural} sans {sector}"),
    "no_point": ("{establishment} sans coordonnées", "{establishment.plural} sans coordonnées"),
    "unchecked": ("position non contrôlée, faute de contour", "positions non contrôlées, faute de contour"),
    "same_address": ("adresse de plusieurs {establishment.plural}", "adresses de plusieurs {establishment.plural}"),
    "kept": ("valeur corrigée à la main, gardée", "valeurs corrigées à la main, gardées"),
    "ignored": ("valeur illisible laissée de côté", "valeurs illisibles laissées de côté"),
    "assumed": ("type absent du fichier", "types absents du fichier"),
    "absent": ("ligne du registre absente du fichier", "lignes du registre absentes du fichier"),
}
NO_OUTLINE = (
    "Les positions n’ont pas été contrôlées\u00a0: aucun contour n’est chargé (manage.py import_boundaries FICHIER)."
)
NO_TREE = (
    "Les rattachements n’ont pas été faits\u00a0: aucun territoire n’est chargé (manage.py load_territories FICHIER). "
    "Relancez l’import ensuite\u00a0: il rattachera."
)
REJECT_HEADERS = ["ligne", "colonne", "valeur", "raison"]


@dataclass(frozen=True)
class NoticeGroup:
    """Notices of one topic: a title that counts them, and the lines."""

    title: str
    lines: list[str]


def counts(plan: Plan) -> str:
    """ "créés 320, modifiés 0, inchangés 0, rejetés 0": what was, or would be, done; nothing when it is refused."""
    created, updated, same = len(plan.created), len(plan.updated), plan.unchanged_count
    if plan.is_refused:
        created = updated = same = 0
    return f"créés {created}, modifiés {updated}, inchangés {same}, rejetés {len(plan.rejects)}"


def refusal(plan: Plan) -> str:
    """Why nothing was written, and what would be without the rejected rows."""
    rest = len(plan.created) + len(plan.updated) + plan.unchanged_count
    remedy = {0: "", 1: ", ou demandez un import partiel pour la seule autre"}
    return (
        f"Rien n’a été importé\u00a0: {counted(len(plan.rejects), 'ligne rejetée', 'lignes rejetées')}. "
        f"Corrigez le fichier{remedy.get(rest, f', ou demandez un import partiel pour les {rest} autres')}."
    )


def unchecked(plan: Plan) -> list[str]:
    """What this database does not allow to check."""
    return [text for text, known in ((NO_TREE, plan.has_tree), (NO_OUTLINE, plan.has_outlines)) if not known]


def assumptions(plan: Plan) -> str:
    """Values that the file does not give and that new establishments receive."""
    step = next(iter(plan.created), None)
    if step is None:
        return ""
    texts = [f"ouverture le {short_date(opening_day(plan.order, step.candidate))}"]
    if "opened_on" in step.candidate.values:
        texts = []
    mode = step.candidate.fallbacks.get("management_mode")
    if mode:
        texts.append(f"mode de gestion\u00a0: {ManagementMode(mode).label}")
    return f"Valeurs supposées quand le fichier se tait\u00a0: {', '.join(texts)}." if texts else ""


def notice_groups(plan: Plan) -> list[NoticeGroup]:
    groups = []
    for topic, (singular, plural) in TOPICS.items():
        found = sorted((each for each in plan.notices if each.topic == topic), key=lambda each: each.line)
        if found:
            title = counted(len(found), str(said(singular)), str(said(plural)))
            groups.append(NoticeGroup(title, [_line(each) for each in found]))
    return groups


def _line(notice: Notice) -> str:
    return f"ligne {notice.line} — {notice.text}" if notice.line else notice.text


def differences(plan: Plan) -> Iterator[str]:
    """One line a new or changed establishment."""
    for step in plan.created:
        place = step.territory or NONE
        places = counted(step.candidate.places, "place") if step.candidate.places else "places inconnues"
        yield f"+ ligne {step.candidate.line} — {step.candidate.title}, {places}, {place}"
    for step in plan.updated:
        changes = "\u202f; ".join(f"{change.label}\u00a0: {change.before} → {change.after}" for change in step.changes)
        yield f"~ ligne {step.candidate.line} — {step.known.establishment}\u00a0: {changes}"


def reject_line(reject: Reject) -> str:
    return f"ligne {reject.line}, {reject.column}, «\u00a0{reject.value}\u00a0»\u00a0: {reject.reason}"


def rejects_csv(rejects: list[Reject]) -> bytes:
    rows = [(each.line, each.column, each.value, each.reason) for each in rejects]
    return b"".join(csv_lines(REJECT_HEADERS, rows))
