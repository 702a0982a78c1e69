"""What the register asks of a person today: direction vacant, interim that ends, authorisation, obligations.

Told to those who keep the calendar or the register of the house; a parcours de prise de fonction, to those who visit
it. A closed house asks for nothing. Four queries.
"""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from core.attention import KEEPING, LATE, SAFETY, SOON, AttentionItem
from core.calendar import add_months
from core.french import NNBSP, capitalise, full_date, sentence_list

from .due_dates import SOON_DAYS, obligation_due, renewal_due
from .models import Authorisation, Capability, Directorship, Establishment, Obligation
from .taking_office import is_taking_office
from .vocabulary import words

INTERIM_DAYS = 15
SHOWN_NAMES = 3
RENEWAL_MONTHS = 25  # wider than the window: renewal_due says what is in it


def attention(user, today) -> list[AttentionItem]:
    kept = Establishment.objects.visible_to(user, Capability.MANAGE_CALENDAR).order_by().values("pk")
    registered = Establishment.objects.visible_to(user, Capability.MANAGE_REGISTER).order_by().values("pk")
    visited = Establishment.objects.visible_to(user, Capability.LOG_VISIT).order_by().values("pk")
    houses = Establishment.objects.open_on(today).filter(Q(pk__in=kept) | Q(pk__in=registered))
    own = Establishment.objects.open_on(today).filter(pk__in=kept)
    return [
        *vacant_directions(houses, today),
        *directions(houses, Establishment.objects.open_on(today).filter(pk__in=visited), today),
        *authorisations(houses, today),
        *obligations(own, today),
    ]


def vacant_directions(houses, today):
    """Each direction left vacant; houses whose direction nobody recorded yet are one line, not an alarm each."""
    ever = Directorship.objects.filter(establishment=OuterRef("pk"), position="director")
    vacant = houses.filter(~Exists(ever.active_on(today))).annotate(was_directed=Exists(ever))
    unrecorded = [house for house in vacant if not house.was_directed]
    for house in vacant:
        if house.was_directed:
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
    if unrecorded:
        yield _unrecorded_directions(unrecorded)


def _unrecorded_directions(houses):
    return AttentionItem(
        key="directions-unrecorded",
        weight=KEEPING,
        title=f"Direction à renseigner pour {words()['establishment'].counted(len(houses))}",
        reason=f"Aucune n’est enregistrée\u00a0: {_some_names(houses)}.",
        url=reverse("establishments:list"),
        button="Voir la liste",
    )


def _some_names(houses):
    names = [house.name for house in houses[:SHOWN_NAMES]]
    more = len(houses) - len(names)
    return sentence_list([*names, f"{more} autres"] if more > 1 else [house.name for house in houses])


def directions(houses, visited, today):
    """Interims that end within 15 days, unless somebody already directs the day after; parcours late or to close.

    One query for both: a direction is one or the other.
    """
    after = Directorship.objects.filter(
        establishment=OuterRef("establishment"), position="director", starts_on__gt=OuterRef("ends_on")
    )
    ending = Q(
        ~Exists(after),
        establishment__in=houses.order_by().values("pk"),
        is_interim=True,
        position="director",
        ends_on__lte=today + timedelta(days=INTERIM_DAYS),
    )
    followed = Directorship.objects.followed_on(today).order_by().values("pk")
    taking_office = Q(pk__in=followed, establishment__in=visited.order_by().values("pk"))
    rows = Directorship.objects.active_on(today).filter(ending | taking_office).with_progress(today)
    for row in rows.filter(Q(is_interim=True) | Q(steps_late__gt=0)).select_related("establishment", "person"):
        yield _ending_interim(row) if row.is_interim else _late_parcours(row, today)


def _ending_interim(interim):
    house = interim.establishment
    return AttentionItem(
        key=f"interim-ends-{interim.pk}",
        weight=SOON,
        title=f"{house.name}\u00a0: l’intérim de direction prend fin",
        reason=f"{interim.person}, jusqu’au {full_date(interim.ends_on)}{NNBSP}; personne n’est prévu ensuite.",
        url=reverse("establishments:detail", args=[house.pk]),
        button="Voir la fiche",
        due_on=interim.ends_on,
    )


def _late_parcours(row, today):
    """Steps late; after the six months, what is left is to be closed."""
    to_close = not is_taking_office(row.starts_on, today)
    what = "parcours de prise de fonction à clore" if to_close else "prise de fonction à accompagner"
    return AttentionItem(
        key=f"taking-office-{row.pk}",
        weight=SOON,
        title=f"{row.establishment.name}\u00a0: {what}",
        reason=f"{row.person}, depuis le {full_date(row.starts_on)}\u00a0: {row.late_text}.",
        url=reverse("establishments:taking_office", args=[row.pk]),
        button="Clore le parcours" if to_close else "Voir le parcours",
        due_on=row.next_step_on,
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
