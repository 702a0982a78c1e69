"""An action opens what raised it, for whoever may read that."""

import pytest

from projects.models import ActionItem
from tests.factories import TODAY
from tests.projects.factories import ActionFactory
from tests.visits.factories import ActionOriginFactory, VisitFactory
from tests.visits.happenings import told
from visits.models.events import RESTRICTED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
Kind = ActionItem.Origin


def origin(client, who, action):
    client.force_login(who)
    response = client.get(action.get_absolute_url())
    assert response.status_code == 200
    return response.context["origin"], response.content.decode()


@pytest.fixture
def raised(creche):
    visit = VisitFactory(establishment=creche, status="done")
    action = ActionFactory(establishment=creche, origin_kind=Kind.VISIT, origin_label="visite du 12 mars")
    ActionOriginFactory(visit=visit, action=action)
    return action


def test_the_coordinator_opens_the_visit_that_raised_the_action(client, coordinator, raised):
    found, text = origin(client, coordinator, raised)
    assert found.url == raised.origin.visit.get_absolute_url()
    assert f'<a href="{found.url}">visite du 12 mars</a>' in text
    assert client.get(found.url).status_code == 200


def test_a_director_reads_the_words_alone_until_the_report_is_transmitted(client, director, raised):
    found, text = origin(client, director, raised)
    assert found is None
    assert "visite du 12 mars" in text


def test_an_event_of_a_restricted_family_opens_for_the_head_of_the_pole_alone(client, coordinator, pole_head, creche):
    event = told(creche, pole_head, family=RESTRICTED[0])
    action = ActionFactory(establishment=creche, origin_kind=Kind.EVENT, origin_label="événement")
    ActionOriginFactory(visit=None, event=event, action=action)
    assert origin(client, coordinator, action)[0] is None
    found, _ = origin(client, pole_head, action)
    assert found.url == event.get_absolute_url()


@pytest.mark.parametrize(
    ("kind", "start"), [(Kind.INDICATOR, "/indicateurs/"), (Kind.PROJECT, "/projets/etablissement/")]
)
def test_an_action_without_a_single_source_opens_where_it_is_followed(client, coordinator, creche, kind, start):
    action = ActionFactory(establishment=creche, origin_kind=kind, origin_label="Taux, douze mois")
    found, _ = origin(client, coordinator, action)
    assert found.url.startswith(start)
    assert client.get(found.url).status_code == 200


def test_an_action_typed_by_hand_opens_nothing(client, coordinator, creche):
    assert origin(client, coordinator, ActionFactory(establishment=creche, due_on=TODAY))[0] is None
