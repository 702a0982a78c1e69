"""The « parcours de prise de fonction » of a director: its steps, its length, its shorter visit interval. Pure.

Source: fiche de poste (« il.elle les accompagne lors de leur prise de fonction »), functions S-008. The steps and
their delays are a practice of ours, not law: nothing else in the code repeats them.
"""

from datetime import date, timedelta

from core.calendar import add_months

from .regulation import single

_RULE = single("PRISE-FONCTION-30").value
MONTHS: int = _RULE["months"]
VISIT_INTERVAL_DAYS: int = _RULE["interval_days"]
FOLLOWED_MONTHS = 12  # a parcours still open after a year is history: nobody is asked about it any more

# (title, days after the start): counted from the first day of the directorship, which is day 0.
STEPS: tuple[tuple[str, int], ...] = (
    ("Accueil le premier jour", 0),
    ("Tour de la maison et rencontre de l’équipe", 2),
    ("Délégation écrite remise et expliquée (CSP R. 2324-34-1)", 7),
    ("Documents et protocoles passés en revue", 14),
    ("Projet d’établissement lu et discuté", 21),
    ("Outils et budget pris en main", 28),
    ("Point à un mois", 30),
    ("Point à trois mois", 91),
    ("Entretien de clôture à six mois", 182),
)


def steps_from(starts_on: date) -> tuple[tuple[int, str, date], ...]:
    """(position from 1, title, due day) of every step of a directorship that starts on a day."""
    return tuple((n, title, starts_on + timedelta(days)) for n, (title, days) in enumerate(STEPS, start=1))


def is_taking_office(starts_on: date, today: date, *, months: int = MONTHS) -> bool:
    """Whether a director in place since `starts_on` is in her first months; the same day six months later she is not.

    False before she starts.
    """
    return starts_on <= today < add_months(starts_on, months)


def earliest_start(today: date, *, months: int = MONTHS) -> date:
    """`is_taking_office` as a comparison of the start, for SQL: earliest_start(today) <= starts_on <= today.

    Ends of months are clipped (29, 30 and 31 August all lead to 28 February): hence the search, of four days at most.
    """
    day = add_months(today, -months)
    while add_months(day, months) <= today:
        day += timedelta(1)
    return day
