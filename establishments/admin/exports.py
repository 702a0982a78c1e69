"""The selection of the list of houses, as a file."""

from django.utils import timezone

from core.spreadsheets.writing import csv_response, xlsx_response

from ..vocabulary import words


def headers():
    return [
        "Code",
        "Nom",
        "Type",
        "Catégorie",
        "Places autorisées",
        words()["sector"].caps,
        words()["pole"].caps,
        "Mode de gestion",
        "Gestionnaire",
        "Adresse",
        "Code postal",
        "Ville",
        "SIRET",
        "Téléphone",
        "Adresse électronique",
        "Ouvert depuis le",
        "Fermé le",
    ]


def rows(model_admin, queryset):
    """One query: places and territories are annotations of the list."""
    for house in queryset:
        yield [
            house.code,
            house.name,
            house.get_kind_display(),
            model_admin.category(house),
            house.places,
            house.sector_name,
            house.pole_name,
            house.get_management_mode_display(),
            house.operator,
            house.street,
            house.postcode,
            house.city,
            house.siret,
            house.phone,
            house.email,
            house.opened_on,
            house.closed_on,
        ]


def stem():
    return f"registre-{timezone.localdate():%Y-%m-%d}"


def export_csv(model_admin, request, queryset):
    return csv_response(stem(), headers(), rows(model_admin, queryset))


def export_xlsx(model_admin, request, queryset):
    return xlsx_response(stem(), headers(), rows(model_admin, queryset))


export_csv.short_description = "Exporter la sélection (CSV)"
export_xlsx.short_description = "Exporter la sélection (Excel)"
