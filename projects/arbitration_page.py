"""The options of an arbitration side by side with what each does: computed while it is open, kept once decided."""

from dataclasses import dataclass

from core.french import NONE, euros, period, short_date

from .impacts import Impact, impact_of
from .models import ArbitrationOption
from .papers import Part, paper


@dataclass(frozen=True)
class Choice:
    option: ArbitrationOption
    impact: Impact
    is_chosen: bool

    @property
    def rows(self):
        dates = ("Période", period(self.option.starts_on, self.option.ends_on))
        cost = euros(self.option.cost) if self.option.cost is not None else NONE
        return [dates, *self.impact.rows, ("Coût annoncé", cost)]


def choices_of(sheet) -> list[Choice]:
    """Eleven queries an option while it is open, one for all of them once decided."""
    kept = sheet.facts or {}
    return [
        Choice(
            option,
            Impact.read(kept[str(option.pk)]) if str(option.pk) in kept else impact_of(option),
            option.pk == sheet.chosen_id,
        )
        for option in sheet.options.all()
    ]


def paper_of(sheet, choices, *, at):
    """One page: the question, the options side by side, the decision."""
    decided = sheet.status == sheet.Status.DECIDED
    facts = [
        ("Territoire", sheet.territory),
        ("Statut", sheet.get_status_display()),
        ("À rendre avant le", short_date(sheet.decide_before)),
        ("Option retenue", sheet.chosen),
        ("Rendu", f"le {short_date(sheet.decided_on)}, par {sheet.decided_by}" if decided else ""),
        ("Réunion", sheet.meeting),
        ("Instance", sheet.decided_in),
        ("Raison", sheet.reason),
    ]
    parts = [Part("Contexte", sheet.context)]
    if choices:
        headers = ("", *(one.option.title + (" (retenue)" if one.is_chosen else "") for one in choices))
        columns = [one.rows for one in choices]
        rows = tuple((label, *(column[n][1] for column in columns)) for n, (label, _) in enumerate(columns[0]))
        plain = ("En clair", *(one.option.text or NONE for one in choices))
        parts.append(Part("Les options et ce qu’elles font", headers=headers, rows=(plain, *rows)))
    return paper(sheet.title, subject="Fiche d’arbitrage", facts=facts, parts=parts, at=at, draft=not decided)
