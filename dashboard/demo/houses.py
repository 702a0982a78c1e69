"""The establishments: types, places and hours after the distributions of a real pôle, their terms and their past."""

from datetime import date, time, timedelta

from core.calendar import add_months, month_start
from core.french import normalise
from establishments.models import (
    Authorisation,
    AuthorisationSlot,
    Establishment,
    Kind,
    ManagementMode,
    OpeningHours,
    Organisation,
    PastIdentity,
    RatioRule,
    SectorAttachment,
)
from establishments.regulation import authorisation_expiry

from . import story
from .city import LONG_AGO, NAME
from .names import OPERATORS, STREET_KINDS, STREETS, house_names, slug
from .world import House, some

# Places of ten houses out of ten: 10 % haltes and petites, 20 % crèches, 30 % grandes, 40 % très grandes.
PLACES = {
    "petite": [15, 16, 18, 20, 20, 22, 24],
    "creche": [25, 28, 30, 32, 33, 35, 38],
    "grande": [40, 44, 45, 48, 50, 54, 55, 58],
    "tres_grande": [60, 60, 66, 66, 70, 75, 77, 80, 85, 88, 90, 99],
}
DECK = ["petite"] + ["creche"] * 2 + ["grande"] * 3 + ["tres_grande"] * 4
HOURS = {
    "regie": [(time(7, 30), time(18, 30))] * 3 + [(time(8), time(19))],
    "other": [(time(7, 30), time(19)), (time(7, 30), time(18, 30)), (time(8), time(19)), (time(8, 30), time(19))],
    "halte": [(time(8, 30), time(17, 30)), (time(9), time(18))],
}
PREFIXES = {
    Kind.HALTE_GARDERIE: "Halte-garderie",
    Kind.JARDIN_ENFANTS: "Jardin d’enfants",
    Kind.CRECHE_FAMILIALE: "Crèche familiale",
}
FORMER_HEADS = ["Crèche municipale", "Crèche du quartier", "Multi-accueil", "Crèche collective"]


def build(world):
    """Every establishment with its attachments, authorisations, hours and past identities, written."""
    number = len(world.sectors) * world.size.houses_per_sector
    names = house_names(world.stream("noms"), number)
    decks = [DECK[rank % len(DECK)] for rank in range(number)]
    world.stream("tailles").shuffle(decks)
    for rank, (name, deck) in enumerate(zip(names, decks, strict=True)):
        sector, place = divmod(rank, world.size.houses_per_sector)
        _house(world, sector, place, rank, name, deck)
    world.write(Establishment, PastIdentity, SectorAttachment, Authorisation, AuthorisationSlot, OpeningHours)


def _house(world, sector, rank, number, name, deck):
    chance = world.stream("maison", number)
    if story.is_told(sector):
        deck = story.DECKS.get(rank, deck)
    kind, organisation, places = _kind(chance, deck)
    mode = _mode(chance, kind, places, told=story.is_told(sector))
    prefix = PREFIXES.get(kind) or ("Multi-accueil" if organisation == Organisation.MULTI_ACCUEIL else "Crèche")
    if places <= 12:
        prefix = "Micro-crèche"
    row = Establishment(
        name=f"{prefix} {name}",
        code=slug(name),
        kind=kind,
        organisation=organisation,
        management_mode=mode,
        operator=f"Ville de {NAME}" if mode == ManagementMode.REGIE else chance.choice(OPERATORS[mode]),
        street=f"{chance.randint(1, 98)} {chance.choice(STREET_KINDS)} {chance.choice(STREETS)}",
        postcode=world.sectors[sector].postcodes,
        city=NAME,
        phone=f"01 99 00 {number // 100:02} {number % 100:02}",
        email=f"{slug(name)}@demo.example",
        opened_on=_opened_on(world, chance, sector, rank),
    )
    row.longitude, row.latitude = (f"{n:.6f}" for n in world.cells[sector].somewhere(chance, world.lattice))
    row.search_name = normalise(f"{row.name} {row.street} {row.postcode} {row.city}")[:300]
    house = House(row, world.sectors[sector], rank, number)
    world.houses.append(house)
    world.add(row)
    _past_identity(world, chance, house)
    _attach(world, house, sector, rank)
    _authorise(world, chance, house, places, renewed=story.is_told(sector) and rank == story.RENEWAL)
    _open(world, chance, house)


def _kind(chance, deck):
    """(kind, organisation, places) for a class of size; micro-crèches are private only."""
    places, draw = chance.choice(PLACES[deck]), chance.random()
    if deck == "petite" and draw < 0.6:
        return Kind.HALTE_GARDERIE, Organisation.STANDARD, places
    if deck == "petite" and draw < 0.8:
        return Kind.CRECHE_COLLECTIVE, Organisation.STANDARD, chance.choice([10, 11, 12])
    if deck == "creche" and draw < 0.08:
        return Kind.JARDIN_ENFANTS, Organisation.STANDARD, places
    if deck in {"grande", "tres_grande"} and draw < 0.12:
        return Kind.CRECHE_FAMILIALE, Organisation.STANDARD, places
    organisation = Organisation.MULTI_ACCUEIL if some(chance, 0.35) else Organisation.STANDARD
    return Kind.CRECHE_COLLECTIVE, organisation, places


def _mode(chance, kind, places, *, told):
    if places <= 12:
        return ManagementMode.PRIVATE
    draw = chance.random()
    if told or kind != Kind.CRECHE_COLLECTIVE or draw < 0.80:
        return ManagementMode.REGIE
    return ManagementMode.DELEGATED if draw < 0.90 else ManagementMode.ASSOCIATION


