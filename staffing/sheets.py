"""The single sheets of this room: what the page of a record says, as plain values."""

from core.french import capitalise, period
from core.record_paper import Record
from core.tables import fr_cell
from establishments.vocabulary import words


def leave_sheet(leave, history):
    decided = f"{leave.decided_by}, {fr_cell(leave.decided_at)}" if leave.decided_at else ""
    return Record(
        kind="Demande de congé",
        title=str(leave.employee),
        facts=[
            (words().establishment.cap, str(leave.establishment)),
            ("Statut", leave.get_status_display()),
            ("Dates", period(leave.starts_on, leave.ends_on)),
            ("Durée", leave.get_part_display()),
            ("Type", leave.get_kind_display()),
            ("Proposé par", f"{leave.proposed_by}, {fr_cell(leave.proposed_at)}"),
            (f"{capitalise(str(leave.get_status_display()))} par", decided),
            (words().leave_plan.cap, str(leave.plan or "")),
            ("Dérogation", leave.derogation),
            ("Motif de service", leave.get_refusal_reason_display() if leave.refusal_reason else ""),
        ],
        blocks=[
            ("Historique", [" — ".join(filter(None, [one["when"], one["title"], one["text"]])) for one in history])
        ],
    )


def interim_sheet(interim):
    return Record(
        kind="Intérim de direction",
        title=str(interim.employee),
        facts=[
            (words().establishment.cap, str(interim.establishment)),
            ("Statut", interim.get_status_display()),
            ("Dates", period(interim.starts_on, interim.ends_on)),
            ("Confié par", f"{interim.appointed_by}, {fr_cell(interim.appointed_at)}"),
        ],
    )
