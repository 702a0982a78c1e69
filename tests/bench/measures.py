"""What is measured, against what, with which budget (quality §1)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.urls import reverse

from core.models import User
from establishments.models import Establishment

from . import batches, bulk, floors, paper, summer
from .pages import Browser

PAGE_LABELS = ["vue vide", "gabarit", "liste des", "tableau d", "accueil", "page d’un"]
FILTERED = "?state=open&tri=-name&page=2"


@dataclass(frozen=True)
class Measure:
    """`calls["value"]` over `calls["floor"]` must stay within `budget`; None: printed only, no budget in quality §1.

    `peer` when given: the value over this call must stay within `peer_budget`. `most_queries` is the ceiling of the
    kind of page. `rounds` is fewer for what lasts.
    """

    label: str
    value: Callable[[], object]
    floor: Callable[[], object]
    budget: float | None
    most_queries: int | None = None
    peer: Callable[[], object] | None = None
    peer_budget: float = 0.1
    rounds: int = 40
    note: str = field(default="", compare=False)


def measures(only: str = "") -> Iterator[Measure]:
    """All of them, or those whose label holds `only`; what a measure needs is prepared when its turn comes."""
    groups = [
        (PAGE_LABELS, pages),
        (["sommes"], sums),
        (["PDF"], paper.measures),
        (["Synthèse de"], batches.measures),
        (["CSV", "XLSX", "import"], bulk.measures),
        (["été"], summer.measures),
    ]
    for labels, group in groups:
        if not only or any(label in only or only in label for label in labels):
            made = (
                group(Measure)
                if group in (paper.measures, batches.measures, bulk.measures, summer.measures)
                else group()
            )
            yield from (measure for measure in made if only in measure.label)


def member(email: str) -> User:
    return User.objects.get(email=f"{email}@demo.example")


def pages() -> Iterator[Measure]:
    coordinator, central = member("coordinateur"), member("services.centraux")
    hers, everywhere = Browser(coordinator).page, Browser(central).page
    sector = coordinator.mandates.get(territory__kind="sector").territory
    direction = central.mandates.get(territory__isnull=False).territory
    house = Establishment.objects.visible_to(coordinator).order_by("pk").first()
    listed = reverse("establishments:list") + FILTERED
    yield Measure("vue vide", everywhere("/bench/vide/"), everywhere("/bench/vide/"), None)
    yield Measure("gabarit de base", everywhere("/bench/base/"), everywhere("/bench/vide/"), None)
    yield Measure(
        "liste des établissements",
        everywhere(listed),
        everywhere("/bench/etablissements/"),
        4,
        12,
        peer=everywhere("/bench/tables2/?sort=-name&page=2"),
    )
    yield Measure("liste des visites", everywhere(reverse("visits:list")), everywhere("/bench/visites/"), 4, 12)
    yield Measure(
        "tableau d’un secteur",
        hers(reverse("dashboard:territory", args=[sector.pk])),
        hers("/bench/secteur/"),
        2.5,
        15,
    )
    yield Measure(
        "tableau de la direction",
        everywhere(reverse("dashboard:territory", args=[direction.pk])),
        everywhere("/bench/direction/"),
        2.5,
        15,
        rounds=15,
    )
    yield Measure("accueil", hers(reverse("dashboard:home")), hers("/bench/accueil/"), 3, 25)
    yield Measure(
        "page d’un établissement",
        hers(reverse("establishments:detail", args=[house.pk])),
        hers("/bench/maison/"),
        3,
        25,
    )


def sums() -> Iterator[Measure]:
    from django.db.models import Sum

    from indicators.models import HOURS, MonthlyActivity

    rows = MonthlyActivity.objects.published().order_by().values("establishment")
    summed = rows.annotate(**{f"sum_{name}": Sum(name) for name in HOURS})
    yield Measure("sommes de 27 000 mois", lambda: list(summed.all()), floors.raw_sums, 1.3, rounds=15)
