"""Visits and what goes with them. A visit is made on 10 March 2026, its report a draft, unless told."""

import datetime

import factory
from factory.django import DjangoModelFactory

from projects.models import ActionItem
from tests.factories import TODAY, EstablishmentFactory, UserFactory
from visits.models import (
    ActionCheck,
    ActionOrigin,
    GridItem,
    GridTheme,
    Observation,
    ObservationGrid,
    Visit,
    VisitResponse,
)

VISITED = datetime.date(2026, 3, 10)


class GridFactory(DjangoModelFactory):
    """An active grid of one theme and `items` items, keys item-1, item-2…"""

    class Meta:
        model = ObservationGrid
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"grille-{n}")
    title = "Grille d’essai"
    status = ObservationGrid.Status.ACTIVE

    @factory.post_generation
    def items(self, create, extracted, **kwargs):
        if create and extracted != 0:
            theme = GridTheme.objects.create(grid=self, position=1, title="Accueil")
            for number in range(1, (extracted or 2) + 1):
                GridItem.objects.create(theme=theme, key=f"item-{number}", position=number, title=f"Point {number}")


class VisitFactory(DjangoModelFactory):
    class Meta:
        model = Visit

    establishment = factory.SubFactory(EstablishmentFactory)
    coordinator = factory.SubFactory(UserFactory)
    status = Visit.Status.DONE
    visited_on = VISITED
    created_by = factory.SelfAttribute("coordinator")

    class Params:
        planned = factory.Trait(status=Visit.Status.PLANNED, visited_on=None, planned_on=datetime.date(2026, 3, 24))
        shared = factory.Trait(
            report_status=Visit.ReportStatus.SHARED,
            shared_by=factory.SelfAttribute("coordinator"),
            shared_at=datetime.datetime(2026, 3, 11, 16, 0, tzinfo=datetime.UTC),
            answer_due_on=datetime.date(2026, 3, 23),
        )
        answered = factory.Trait(
            shared=True,
            report_status=Visit.ReportStatus.ANSWERED,
            answered_at=datetime.datetime(2026, 3, 13, 9, 0, tzinfo=datetime.UTC),
        )
        validated = factory.Trait(
            shared=True,
            report_status=Visit.ReportStatus.VALIDATED,
            validated_by=factory.SelfAttribute("coordinator"),
            validated_at=datetime.datetime(2026, 3, 16, 9, 0, tzinfo=datetime.UTC),
            fingerprint="0" * 64,
        )


class ObservationFactory(DjangoModelFactory):
    class Meta:
        model = Observation

    visit = factory.SubFactory(VisitFactory)
    rating = Observation.Rating.ACQUIRED
    fact = "Section des moyens, 9 h 50 : les bacs sont ouverts."


class ActionFactory(DjangoModelFactory):
    class Meta:
        model = ActionItem

    establishment = factory.SubFactory(EstablishmentFactory)
    title = factory.Sequence(lambda n: f"Refaire l’affichage {n}")
    due_on = TODAY + datetime.timedelta(days=30)
    created_by = factory.SubFactory(UserFactory)


class ActionCheckFactory(DjangoModelFactory):
    class Meta:
        model = ActionCheck

    visit = factory.SubFactory(VisitFactory)
    action = factory.SubFactory(ActionFactory, establishment=factory.SelfAttribute("..visit.establishment"))
    state = ActionCheck.State.IN_PROGRESS


class ActionOriginFactory(DjangoModelFactory):
    class Meta:
        model = ActionOrigin

    visit = factory.SubFactory(VisitFactory)
    action = factory.SubFactory(
        ActionFactory,
        establishment=factory.SelfAttribute("..visit.establishment"),
        origin_kind=ActionItem.Origin.VISIT,
    )


class VisitResponseFactory(DjangoModelFactory):
    class Meta:
        model = VisitResponse

    visit = factory.SubFactory(VisitFactory)
    remark = "L’affichage a été refait depuis."
    answered_by = factory.SubFactory(UserFactory)


def accept_remarks(visit, by):
    """The coordinator agrees with everything the director wrote."""
    for remark in visit.remarks.all():
        remark.accept(by=by)
