"""What an option of an arbitration does: houses, places, hours, euros, professionals; read through the rooms."""

from dataclasses import asdict, dataclass
from decimal import Decimal

from core.french import NONE, counted, euros, number, signed
from establishments.models import Authorisation
from establishments.regulation import ratio_need
from establishments.vocabulary import words
from indicators.whatif import effects_of
from staffing.models import Posting


@dataclass(frozen=True)
class Impact:
    """`staff_low` and `staff_high`: professionals of the ratio for these places, all walking or none walking.

    `hours` and `funding` are texts of exact decimals ("" when a part is unknown), so that a decided sheet keeps them.
    `unknown` counts the houses whose funding cannot be told.
    """

    houses: tuple[str, ...]
    places: int
    hours: str
    funding: str
    unknown: int
    staff_low: int
    staff_high: int
    agents: int

    @property
    def rows(self):
        """(label, value) pairs of the page and of the paper."""
        establishment, staff = words()["establishment"], self.staff_low
        need = f"{signed(staff)}" if staff == self.staff_high else f"de {signed(staff)} à {signed(self.staff_high)}"
        money = euros(_decimal(self.funding), 0) if self.funding else NONE
        if self.funding and self.unknown:
            money = f"{money} (sans {counted(self.unknown, establishment.singular, establishment.plural)})"
        return [
            (
                "Lieux concernés",
                f"{number(len(self.houses))}\u00a0: {', '.join(self.houses)}" if self.houses else NONE,
            ),
            ("Places", signed(self.places)),
            ("Heures d’accueil", signed(_decimal(self.hours))),
            ("PSU, ordre de grandeur", money),
            ("Professionnels au titre du ratio", need),
            ("Agents en poste dans ces lieux", number(self.agents)),
        ]

    def stored(self):
        return {**asdict(self), "houses": list(self.houses)}

    @classmethod
    def read(cls, stored):
        return cls(**{**stored, "houses": tuple(stored["houses"])})


def _decimal(text):
    return Decimal(text or 0)


def impact_of(option) -> Impact:
    """Computed from the terms in force. Eleven queries."""
    houses = list(option.houses.order_by("name", "pk"))
    keys = [house.pk for house in houses]
    dates = option.starts_on, option.ends_on
    found = effects_of(keys, *dates, places=option.places, closes=option.closes_houses) if keys else {}
    rules = dict(
        Authorisation.objects.active_on(option.starts_on)
        .filter(establishment__in=keys)
        .order_by()
        .values_list("establishment", "ratio_rule")
    )
    low = high = 0
    for pk, effect in found.items():
        few, many = _staff(abs(effect.places), rules.get(pk), option.starts_on)
        low, high = (low + few, high + many) if effect.places > 0 else (low - many, high - few)
    known = [effect.funding for effect in found.values() if effect.funding is not None]
    return Impact(
        houses=tuple(house.name for house in houses),
        places=sum(effect.places for effect in found.values()),
        hours=str(sum((effect.hours for effect in found.values()), _decimal("0"))),
        funding=str(sum(known)) if known else "",
        unknown=len(found) - len(known),
        staff_low=low,
        staff_high=high,
        agents=Posting.objects.filter(establishment__in=keys).active_on(option.starts_on).count(),
    )


def _staff(children, rule, on):
    """(all walking, none walking) professionals that the ratio alone asks for so many children."""
    if rule is None or rule == "kindergarten":
        return 0, 0
    return tuple(
        sorted((ratio_need(0, children, rule_code=rule, on=on), ratio_need(children, 0, rule_code=rule, on=on)))
    )
