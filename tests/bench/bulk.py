"""27,000 rows out, hundreds of houses in: against csv.writer, xlsxwriter and bulk_create alone."""

import csv
import io
import tempfile
from datetime import date
from decimal import Decimal

from django.db import transaction
from simple_history.utils import bulk_create_with_history
from xlsxwriter import Workbook

from core.spreadsheets.writing import csv_response, xlsx_response
from core.tables import ListColumn, ListTable
from establishments.models import Authorisation, Establishment, SectorAttachment, Territory
from indicators.models import MonthlyActivity

from .city import TODAY

ROWS_IN = 500
HOUSES = 450
COLUMNS = ["month", "authorised_hours", "open_hours", "contracted_hours", "actual_hours", "billed_hours", "status"]


class MonthTable(ListTable):
    month = ListColumn()
    authorised_hours = ListColumn()
    open_hours = ListColumn()
    contracted_hours = ListColumn()
    actual_hours = ListColumn()
    billed_hours = ListColumn()
    status = ListColumn()

    class Meta:
        model = MonthlyActivity
        fields = COLUMNS


def _months():
    return MonthlyActivity.objects.order_by("pk").iterator(chunk_size=2000)


def _values(row):
    return [
        row.month, row.authorised_hours, row.open_hours, row.contracted_hours, row.actual_hours, row.billed_hours,
        row.get_status_display(),
    ]  # fmt: skip


def our_csv():
    response = csv_response("mois", COLUMNS, MonthTable(MonthlyActivity.objects.none()).export_rows(_months()))
    return b"".join(response.streaming_content)


def floor_csv():
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(COLUMNS)
    writer.writerows(_values(row) for row in _months())
    return out.getvalue().encode()


def our_xlsx():
    response = xlsx_response("mois", COLUMNS, MonthTable(MonthlyActivity.objects.none()).export_rows(_months()))
    return b"".join(response.streaming_content)


def floor_xlsx():
    with tempfile.TemporaryFile() as out:
        book = Workbook(out, {"constant_memory": True})
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        for line, row in enumerate(_months()):
            month, *hours, status = _values(row)
            sheet.write_datetime(line, 0, month, day)
            for column, value in enumerate(hours, start=1):
                sheet.write_number(line, column, value)
            sheet.write_string(line, 6, status)
        book.close()
        return out.tell()


def _file():
    lines = ["code;nom;type;adresse;code postal;ville;places"]
    lines += [
        f"b{n};Crèche mesurée {n};crèche collective;{n} rue du Test;75099;Ville;{20 + n % 60}" for n in range(ROWS_IN)
    ]
    return "\n".join(lines).encode()


def our_import():
    from establishments.importing import carry_out, order_for, read_file

    with transaction.atomic():
        reading = read_file(io.BytesIO(_file()), "bench.csv", "generique")
        plan = carry_out(reading, order_for(reading, today=TODAY))
        if plan.is_refused or len(plan.created) != ROWS_IN:
            raise RuntimeError([str(reject) for reject in plan.rejects[:3]])
        transaction.set_rollback(True)


def floor_import():
    """The same rows in the same tables, with their history, as a script would write them."""
    sector = Territory.objects.filter(kind=Territory.Kind.SECTOR).first()
    where = {"postcode": "75099", "city": "Ville", "opened_on": TODAY}
    names = [(f"b{n}", f"Crèche mesurée {n}", f"{n} rue du Test") for n in range(ROWS_IN)]
    houses = [Establishment(code=code, name=name, street=street, **where) for code, name, street in names]
    with transaction.atomic():
        bulk_create_with_history(houses, Establishment)
        links = [SectorAttachment(establishment=house, territory=sector, starts_on=TODAY) for house in houses]
        bulk_create_with_history(links, SectorAttachment)
        places = [Authorisation(establishment=house, places=20, starts_on=TODAY) for house in houses]
        bulk_create_with_history(places, Authorisation)
        transaction.set_rollback(True)


def _bench_houses():
    houses = [
        Establishment(code=f"m{n}", name=f"Crèche {n}", postcode="75099", city="Ville", opened_on=date(2015, 1, 1))
        for n in range(HOUSES)
    ]
    return Establishment.objects.bulk_create(houses)


MONTHS = [date(2020 + n // 12, n % 12 + 1, 1) for n in range(60)]
HOURS = {
    "authorised_hours": "13200", "open_hours": "11880", "contracted_hours": "10700", "actual_hours": "9630.5",
    "billed_hours": "10486",
}  # fmt: skip


def _activity_file():
    titles = "code;mois;heures autorisées;heures ouvertes;heures contractualisées;heures réalisées;heures facturées"
    numbers = ";".join(value.replace(".", ",") for value in HOURS.values())
    lines = [f"m{n};{month:%m/%Y};{numbers};64;20" for n in range(HOUSES) for month in MONTHS]
    return "\r\n".join([f"{titles};inscrits;jours d’ouverture", *lines]).encode()


def our_activity_import():
    """The file read, compared, staged with what undoes it, then written: the whole of `import_activity`."""
    from indicators.importing.applying import apply_run
    from indicators.importing.receiving import forget_file, receive
    from indicators.importing.running import read_now

    with transaction.atomic():
        _bench_houses()
        run = read_now(receive(_activity_file(), "bench.csv", by=None))
        if (run.created_count, run.rejected_count) != (HOUSES * len(MONTHS), 0):
            raise RuntimeError(f"{run.created_count} créés, {run.rejected_count} rejetés")
        apply_run(run)
        forget_file(run)
        transaction.set_rollback(True)


def floor_activity_import():
    with transaction.atomic():
        houses, hours = _bench_houses(), {name: Decimal(value) for name, value in HOURS.items()}
        rows = [
            MonthlyActivity(establishment=house, month=month, children_enrolled=64, opening_days=20, **hours)
            for house in houses
            for month in MONTHS
        ]
        MonthlyActivity.objects.bulk_create(rows, batch_size=1000)
        transaction.set_rollback(True)


def measures(measure):
    yield measure("CSV de 27 000 lignes", our_csv, floor_csv, 1.5, rounds=3)
    yield measure("XLSX de 27 000 lignes", our_xlsx, floor_xlsx, 1.2, rounds=3)
    yield measure(f"import de {ROWS_IN} lignes", our_import, floor_import, 3, rounds=3)
    yield measure("import de 27 000 mois", our_activity_import, floor_activity_import, 3, rounds=3)
