"""What the register asks of a person today: direction vacant, interim that ends, authorisation, obligations.

Told to those who keep the calendar or the register of the house; a parcours de prise de fonction, to those who visit
it. A closed house asks for nothing. Three queries, compiled once a day.
"""

from datetime import timedelta

from django.db.models import DateField, Exists, F, OuterRef, Q, Value

from core.addresses import address
from core.attention import KEEPING, LATE, SAFETY, SOON, AttentionItem
from core.calendar import add_months
from core.compiled import rows_once
from core.french import NNBSP, capitalise, full_date, sentence_list
from core.unions import EMPTY, leg

from .due_dates import SOON_DAYS, obligation_due, renewal_due
from .models import Authorisation, Capability, Directorship, Establishment, Obligation
from .taking_office import is_taking_office
from .vocabulary import words

INTERIM_DAYS = 15
SHOWN_NAMES = 3
AUTHORISATION, OBLIGATION = "authorisation", "obligation"
RENEWAL_MONTHS = 25  # wider than the window: renewal_due says what is in it


def attention(user, today) -> list[AttentionItem]:
    return [*vacant_directions(user, today), *directions(user, today), *renewals(user, today)]


def _open(user, today, *capabilities):
    """Houses that welcome children, over which the user holds one of the capabilities."""
    held = Q()
    for capability in capabilities:
        held |= Q(pk__in=Establishment.objects.visible_to(user, capability).order_by().values("pk"))
    return Establishment.objects.open_on(today).filter(held)


def _kept(user, today):
    return _open(user, today, Capability.MANAGE_CALENDAR, Capability.MANAGE_REGISTER)


@rows_once
def _vacant(user, today):
    ever = Directorship.objects.filter(establishment=OuterRef("pk"), position="director")
    houses = _kept(user, today).filter(~Exists(ever.active_on(today))).annotate(was_directed=Exists(ever))
    return houses.only("name")


def vacant_directions(user, today):
    """Each direction left vacant; houses whose direction nobody recorded yet are one line, not an alarm each."""
    vacant = _vacant(user, today)
    unrecorded = [house for house in vacant if not house.was_directed]
    for house in vacant:
        if house.was_directed:
            yield AttentionItem(
                key=f"direction-vacant-{house.pk}",
                weight=SAFETY,
                title=f"{house.name}\u00a0: direction vacante",
                reason="Personne ne dirige aujourd’hui, ni en titre ni par intérim.",
                url=address("establishments:detail", house.pk),
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
        url=address("establishments:list"),
        button="Voir la liste",
    )


def _some_names(houses):
    names = [house.name for house in houses[:SHOWN_NAMES]]
    more = len(houses) - len(names)
    return sentence_list([*names, f"{more} autres"] if more > 1 else [house.name for house in houses])


@rows_once
def _directions(user, today):
    after = Directorship.objects.filter(
        establishment=OuterRef("establishment"), position="director", starts_on__gt=OuterRef("ends_on")
    )
    ending = Q(
        ~Exists(after),
        establishment__in=_kept(user, today).order_by().values("pk"),
        is_interim=True,
        position="director",
        ends_on__lte=today + timedelta(days=INTERIM_DAYS),
    )
    visited = _open(user, today, Capability.LOG_VISIT).order_by().values("pk")
    followed = Directorship.objects.followed_on(today).order_by().values("pk")
    taking_office = Q(pk__in=followed, establishment__in=visited)
    rows = Directorship.objects.active_on(today).filter(ending | taking_office).with_progress(today)
    return rows.filter(Q(is_interim=True) | Q(steps_late__gt=0)).select_related("establishment", "person")


def directions(user, today):
    """Interims that end within 15 days, unless somebody already directs the day after; parcours late or to close.

    One query for both: a direction is one or the other.
    """
    for row in _directions(user, today):
        yield _ending_interim(row) if row.is_interim else _late_parcours(row, today)


def _ending_interim(interim):
    house = interim.establishment
    return AttentionItem(
        key=f"interim-ends-{interim.pk}",
        weight=SOON,
        title=f"{house.name}\u00a0: l’intérim de direction prend fin",
        reason=f"{interim.person}, jusqu’au {full_date(interim.ends_on)}{NNBSP}; personne n’est prévu ensuite.",
        url=address("establishments:detail", house.pk),
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
        url=address("establishments:taking_office", row.pk),
        button="Clore le parcours" if to_close else "Voir le parcours",
        due_on=row.next_step_on,
    )


@rows_once
def _renewals(user, today):
    """Authorisations and obligations that expire, in one union; each room of the law has its own delay."""
    name = {"house": F("establishment"), "name": F("establishment__name"), "expires": F("expires_on")}
    authorised = Authorisation.objects.active_on(today).filter(
        establishment__in=_kept(user, today).order_by().values("pk"),
        expires_on__lte=add_months(today, RENEWAL_MONTHS),
    )
    due = Obligation.objects.filter(
        establishment__in=_open(user, today, Capability.MANAGE_CALENDAR).order_by().values("pk"),
        expires_on__lte=today + timedelta(days=SOON_DAYS),
    )
    never = Value(None, DateField())
    legs = [
        leg(authorised, AUTHORISATION, **name, sort=EMPTY, done=never),
        leg(due, OBLIGATION, **name, sort=F("kind"), done=F("done_on")),
    ]
    return legs[0].union(legs[1], all=True)


def renewals(user, today):
    for row in _renewals(user, today):
        if row["what"] == OBLIGATION:
            yield _obligation(row, obligation_due(row["done"], row["expires"], today))
        elif (due := renewal_due(row["expires"], today)).is_pressing:
            yield _authorisation(row, due)


def _authorisation(row, due):
    return AttentionItem(
        key=f"authorisation-{row['row']}",
        weight=LATE if due.tone == "alert" else KEEPING,
        title=f"{row['name']}\u00a0: {words()['authorisation'].singular} à renouveler",
        reason=f"{capitalise(due.text)}.",
        url=address("establishments:authorisation", row["house"]),
        button="Voir l’autorisation",
        tone=due.tone,
        due_on=due.due_on,
    )


def _obligation(row, due):
    return AttentionItem(
        key=f"obligation-{row['row']}",
        weight=LATE if due.tone == "alert" else SOON,
        title=f"{row['name']}\u00a0: {Obligation.Kind(row['sort']).label}",
        reason=f"{capitalise(due.text)}.",
        url=address("establishments:obligation_edit", row["house"], row["sort"]),
        button="Mettre à jour",
        tone=due.tone,
        due_on=due.due_on,
    )
