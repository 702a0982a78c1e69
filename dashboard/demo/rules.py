"""One rule that changes in three months, an example that says so: what it touches, who took it into account."""

from datetime import timedelta

from establishments.models import RuleChange, RuleNotice
from establishments.rule_impact import touched

from .world import at, uuid_of

DAYS = 92
STATEMENT = (
    "Exemple de démonstration, ce n’est pas un texte\u00a0: l’adjoint de direction serait à temps plein dès soixante "
    "places, et une crèche de quarante à cinquante-neuf places en aurait un à mi-temps."
)


def build(world):
    """After the houses and their authorisations."""
    chance = world.stream("règles")
    told = world.today - timedelta(days=6)
    change = RuleChange.objects.create(
        rule_id="DIRECTION-ETP",
        title="Temps de direction et direction adjointe (exemple)",
        article="CSP R. 2324-35, R. 2324-46-1",
        statement=STATEMENT,
        numbers={"deputy.grande": "0.50", "deputy.tres_grande": "1"},
        starts_on=world.today + timedelta(days=DAYS),
        recorded_by=world.people["central"],
        recorded_at=at(told, 10),
        client_uuid=uuid_of(chance),
    )
    directing = {house.row.pk: house.directing_on(world.today) for house in world.houses}
    RuleNotice.objects.bulk_create(
        _notice(change, house, directing.get(house.pk) if rank % 2 else None, told)
        for rank, house in enumerate(touched(change))
    )


def _notice(change, house, director, told):
    """Every other direction has taken it into account."""
    return RuleNotice(
        change=change,
        establishment=house,
        acknowledged_by=director,
        acknowledged_at=at(told + timedelta(days=2), 11) if director else None,
    )
