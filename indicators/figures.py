"""The curve of the rates that the job names, admission and attendance (S-060); what is not validated is hatched."""

from core.charts import Figure, Series, line_chart
from core.charts.grids import MONTHS
from core.french import full_date, month_name, percent, points

TITLE = "Taux d’admission et de fréquentation"


def rates_figure(by_month, months, *, provisional, n, today, title=TITLE):
    """A Figure over `months` of {month: Activity}; a month without data is a gap. `n` says what was counted."""
    rates = [
        (by_month[m].admission_rate, by_month[m].attendance_rate) if m in by_month else (None, None) for m in months
    ]
    series = [
        Series(name, [None if pair[place] is None else float(pair[place] * 100) for pair in rates])
        for place, name in enumerate(["Admission", "Fréquentation"])
    ]
    labels = [f"{MONTHS[month.month - 1]} {month:%y}" for month in months]
    shown = {"unit": "%", "y_min": 0, "provisional": [i for i, m in enumerate(months) if m in provisional]}
    return Figure(
        title=title,
        unit="%",
        period=f"{month_name(months[0])} – {month_name(months[-1])}",
        data_date=f"données au {full_date(today)}",
        n=n,
        sentence=reading(by_month, months),
        svg=line_chart(series, labels, title=title, prefix="taux", **shown),
        svg_compact=line_chart(series, labels, title=title, prefix="taux-etroit", compact=True, **shown),
        headers=["Mois", "Admission", "Fréquentation", "Validation"],
        rows=[
            [month_name(month), percent(admission), percent(attendance), _word(month, by_month, provisional)]
            for month, (admission, attendance) in zip(months, rates, strict=True)
        ],
    )


def reading(by_month, months):
    """One sentence on the last known month, against the same month a year before: seasons are not compared."""
    known = [m for m in months if m in by_month and by_month[m].attendance_rate is not None]
    if not known:
        return "Aucune donnée sur la période."
    last = known[-1]
    rate, before = by_month[last].attendance_rate, by_month.get(last.replace(year=last.year - 1))
    now = f"La fréquentation est de {percent(rate)} en {month_name(last)}"
    if before is None or before.attendance_rate is None:
        return f"{now}."
    year_before = before.attendance_rate
    return f"{now}, contre {percent(year_before)} un an plus tôt ({points(rate - year_before)})."


def _word(month, by_month, provisional):
    if month not in by_month:
        return "sans donnée"
    return "non validé" if month in provisional else "validé"
