"""The single sheets of this room: what the page of a record says, as plain values, cut to what its reader may see."""

from core.french import capitalise, full_date, period, short_date
from core.record_paper import Record
from core.tables import fr_cell
from establishments.vocabulary import words


def _signed(moment, person):
    return f"{fr_cell(moment)}, {person}" if moment else ""


def history_lines(history):
    return [" — ".join(filter(None, [one["when"], one["title"], one["text"]])) for one in history]


def action_sheet(action, history):
    said = words()
    where = (
        (said.establishment.cap, action.establishment) if action.establishment_id else ("Territoire", action.territory)
    )
    return Record(
        kind=str(said.action.cap),
        title=action.title,
        facts=[
            (where[0], str(where[1])),
            ("Statut", action.get_status_display()),
            ("Échéance", action.due_on),
            ("Responsable de l’action", str(action.owner or "personne")),
            ("Priorité", action.get_priority_display()),
            ("Nature", action.get_kind_display()),
            ("Origine", ", ".join(filter(None, [str(action.get_origin_kind_display()), action.origin_label]))),
            ("Thème", action.theme),
            ("Niveau de lecture", action.get_level_display()),
            ("Précision", action.detail),
            ("Déclarée réalisée", _signed(action.declared_at, action.declared_by)),
            ("Preuve", action.evidence),
            (capitalise(str(action.get_status_display())), _signed(action.closed_at, action.closed_by)),
            ("Raison de l’abandon", action.abandon_reason),
            ("Efficacité", action.get_effectiveness_display() if action.effectiveness else ""),
            ("Ce qui a changé", action.effectiveness_note),
        ],
        blocks=[("Historique", history_lines(history))],
    )


def works_sheet(works, checks, history):
    away = "toutes\u00a0: fermeture complète" if works.closes_house else works.places
    return Record(
        kind="Travaux",
        title=works.title,
        facts=[
            (words().establishment.cap, str(works.establishment)),
            ("Statut", works.get_status_display()),
            ("Demandés le", works.needed_on),
            ("Priorité", works.get_priority_display()),
            ("Besoin", works.need),
            ("Dates prévues", period(works.starts_on, works.ends_on) if works.starts_on else ""),
            ("Places retirées", away if works.starts_on else ""),
            ("Familles informées", works.families_informed_on),
            ("Pour l’équipe", works.staff_note),
            ("Décision", works.decision_note),
            ("Places rendues", works.reopened_on),
        ],
        blocks=[("Liste de réouverture", [_check(line) for line in checks]), ("Historique", history_lines(history))],
    )


def _check(line):
    state = f"fait le {short_date(line.done_on)}, {line.done_by}" if line.done_on else "à faire"
    return f"{line.label}\u00a0: {state}{f' ({line.note})' if line.note else ''}"


def day_sheet(day, history):
    return Record(
        kind="Journée pédagogique",
        title=day.theme,
        facts=[
            (words().establishment.cap, str(day.establishment)),
            ("Statut", day.get_status_display()),
            ("Date", f"{full_date(day.held_on)}, {day.get_part_display()}"),
            ("Objectifs", day.aims),
            ("Intervenant", day.speaker),
            ("Lien avec le projet", day.project_link),
            ("Familles informées", day.families_told_on),
            ("Avis", day.opinion),
            ("Raison", day.reason),
            ("Bilan", day.report),
        ],
        blocks=[("Historique", history_lines(history))],
    )


def local_sheet(action, partners, houses, history):
    return Record(
        kind="Action locale",
        title=action.title,
        facts=[
            ("Territoire", str(action.territory)),
            ("Statut", action.get_status_display()),
            ("Période", period(action.starts_on, action.ends_on)),
            ("Objectif", action.aim),
            ("Familles touchées", action.families_reached),
            ("Bilan", action.balance),
        ],
        blocks=[
            ("Partenaires", [partner.name for partner in partners]),
            (str(words().establishment.caps), [str(house) for house in houses]),
            ("Historique", history_lines(history)),
        ],
    )


def partner_sheet(partner, exchanges, contacts):
    return Record(
        kind="Partenaire",
        title=partner.name,
        facts=[("Territoire", str(partner.territory)), ("À savoir", partner.note)],
        blocks=[
            ("Contacts", [" — ".join(filter(None, [one.name, one.role, one.email, one.phone])) for one in contacts]),
            ("Échanges", [_exchange(one) for one in exchanges]),
        ],
    )


def _exchange(one):
    kept = f", tenu le {short_date(one.kept_on)}" if one.kept_on else ""
    promise = f" Engagement\u00a0: {one.commitment}{kept}." if one.commitment else ""
    who = f", avec {one.contact.name}" if one.contact else ""
    return f"{full_date(one.held_on)}{who} ({one.recorded_by})\u00a0: {one.summary}{promise}"


def event_sheet(event, participations, history):
    return Record(
        kind=capitalise(str(event.get_kind_display())),
        title=event.title,
        facts=[
            ("Territoire", str(event.territory)),
            ("Statut", event.get_status_display()),
            ("Dates", period(event.starts_on, event.ends_on)),
            ("Objectif", event.aim),
            ("Bilan", event.balance),
        ],
        blocks=[
            ("Qui participe", [f"{one.establishment}, agents absents\u00a0: {one.n_away}" for one in participations]),
            ("Historique", history_lines(history)),
        ],
    )
