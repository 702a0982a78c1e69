"""The four weeks ahead as a list and a drawing, and what the forecast is worth in words."""

from datetime import date

from django.utils.html import format_html

from core.charts import Figure
from core.charts.grids import Cell, heatmap
from core.french import counted, full_date, number, percent, period
from core.tables import ListColumn, ListTable
from establishments.vocabulary import titled

from ..tables import BADGE
from .facts import AHEAD_DAYS, ASIDE_DAYS, HISTORY_DAYS, Weather
from .skill import ENOUGH_BREAKS, ENOUGH_DAYS, Skill

TONES = {"good": "peu probable", "watch": "possible (10 % et plus)", "alert": "probable (30 % et plus)"}
TONES = {tone: word.replace(" %", "\u202f%") for tone, word in TONES.items()}


class ForecastTable(ListTable):
    noun, noun_plural = "jour", "jours"
    empty_title = "Aucun jour à prévoir"
    empty_text = "Aucune maison ouverte dont les horaires de l’équipe sont enregistrés."

    house_name = ListColumn(verbose_name=titled("{establishment}"), header=True)
    day = ListColumn(verbose_name="Jour")
    scheduled = ListColumn(verbose_name="Attendus", numeric=True)
    margin = ListColumn(verbose_name="Marge au plus juste", numeric=True)
    chance = ListColumn(verbose_name="Risque de rupture", numeric=True)
    habit = ListColumn(verbose_name="Habituellement", numeric=True)
    word = ListColumn(verbose_name="Lecture", orderable=False)

    def value_chance(self, one):
        return round(one.chance, 3)

    def cell_chance(self, one):
        return percent(one.chance, 0)

    def value_habit(self, one):
        return round(one.habit, 3)

    def cell_habit(self, one):
        return percent(one.habit, 0)

    def cell_word(self, one):
        return format_html(BADGE, one.tone, one.word)


def forecast_table(rows, request=None):
    return ForecastTable(rows, request=request)


def verdict(skill: Skill) -> tuple[str, str, str]:
    """(tone, title, sentence): what the forecast is worth, said as it is, better or not."""
    aside = f"{counted(skill.days, 'journée')} tenues au planning et mises de côté ({ASIDE_DAYS // 7} semaines)"
    kept = f"{aside}, {counted(skill.breaks, 'rupture')}"
    if not skill.is_known:
        return (
            "watch",
            "Trop peu d’histoire pour juger cette prévision",
            f"{kept}\u00a0: il en faut au moins {ENOUGH_DAYS} et {ENOUGH_BREAKS}. "
            "La fréquence habituelle est montrée à sa place.",
        )
    scores = (
        f"erreur de Brier {number(skill.score, 4)} contre {number(skill.usual_score, 4)} pour la fréquence habituelle"
    )
    if skill.gain <= 0:
        return (
            "watch",
            "Cette prévision ne fait pas mieux que l’habitude",
            f"{kept}\u00a0: {scores}. La fréquence habituelle est montrée à sa place.",
        )
    return "info", f"Prévision {percent(skill.gain, 0)} meilleure que l’habitude", f"{kept}\u00a0: {scores}."


def weather_figure(weather: Weather, today: date) -> Figure:
    """Houses × days: the chance of a break in hundredths."""
    days = sorted({one.day for one in weather.days})
    houses = sorted({(one.house_name, one.house) for one in weather.days})
    found = {(one.house, one.day): one for one in weather.days}
    names, columns = [name for name, _ in houses], [f"{day:%d/%m}" for day in days]
    cells = [[_cell(found.get((house, day))) for day in days] for _, house in houses]
    likely = sum(one.tone == "alert" and not one.is_known for one in weather.days)
    known = sum(one.is_known for one in weather.days)
    title = "Risque de rupture du taux d’encadrement, en centièmes"
    return Figure(
        title=title,
        unit="chances sur cent",
        period=period(days[0], days[-1]),
        data_date=f"horaires, congés et enfants attendus au {full_date(today)}",
        n=f"{counted(len(weather.days), 'journée')}, appris sur {HISTORY_DAYS // 7} semaines",
        sentence=f"En {AHEAD_DAYS // 7} semaines\u00a0: {counted(likely, 'journée')} à 30\u202f% et plus, "
        f"{counted(known, 'journée')} déjà en défaut au planning.",
        svg=heatmap(names, columns, cells, tones=TONES, title=title, prefix="meteo"),
        svg_compact=heatmap(names, columns, cells, tones=TONES, title=title, compact=True, prefix="meteo-c"),
        headers=["", *columns],
        rows=[[name, *(_twin(found.get((house, day))) for day in days)] for name, house in houses],
    )


def _cell(one):
    return None if one is None else Cell(one.tone, str(round(one.chance * 100)) if one.chance >= 0.005 else "")


def _twin(one):
    return "fermé ou inconnu" if one is None else percent(one.chance, 0)