def _opened_on(world, chance, sector, rank):
    if story.is_told(sector) and rank == story.NEW_HOUSE:
        return world.today - timedelta(days=24)
    if some(chance, 0.05) and not story.is_told(sector):
        return month_start(world.since + timedelta(days=chance.randrange(60, 30 * world.size.months)))
    return date(chance.randrange(1986, world.today.year - 6), chance.choice([1, 4, 9]), 1)


def _past_identity(world, chance, house):
    """One house in ten had another name, or another operator, some years ago."""
    row = house.row
    if not some(chance, 0.10) or row.opened_on > world.since:
        return
    values = {name: getattr(row, name) for name in Establishment.IDENTITY}
    values["name"] = f"{chance.choice(FORMER_HEADS)} {row.street.split(' ', 1)[1]}"
    if row.management_mode == ManagementMode.REGIE and some(chance, 0.4):
        values["management_mode"] = ManagementMode.ASSOCIATION
        values["operator"] = chance.choice(OPERATORS["association"])
    changed_on = month_start(world.since + timedelta(days=chance.randrange(30, 25 * world.size.months)))
    changed_on = max(changed_on, row.opened_on + timedelta(days=30))
    house.past = world.add(
        PastIdentity(establishment=row, starts_on=row.opened_on, ends_on=changed_on - timedelta(days=1), **values)
    )


def _attach(world, house, sector, rank):
    """Since the reorganisation some houses of the first two sectors come from one that was closed."""
    starts_on = max(LONG_AGO, house.row.opened_on)
    came = sector < 2 and rank < world.size.houses_per_sector // 3 and house.row.opened_on < world.reorganised_on
    spans = [(house.sector, starts_on, None)]
    if came:
        before = world.reorganised_on - timedelta(days=1)
        spans = [(world.former_sector, starts_on, before), (house.sector, world.reorganised_on, None)]
    for territory, start, end in spans:
        attachment = SectorAttachment(establishment=house.row, territory=territory, starts_on=start, ends_on=end)
        house.attachments.append(world.add(attachment))


def _authorise(world, chance, house, places, *, renewed):
    """The terms in force; for one house in five, other terms before a change of the last three years."""
    months_ago = 162 if renewed else chance.randrange(40, 150)
    issued_on = max(house.row.opened_on, add_months(month_start(world.today), -months_ago))
    rule = _ratio_rule(chance, house.row.kind)
    spans = [(issued_on, places, rule)]
    changes = house.row.opened_on < world.since and some(chance, 0.20)
    if changes and not renewed:
        changed_on = month_start(world.since + timedelta(days=chance.randrange(40, 27 * world.size.months)))
        before = max(10, places - chance.choice([4, 5, 6, 8, 10])) if some(chance, 0.7) else places + 6
        if house.row.kind == Kind.CRECHE_COLLECTIVE and places > 12:
            spans = [(issued_on, max(13, before), rule), (changed_on, places, rule)]
    for rank, (starts_on, number, rule) in enumerate(spans):
        following = spans[rank + 1][0] - timedelta(days=1) if rank + 1 < len(spans) else None
        authorisation = Authorisation(
            establishment=house.row,
            places=number,
            ratio_rule=rule,
            issued_on=starts_on,
            expires_on=authorisation_expiry(starts_on),
            age_min_months=24 if house.row.kind == Kind.JARDIN_ENFANTS else 3,
            age_max_months=72 if house.row.kind == Kind.JARDIN_ENFANTS else 48,
            reference=f"Arrêté {starts_on.year}-{house.number + 1:04}",
            starts_on=starts_on,
            ends_on=following,
        )
        house.authorisations.append(world.add(authorisation))


def _ratio_rule(chance, kind):
    if kind == Kind.JARDIN_ENFANTS:
        return RatioRule.KINDERGARTEN
    draw = chance.random()
    if draw < 0.55:
        return RatioRule.FIVE_EIGHT_SUMMED
    return RatioRule.FIVE_EIGHT_BY_GROUP if draw < 0.70 else RatioRule.ONE_SIX


def _open(world, chance, house):
    """Hours of the week, changed once in one house of ten; modulated places in one of seven."""
    row = house.row
    group = "halte" if row.kind == Kind.HALTE_GARDERIE else "regie" if row.management_mode == "regie" else "other"
    opens_at, closes_at = chance.choice(HOURS[group])
    starts_on = max(LONG_AGO, row.opened_on)
    house.hours = [(starts_on, None, opens_at, closes_at)]
    if some(chance, 0.10) and row.opened_on < world.since:
        changed_on = date(world.today.year - 1, 9, 1)
        if changed_on > max(starts_on, world.since):
            before = (starts_on, changed_on - timedelta(days=1), opens_at, time(closes_at.hour - 1, closes_at.minute))
            house.hours = [before, (changed_on, None, opens_at, closes_at)]
    for start, end, opens, closes in house.hours:
        for weekday in range(1, 6):
            world.add(
                OpeningHours(
                    establishment=row, weekday=weekday, opens_at=opens, closes_at=closes, starts_on=start, ends_on=end
                )
            )
    whole = len(house.hours) == 1 and row.kind == Kind.CRECHE_COLLECTIVE and house.authorisations[-1].places >= 25
    if whole and some(chance, 0.15):
        _modulate(world, house, opens_at, closes_at)


def _modulate(world, house, opens_at, closes_at):
    authorisation = house.authorisations[-1]
    few = authorisation.places * 6 // 10
    bounds = [(opens_at, time(9), few), (time(9), time(17), authorisation.places), (time(17), closes_at, few)]
    house.slots = bounds
    for weekday in range(1, 6):
        for start, end, places in bounds:
            world.add(
                AuthorisationSlot(
                    authorisation=authorisation, weekday=weekday, starts_at=start, ends_at=end, places=places
                )
            )
