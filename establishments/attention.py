"""What the register asks of a person today: direction vacant, interim that ends, authorisation, obligations.

Told to those who keep the calendar or the register of the house; a closed house asks for nothing. Four queries.
"""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from core.attention import KEEPING, LATE, SAFETY, SOON, AttentionItem
from core.calendar import add_months
from core.french import NNBSP, capitalise, full_date

from .due_dates import SOON_DAYS, obligation_due, renewal_due
from .models import Authorisation, Capability, Directorship, Establishment, Obligation
from .vocabulary import words

INTERIM_DAYS = 15
RENEWAL_MONTHS = 25  # wider than the window: renewal_due says what is in it


def attention(user, today) -> list[AttentionItem]:
    kept = Establishment.objects.visible_to(user, Capability.MANAGE_CALENDAR).order_by().values("pk")
    registered = Establishment.objects.visible_to(user, Capability.MANAGE_REGISTER).order_by().values("pk")
    houses = Establishment.objects.open_on(today).filter(Q(pk__in=kept) | Q(pk__in=registered))
    own = Establishment.objects.open_on(today).filter(pk__in=kept)
    return [
        *vacant_directions(houses, today),
        *ending_interims(houses, today),
        *authorisations(houses, today),
        *obligations(own, today),
    ]


def vacant_directions(houses, today):
    heads = Directorship.objects.active_on(today).filter(establishment=OuterRef("pk"), position="director")
    for house in houses.filter(~Exists(heads)):
        yield AttentionItem(
            key=f"direction-vacant-{house.pk}",
            weight=SAFETY,
            title=f"{house.name}\u00a0: direction vacante",
            reason="Personne ne dirige aujourd’hui, ni en titre ni par intérim.",
            url=reverse("establishments:detail", args=[house.pk]),
            button="Voir qui appeler",
            tone="alert",
            due_on=today,
        )


def ending_interims(houses, today):
    """Interims that end within 15 days, unless somebody already directs the day after."""
    after = Directorship.objects.filter(
        establishment=OuterRef("establishment"), position="director", starts_on__gt=OuterRef("ends_on")
    )
    ending = Directorship.objects.active_on(today).filter(
        ~Exists(after),
        establishment__in=houses.order_by().values("pk"),
        is_interim=True,
        position="director",
        ends_on__lte=today + timedelta(days=INTERIM_DAYS),
    )
    for interim in ending.select_related("establishment", "person"):
        house = interim.establishment
        yield AttentionItem(
            key=f"interim-ends-{interim.pk}",
            weight=SOON,
            title=f"{house.name}\u00a0: l’intérim de direction prend fin",
            reason=f"{interim.person}, jusqu’au {full_date(interim.ends_on)}{NNBSP}; personne n’est prévu ensuite.",
            url=reverse("establishments:detail", args=[house.pk]),
            button="Voir la fiche",
            due_on=interim.ends_on,
        )


def authorisations(houses, today):
    rows = Authorisation.objects.active_on(today).filter(
        establishment__in=houses.order_by().values("pk"), expires_on__lte=add_months(today, RENEWAL_MONTHS)
    )
    for row in rows.select_related("establishment"):
        due = renewal_due(row.expires_on, today)
        if not due.is_pressing:
            continue
        yield AttentionItem(
            key=f"authorisation-{row.pk}",
            weight=LATE if due.tone == "alert" else KEEPING,
            title=f"{row.establishment.name}\u00a0: {words()['authorisation'].singular} à renouveler",
            reason=f"{capitalise(due.text)}.",
            url=reverse("establishments:authorisation", args=[row.establishment_id]),
            button="Voir l’autorisation",
            tone=due.tone,
            due_on=due.due_on,
        )


def obligations(houses, today):
    rows = Obligation.objects.filter(
        establishment__in=houses.order_by().values("pk"), expires_on__lte=today + timedelta(days=SOON_DAYS)
    )
    for row in rows.select_related("establishment"):
        due = obligation_due(row.done_on, row.expires_on, today)
        late = due.tone == "alert"
        yield AttentionItem(
            key=f"obligation-{row.pk}",
            weight=LATE if late else SOON,
            title=f"{row.establishment.name}\u00a0: {row.get_kind_display()}",
            reason=f"{capitalise(due.text)}.",
            url=reverse("establishments:obligation_edit", args=[row.establishment_id, row.kind]),
            button="Mettre à jour",
            tone=due.tone,
            due_on=due.due_on,
        )
