"""The values that could be verified, and no other: what is not known stays empty."""

from datetime import date
from decimal import Decimal

from django.db import migrations

SOURCE = "Cnaf, barème {}\u00a0: couches et repas fournis, facturation jusqu’à 107\u202f%"
KNOWN = [
    # The price between 107 and 117 % was not found.
    {
        "rule": "steps",
        "starts_on": date(2024, 1, 1),
        "ends_on": date(2024, 12, 31),
        "p107": Decimal("10.05"),
        "p120": Decimal("8.27"),
        "hourly": Decimal("6.63"),
        "source": SOURCE.format(2024),
    },
    # « Stabilité des prix plafonds » in 2025; the price at 120 % was not found, nor anything for 2026.
    {
        "rule": "linear",
        "starts_on": date(2025, 1, 1),
        "ends_on": date(2025, 12, 31),
        "p107": Decimal("10.05"),
        "p120": None,
        "hourly": Decimal("6.63"),
        "source": SOURCE.format(2025),
    },
]


def write(apps, schema_editor):
    tariffs = apps.get_model("indicators", "PsuTariff").objects.using(schema_editor.connection.alias)
    for values in KNOWN:
        tariffs.create(services="full", **values)


def erase(apps, schema_editor):
    tariffs = apps.get_model("indicators", "PsuTariff").objects.using(schema_editor.connection.alias)
    for values in KNOWN:
        tariffs.filter(services="full", starts_on=values["starts_on"], source=values["source"]).delete()


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_psu_tariff")]

    operations = [migrations.RunPython(write, erase)]
