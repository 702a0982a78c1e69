from functools import lru_cache

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.safestring import mark_safe

from core.compiled import rows_once
from core.french import capitalise, counted
from core.tables import ListColumn, ListTable, markup, sub

from .fiche import is_recent
from .models import Directorship, Establishment, OpeningProject
from .regulation import category, category_label
from .vocabulary import titled, words

DAYS_KEPT = 8


def register_rows(user, capability, day):
    """The houses of the perimeter with what the list and the map show of a day, in one query."""
    return _register(day).visible_to(user, capability)


@lru_cache(maxsize=DAYS_KEPT)
def _register(day):
    """The sentence without the door, never asked as it is: its annotations take longer to write than to read."""
    return _with_register(Establishment.objects.all(), day)


@rows_once
def registered(day, *houses):
    """The same rows, of houses given by their keys."""
    return _with_register(Establishment.objects.filter(pk__in=houses), day)


def _with_register(houses, day):
    heads = Directorship.objects.active_on(day).filter(establishment=OuterRef("pk"), position="director")
    return (
        houses.with_places(day)
        .with_territories(day)
        .annotate(
            director_given=Subquery(heads.values("person__first_name")[:1]),
            director_family=Subquery(heads.values("person__last_name")[:1]),
            director_interim=Subquery(heads.values("is_interim")[:1]),
            director_since=Subquery(heads.values("starts_on")[:1]),
        )
    )


def category_of(establishment, day):
    """French name of the category of an annotated row, « — » when its places are unknown."""
    places = establishment.places
    return category_label(establishment.kind, category(establishment.kind, places, day)) if places else "—"


class EstablishmentTable(ListTable):
    """Rows of `register_rows`."""

    empty_text = "Le registre est vide pour votre périmètre."

    name = ListColumn(verbose_name=titled("{establishment}"), header=True)
    address = ListColumn(verbose_name="Adresse", export_only=True, orderable=False)
    category = ListColumn(verbose_name="Catégorie", export_only=True, orderable=False)
    places = ListColumn(verbose_name="Places")
    frozen = ListColumn(verbose_name="Places gelées", numeric=True, export_only=True)
    sector_name = ListColumn(verbose_name=titled("{sector}"))
    director_family = ListColumn(verbose_name="Direction")
    director_since = ListColumn(verbose_name="En fonction depuis", export_only=True)
    management_mode = ListColumn(verbose_name="Mode de gestion", export_only=True)
    phone = ListColumn(verbose_name="Téléphone", orderable=False)

    class Meta:
        model = Establishment
        fields = ["name", "address", "category", "places", "frozen", "sector_name", "director_family"]
        sequence = [*fields, "director_since", "management_mode", "phone"]

    def __init__(self, *args, **kwargs):
        self.day = timezone.localdate()
        term = words()["establishment"]
        self.noun, self.noun_plural = term.singular, term.plural
        self.empty_title = capitalise(term.aucun)
        self.base_columns["name"].verbose_name = term.cap
        self.base_columns["sector_name"].verbose_name = words()["sector"].cap
        super().__init__(*args, **kwargs)

    def cell_sector_name(self, record):
        return sub(record.sector_name or "non rattaché", record.address)

    def state(self, record):
        if record.opened_on > self.day:
            return f"ouvre le {record.opened_on:%d/%m/%Y}"
        return f"fermé depuis le {record.closed_on:%d/%m/%Y}"

    def value_category(self, record):
        return category_of(record, self.day)

    def cell_places(self, record):
        if not record.is_open_on(self.day):
            return self.state(record)
        if record.places is None:
            return "—"
        frozen = f", dont {counted(record.frozen, 'gelée')}" if record.frozen else ""
        return sub(f"{counted(record.places, 'place')}{frozen}", category_of(record, self.day))

    def value_director_family(self, record):
        if record.director_family is None:
            return "vacante" if record.is_open_on(self.day) else None
        name = f"{record.director_given} {record.director_family}".strip()
        if record.director_interim:
            return f"{name} (intérim)"
        return f"{name} (direction récente)" if is_recent(record.director_since, self.day) else name

    def cell_phone(self, record):
        return phone_link(record.phone)


def phone_link(phone):
    """A number to touch on a phone; « — » when there is none."""
    digits = "".join(c for c in phone if c.isdigit() or c == "+")
    if not digits:
        return phone or "—"
    return mark_safe(f'<a class="nowrap" href="tel:{digits}">{markup(phone)}</a>')  # noqa: S308 - escaped


class OpeningProjectTable(ListTable):
    noun, noun_plural = "projet d’ouverture", "projets d’ouverture"
    empty_title = "Aucune ouverture prévue"
    empty_text = "Les projets d’ouverture de votre périmètre paraîtront ici."

    name = ListColumn(verbose_name="Projet")
    territory = ListColumn(verbose_name="Territoire", accessor="territory__name")
    opens_on = ListColumn(verbose_name="Ouverture prévue")
    places = ListColumn(verbose_name="Places prévues", numeric=True)
    staff_to_recruit = ListColumn(verbose_name=titled("{employee.plural} à recruter"), numeric=True)
    status = ListColumn(verbose_name="État")

    class Meta:
        model = OpeningProject
        fields = ["name", "territory", "opens_on", "places", "staff_to_recruit", "status"]
