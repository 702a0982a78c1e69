"""What the page and the paper of an order show of its addressees."""

from dataclasses import dataclass
from datetime import date

from core.french import counted, short_date
from establishments.models import Capability

from .models import OrderAddressee
from .order_steps import ADDRESSEE
from .papers import Part, paper


@dataclass(frozen=True)
class Line:
    """One addressee: `steps` are those open to the reader."""

    row: OrderAddressee
    expected_on: date
    is_late: bool
    steps: dict


def lines_of(order, user, today) -> list[Line]:
    """By name. Two queries, whatever the number of addressees."""
    rows = list(order.addressees.select_related("territory", "seen_by"))
    carried = set()
    if order.status == order.Status.SENT:
        own = OrderAddressee.objects.visible_to(user, Capability.CARRY_ORDERS)
        carried = set(own.filter(order=order).values_list("pk", flat=True))
    return [_line(order, row, row.pk in carried, today) for row in rows]


def _line(order, row, is_carried, today):
    expected_on = row.due_on or order.due_on
    late = order.status == order.Status.SENT and row.status in row.OPEN and expected_on < today
    steps = {name: step for name, step in ADDRESSEE.items() if row.status in step.start} if is_carried else {}
    return Line(row, expected_on, late, steps)


def paper_of(order, lines, *, at):
    facts = [
        ("Statut", order.get_status_display()),
        ("Donneur d’ordre", order.get_issuer_display()),
        ("Échéance", short_date(order.due_on)),
        ("Charge estimée", f"{counted(order.workload_days, 'jour')} pour chacun" if order.workload_days else ""),
        ("Envoyée", f"le {short_date(order.sent_on)}, par {order.sent_by}" if order.sent_on else ""),
        ("Malgré un conflit de dates", order.despite),
    ]
    rows = tuple(
        (
            str(line.row.territory),
            short_date(line.expected_on),
            line.row.get_status_display(),
            f"{short_date(line.row.seen_on)}, {line.row.seen_by}" if line.row.seen_on else "",
            line.row.note,
        )
        for line in lines
    )
    headers = ("Destinataire", "Échéance", "État", "Reçue", "Précision")
    parts = [Part("Ce qui est attendu", order.text), Part("Destinataires", headers=headers, rows=rows)]
    names = tuple(document.filename for document in order.documents.all())
    parts.append(Part("Pièces jointes", lines=names))
    draft = order.status == order.Status.DRAFT
    return paper(order.title, subject="Commande aux territoires", facts=facts, parts=parts, at=at, draft=draft)
