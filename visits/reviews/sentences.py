"""What the facts of a review say, point by point: plain French, counted, judged by nobody. No query.

Each sentence takes the facts of the subjects that its point reads ({subject: facts}) and gives "" when they are not
there: nothing is proposed without a source. Numbers are those of `facts.py` and `seen.py`.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from core.french import NBSP, NNBSP, capitalise, counted, number, of, percent, points, sentence_list, short_date
from indicators.rates import Activity

from . import words
from .given_said import health_hours, team_courses, team_practice
from .sections import POINTS, Point

Facts = Mapping[str, Any]
HALF = 12  # months of each half of the period
AGREED = 40


def _day(text: str | None) -> str:
    return short_date(date.fromisoformat(text)) if text else ""


def _colon(label: str, text: str) -> str:
    return f"{label}{NBSP}: {text}"


def _hours(rows: list) -> Activity:
    """The sum of rows [month, five hours]."""
    return sum((Activity(*map(Decimal, row[1:6])) for row in rows), Activity(0, 0, 0, 0, 0))


def _rate(value: Any) -> str:
    return percent(value) if value is not None else "—"


def identity_category(facts: Facts) -> str:
    held = facts["identity"]
    places = counted(held["places"], "place autorisée", "places autorisées")
    return f"{capitalise(held['kind'])}, {held['organisation']}, {held['category']}{NNBSP}; {places}."


def identity_authorisation(facts: Facts) -> str:
    held = facts["identity"]
    issued = f"Autorisation du {_day(held['issued_on'])}" if held["issued_on"] else "Autorisation en vigueur"
    expires = f", à renouveler avant le {_day(held['expires_on'])}" if held["expires_on"] else ", sans échéance connue"
    return f"{issued}{expires}{NNBSP}; {words.RATIO_RULES.get(held['ratio_rule'], held['ratio_rule'])}."


def identity_slots(facts: Facts) -> str:
    count = facts["identity"]["slots_n"]
    if not count:
        return "Aucune modulation\u00a0: les mêmes places toute la journée."
    return f"Places modulées selon l’heure\u00a0: {counted(count, 'plage')} dans l’autorisation."


def identity_hours(facts: Facts) -> str:
    by_hours: dict[tuple, list] = {}
    for weekday, opens, closes in facts["hours"]:
        by_hours.setdefault((opens, closes), []).append(words.WEEKDAYS[weekday - 1])
    return " ".join(
        f"{capitalise(sentence_list(held))}, {words.clock(opens)} – {words.clock(closes)}."
        for (opens, closes), held in by_hours.items()
    )


def activity_attendance(facts: Facts) -> str:
    rows = facts["months"]
    total = _hours(rows)
    if total.attendance_rate is None:
        return ""
    return (
        f"Fréquentation de {percent(total.attendance_rate)} sur {len(rows)} mois connus "
        f"({number(total.actual_hours)} heures réalisées sur {number(total.authorised_hours)} autorisées)."
    )


def activity_levers(facts: Facts) -> str:
    total = _hours(facts["months"])
    if total.opening_rate is None:
        return ""
    return (
        f"Ouverture {_rate(total.opening_rate)} × admission {_rate(total.admission_rate)} × assiduité "
        f"{_rate(total.assiduity_rate)} = fréquentation {_rate(total.attendance_rate)}."
    )


def activity_trend(facts: Facts) -> str:
    rows = facts["months"]
    before, after = _hours(rows[:-HALF]), _hours(rows[-HALF:])
    if before.attendance_rate is None or after.attendance_rate is None:
        return ""
    change = points(after.attendance_rate - before.attendance_rate)
    return (
        f"Fréquentation de {_rate(after.attendance_rate)} sur les {HALF} derniers mois, contre "
        f"{_rate(before.attendance_rate)} sur les {len(rows) - len(rows[-HALF:])} mois d’avant ({change})."
    )


def activity_around(facts: Facts) -> str:
    mine = _hours(facts["months"]).attendance_rate
    others = Activity(*map(Decimal, facts["around"][1:6])).attendance_rate
    if mine is None or others is None:
        return ""
    houses = words.others(facts["around"][0])
    return f"Fréquentation de {percent(mine)}, contre {percent(others)} pour {houses} ({points(mine - others)})."


def activity_billing(facts: Facts) -> str:
    total = _hours(facts["months"])
    if total.billing_rate is None:
        return ""
    return f"Facturation de {percent(total.billing_rate)}\u00a0: {number(total.billed_hours)} heures facturées."


def _quota(start: str) -> Callable[[Facts], str]:
    def say(facts: Facts) -> str:
        told = []
        for label, required, actual, met, article in facts["quotas"]:
            if label.startswith(start):
                state = {True: "tenu", False: "en écart", None: "à renseigner"}[met]
                told.append(f"{_colon(label, f'{actual} pour {required} requis')}, {state} ({article}).")
        return " ".join(told)

    return say


def compliance_category(facts: Facts) -> str:
    held = {1: Decimal(0), 2: Decimal(0)}
    for _, category, _, fte in facts["team"]:
        if category in held:
            held[category] += Decimal(fte)
    whole = held[1] + held[2]
    if not whole:
        return ""
    return (
        f"{percent(held[1] / whole)} de l’équipe auprès des enfants relève de la catégorie 1° "
        f"({_fte(held[1])} sur {_fte(whole)}, au dernier jour). La règle des {AGREED}{NNBSP}% se juge chaque mois."
    )


def _fte(value: Decimal) -> str:
    text = number(value, 2)
    return f"{text.rstrip('0').rstrip(',') if ',' in text else text}{NBSP}ETP"


def compliance_ratio(facts: Facts) -> str:
    rows = facts["ratios"]
    short = [row for row in rows if row[2] < row[3]]
    told = f"Encadrement compté lors de {counted(len(rows), 'visite')}"
    if not short:
        return f"{told}\u00a0: toujours suffisant."
    days = sentence_list(_day(row[1]) for row in short)
    return f"{told}\u00a0: insuffisant {counted(len(short), 'fois', 'fois')}, le {days}."


def team_posts(facts: Facts) -> str:
    fte: dict[str, Decimal] = {}
    for job, _, _, value in facts["team"]:
        fte[job] = fte.get(job, Decimal(0)) + Decimal(value)
    told = sentence_list(f"{words.JOBS.get(job, job)} {_fte(value)}" for job, value in fte.items())
    return f"{capitalise(_fte(sum(fte.values())))} au dernier jour\u00a0: {told}."


def team_turnover(facts: Facts) -> str:
    held = facts["moves"]
    arrived, left = counted(held["arrived"], "arrivée"), counted(held["left"], "départ")
    return f"{arrived} et {left} en vingt-quatre mois, pour {counted(held['held'], 'poste occupé', 'postes occupés')}."


def team_direction(facts: Facts) -> str:
    rows = facts["directions"]
    interims = sum(row[2] for row in rows)
    told = f"{counted(len(rows), 'direction')} sur la période"
    tail = f", dont {counted(interims, 'intérim')}" if interims else ""
    return f"{told}{tail}\u00a0; la dernière depuis le {_day(rows[-1][0])}."


def _away(noun: str, subject: str) -> Callable[[Facts], str]:
    def say(facts: Facts) -> str:
        held = facts[subject]
        days = counted(Decimal(held["half_days"]) / 2, "jour")
        return f"{days} {of(noun)} pour toute l’équipe, en {counted(held['spells'], 'fois', 'fois')}."

    return say


def team_leaves(facts: Facts) -> str:
    told = []
    for status, n in facts["leaves"].items():
        label = words.LEAVES.get(status, status)
        told.append(counted(n, f"congé {label}", f"congés {label}s"))
    return f"{capitalise(sentence_list(told))}."


def _document(wanted: str, name: str) -> Callable[[Facts], str]:
    def say(facts: Facts) -> str:
        row = next((row for row in facts["projects"] if row[0] == wanted), None)
        if row is None:
            return ""
        again = f", à réviser avant le {_day(row[3])}" if row[3] else ""
        return f"{name}\u00a0: version {row[1]} en vigueur depuis le {_day(row[2])}{again}."

    return say


def project_days(facts: Facts) -> str:
    rows = facts["days"]
    told = [f"le {_day(day)}{f' ({theme})' if theme else ''}" for day, theme in rows]
    return f"{counted(len(rows), 'journée pédagogique', 'journées pédagogiques')}\u00a0: {sentence_list(told)}."


def duties(facts: Facts) -> str:
    rows = facts["duties"]
    done = [f"{words.DUTIES.get(kind, kind)} le {_day(day)}" for kind, day, _ in rows if day]
    never = [words.DUTIES.get(kind, kind) for kind, day, _ in rows if not day]
    told = [f"Fait\u00a0: {sentence_list(done)}."] if done else []
    return " ".join([*told, f"Sans date\u00a0: {sentence_list(never)}."] if never else told)


def seen(facts: Facts) -> str:
    rows = facts["seen"]
    counts = Counter(rating for _, _, rating in rows)
    told = sentence_list(
        f"{counts[rating]} «\u00a0{label}\u00a0»" for rating, label in words.RATINGS if counts[rating]
    )
    return f"{counted(len(rows), 'observation')}\u00a0: {told}. Dernière le {_day(rows[-1][1])}."


def health(facts: Facts) -> str:
    return f"Fonctions mutualisées\u00a0: {sentence_list(words.SHARED.get(name, name) for name in facts['health'])}."


def premises_works(facts: Facts) -> str:
    told = [f"{title} ({words.WORKS.get(status, status)})" for title, status, *_ in facts["works"]]
    return f"{counted(len(told), 'chantier')}\u00a0: {sentence_list(told)}."


def premises_closures(facts: Facts) -> str:
    closed, frozen = facts["closures"]["closed"], facts["closures"]["frozen"]
    told = [f"{counted(days, 'jour ouvré', 'jours ouvrés')} ({words.CAUSES.get(c, c)})" for c, days in closed.items()]
    shut = f"Fermé {sentence_list(told)}." if told else ""
    gel = [
        f"{counted(places, 'place')} {f'du {_day(start)} au {_day(end)}' if end else f'depuis le {_day(start)}'}"
        for places, _, start, end in frozen
    ]
    return " ".join(filter(None, [shut, f"Gels\u00a0: {sentence_list(gel)}." if gel else ""]))


def events(facts: Facts) -> str:
    rows = facts["events"]
    families = Counter(words.FAMILIES.get(row[2], row[2]) for row in rows)
    told = sentence_list(f"{label} ({n})" for label, n in families.most_common())
    worst = words.SEVERITIES[max(row[3] for row in rows)]
    last = _day(rows[-1][1])
    count = counted(len(rows), "événement")
    return f"{count}\u00a0: {told}. Gravité la plus forte\u00a0: {worst}\u202f; dernier le {last}."


def complaints(facts: Facts) -> str:
    rows = facts["complaints"]
    return f"{counted(len(rows), 'réclamation')} en vingt-quatre mois, la dernière le {_day(rows[-1][1])}."


def inspections(facts: Facts) -> str:
    rows = facts["inspections"]
    told = sentence_list(f"{words.AUTHORITIES.get(row[2], row[2])} le {_day(row[1])}" for row in rows)
    findings, enjoined, standing = (sum(row[at] for row in rows) for at in (3, 4, 5))
    tail = f", dont {counted(enjoined, 'injonction')}" if enjoined else ""
    left = f"{counted(standing, 'reste', 'restent')} à lever" if standing else "tout est levé"
    count = counted(len(rows), "contrôle")
    if not findings:
        return f"{count}\u00a0: {told}. Aucun constat."
    return f"{count}\u00a0: {told}. {counted(findings, 'constat')}{tail}\u202f; {left}."


def visits(facts: Facts) -> str:
    rows = facts["visits"]
    counting = sum(row[3] for row in rows)
    last = _day(rows[-1][1])
    return (
        f"{counted(len(rows), 'visite')} en vingt-quatre mois, dont {counting} qui comptent\u00a0; dernière le {last}."
    )


def _most_said(subject: str, noun: str, plural: str) -> Callable[[Facts], str]:
    def say(facts: Facts) -> str:
        rows = facts[subject]
        ranked = sorted(Counter(row[2] for row in rows).items(), key=lambda pair: (-pair[1], pair[0]))
        told = sentence_list(f"{title} ({counted(n, 'fois', 'fois')})" for title, n in ranked[:5])
        return f"{counted(len(rows), noun, plural)}\u00a0: {told}."

    return say


def _states(facts: Facts) -> Counter:
    return Counter(row[1] for row in facts["actions"])


def risks(facts: Facts) -> str:
    late = _states(facts)["late"]
    undone = [words.DUTIES.get(kind, kind) for kind, done, _ in facts["duties"] if not done]
    told = [
        f"{counted(late, 'action en retard', 'actions en retard')}" if late else "",
        f"obligations sans date\u00a0: {sentence_list(undone)}" if undone else "",
    ]
    found = [text for text in told if text]
    return f"{capitalise(f'{NNBSP}; '.join(found))}." if found else "Ni action en retard, ni obligation sans date."


def plan_open(facts: Facts) -> str:
    states = _states(facts)
    standing = states["open"] + states["late"] + states["done"]
    if not standing:
        return "Aucune action ouverte."
    late = f", dont {counted(states['late'], 'en retard', 'en retard')}" if states["late"] else ""
    done = f"{NNBSP}; {states['done']} à vérifier" if states["done"] else ""
    return f"{counted(standing, 'action ouverte', 'actions ouvertes')}{late}{done}."


def plan_done(facts: Facts) -> str:
    states = _states(facts)
    verified, abandoned = states["verified"], states["abandoned"]
    if not verified and not abandoned:
        return ""
    given_up = f", {counted(abandoned, 'abandonnée', 'abandonnées')}" if abandoned else ""
    return f"{counted(verified, 'action vérifiée', 'actions vérifiées')} sur {sum(states.values())}{given_up}."


SAYINGS: dict[str, Callable[[Facts], str]] = {
    "identity-category": identity_category,
    "identity-authorisation": identity_authorisation,
    "identity-slots": identity_slots,
    "identity-hours": identity_hours,
    "activity-attendance": activity_attendance,
    "activity-levers": activity_levers,
    "activity-trend": activity_trend,
    "activity-around": activity_around,
    "activity-billing": activity_billing,
    "compliance-direction": _quota("Direction"),
    "compliance-eje": _quota("Éducation"),
    "compliance-health": _quota("Accompagnement"),
    "compliance-category": compliance_category,
    "compliance-ratio": compliance_ratio,
    "team-posts": team_posts,
    "team-turnover": team_turnover,
    "team-direction": team_direction,
    "team-absences": _away("absence imprévue", "absences"),
    "team-leaves": team_leaves,
    "team-courses": team_courses,
    "team-training": _away("formation", "training"),
    "team-practice": team_practice,
    "project-in-force": _document("project", "Projet d’établissement"),
    "project-rules": _document("rules", "Règlement de fonctionnement"),
    "project-days": project_days,
    "project-protocols": duties,
    **{f"charte-{n:02}": seen for n in range(1, 11)},
    "families-seen": seen,
    "health-rsai": health,
    "health-hours": health_hours,
    "health-inclusion": seen,
    "premises-works": premises_works,
    "premises-closures": premises_closures,
    "premises-safety": duties,
    "premises-water": duties,
    "premises-seen": seen,
    "events": events,
    "families-complaints": complaints,
    "inspections": inspections,
    "visits": visits,
    "strengths": _most_said("strengths", "point fort", "points forts"),
    "weaknesses": _most_said("gaps", "point à reprendre", "points à reprendre"),
    "opportunities": _most_said("practices", "bonne pratique", "bonnes pratiques"),
    "risks": risks,
    "plan-open": plan_open,
    "plan-done": plan_done,
}


def propose(point: Point, facts: Facts) -> str:
    """The proposal of a point from the facts of its subjects; "" as soon as one of them is missing."""
    if not point.reads or any(not facts.get(subject) for subject in point.subjects):
        return ""
    return SAYINGS[point.key](facts)


def unsaid() -> set[str]:
    """Points that read something and say nothing: a mistake of ours."""
    return {point.key for point in POINTS if point.reads} ^ set(SAYINGS)
