"""A grid in service, and a visit of `creche` that says everything a report can say, ready to be shared."""

import datetime

import pytest

from establishments.models import Level
from projects.models import ActionItem
from tests.visits.factories import (
    ActionCheckFactory,
    ActionFactory,
    ActionOriginFactory,
    GridFactory,
    ObservationFactory,
    VisitFactory,
)
from visits.models import Visit


@pytest.fixture
def grid(db):
    return GridFactory(items=3)


@pytest.fixture
def visit(creche, coordinator, director, grid, today):
    """Complete, a draft: two observations, one action followed, one raised, every text filled."""
    visit = VisitFactory(
        establishment=creche,
        coordinator=coordinator,
        grid=grid,
        starts_at=datetime.time(9, 0),
        ends_at=datetime.time(11, 30),
        directing="Alice Roux",
        sections_seen="bébés, moyens",
        expected_non_walkers=12,
        expected_walkers=22,
        present_non_walkers=11,
        present_walkers=21,
        staff_category_1=3,
        staff_category_2=4,
        staff_other=2,
        context_note="Deux berceaux gelés.",
        interview="Un poste vacant depuis un mois.",
        interview_level=Level.POLE,
        decisions="Demander un renfort.",
        summary="Une équipe posée.\nLe jeu libre progresse.",
        summary_level=Level.PUBLIC,
        next_visit_on=datetime.date(2026, 5, 5),
    )
    first, second, _ = grid.items.all()
    ObservationFactory(visit=visit, item=first, rating="strength", nature="good_practice")
    ObservationFactory(
        visit=visit,
        item=second,
        rating="to_build",
        nature="gap",
        fact="Porte du local ouverte à 10 h 15.",
        appreciation="À signaler au service technique.",
        level=Level.POLE,
    )
    followed = ActionFactory(establishment=creche, title="Refaire le plan d’évacuation", owner=director)
    ActionCheckFactory(visit=visit, action=followed, state="verified", note="Plan affiché.")
    raised = ActionFactory(
        establishment=creche,
        title="Traduire le livret",
        owner=coordinator,
        level=Level.POLE,
        origin_kind=ActionItem.Origin.VISIT,
    )
    ActionOriginFactory(visit=visit, action=raised, item=first)
    return Visit.objects.get(pk=visit.pk)
