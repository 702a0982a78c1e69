"""What a kept posting was, and what taking a file back will do, in French."""

from datetime import date, time
from decimal import Decimal

from core.french import agreed, counted, hours, sentence_list, short_date
from core.tables import fr_number

from ..models import Posting
from ..week_text import Stretch, weekly_minutes
from .snapshots import ROSTERS, SLOTS


def said_posting(posting, houses):
    """« Crèche Les Lilas, auxiliaire de puériculture, ETP 0,8, depuis le 01/03/2026, 35 h par semaine ».

    The house goes without saying when the file touched one alone.
    """
    house = [houses.get(posting["establishment_id"], "—")] if len(houses) > 1 else []
    job = str(Posting.Job(posting["job"]).label)
    week = sentence_list([_said_roster(roster, posting) for roster in posting[ROSTERS]]) or "sans horaires"
    return ", ".join([*house, job, f"ETP\u00a0{fr_number(Decimal(posting['fte']))}", _dates(posting), week])


def promise(run):
    """What « Annuler cet import » will do, sentence by sentence; only what concerns this file."""
    made, moved, timed = run.created_count, run.moved_count, run.timed_count
    told = []
    if made:
        who = counted(made, "agent créé par ce fichier sera effacé", "agents créés par ce fichier seront effacés")
        told.append(f"{who}, avec {agreed(made, 'son affectation et ses', 'leurs affectations et leurs')} horaires.")
    if moved:
        told.append(
            f"{counted(moved, 'agent reprendra', 'agents reprendront')} l’affectation d’avant, horaires compris."
        )
    if timed:
        told.append(f"{counted(timed, 'agent reprendra', 'agents reprendront')} les horaires d’avant.")
    return told


def _said_roster(roster, posting):
    worked = [Stretch(time.fromisoformat(start), time.fromisoformat(end)) for _, _, start, end, _ in roster[SLOTS]]
    week = f"{hours(minutes=weekly_minutes(worked, roster['weeks']))} par semaine"
    return week if _dates(roster) == _dates(posting) else f"{week} {_dates(roster)}"


def _dates(row):
    start = short_date(date.fromisoformat(row["starts_on"]))
    return (
        f"du {start} au {short_date(date.fromisoformat(row['ends_on']))}" if row["ends_on"] else f"depuis le {start}"
    )
