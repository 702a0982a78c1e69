"""Questions and orders in the administration: what is read, by whom, and that nothing moves there."""

import pytest
from django.urls import reverse

from establishments.models import Role
from projects.models import OrderAddressee, ServiceOrder, ServiceRequest
from tests.conftest import holder
from tests.factories import TODAY
from tests.projects.factories import RequestFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today"), pytest.mark.ignore_template_errors]


def address(model, page, *args):
    return reverse(f"admin:projects_{model}_{page}", args=args)


def listed(client, model, **query):
    return {row.pk for row in client.get(address(model, "changelist"), query).context_data["cl"].result_list}


@pytest.fixture
def local_administrator(other_pole):
    return holder(Role.ADMINISTRATOR, "Zoé", "Martin", territory=other_pole)


@pytest.fixture
def question(creche, coordinator, director):
    row = RequestFactory(
        establishment=creche, title="Réparer le lave-linge", text="zz-su-texte", asked_by=director, owner=coordinator
    )
    row.relay(by=coordinator, owner=director, seen=coordinator.pk, service="Travaux", text="zz-su-motif")
    return row


@pytest.fixture
def order(direction, caspe, other_pole, pole, central):
    row = ServiceOrder(territory=direction, title="Recenser les lits", text="zz-su-ordre", due_on=TODAY)
    row.prepare(by=central, places=[pole, other_pole])
    return row


def sent(order, by):
    ServiceOrder.objects.filter(pk=order.pk).update(status="sent", sent_by=by, sent_on=TODAY)


def test_an_administrator_reads_where_a_question_is_and_none_of_its_texts(client, administrator, question):
    question.reply(by=question.owner, answer="zz-su-reponse")
    client.force_login(administrator)
    pages = [
        client.get(address("servicerequest", "changelist")),
        client.get(address("servicerequest", "change", question.pk)),
        client.get(address("servicerequest", "history", question.pk)),
    ]
    text = "".join(page.content.decode() for page in pages)
    assert "Réparer le lave-linge" in text
    assert "zz-su" not in text
    history = pages[-1].content.decode()
    assert "Demande relayée" in history
    assert "Demande répondue" in history


def test_nobody_yet_is_a_dash(client, administrator, question, order):
    client.force_login(administrator)
    for record, name in [(question, "servicerequest"), (order, "serviceorder")]:
        page = client.get(reverse(f"admin:projects_{name}_change", args=[record.pk])).content.decode()
        assert ">None<" not in page


def test_no_state_moves_there(client, administrator, question, order):
    client.force_login(administrator)
    for model, row in (("servicerequest", question), ("serviceorder", order)):
        fields = {"status": "closed", "title": "Forgé", "owner": ""}
        assert client.post(address(model, "change", row.pk), fields).status_code == 403
        assert client.post(address(model, "add"), fields).status_code == 403
        assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    question.refresh_from_db()
    assert (question.status, question.title) == ("relayed", "Réparer le lave-linge")
    assert ServiceRequest.objects.count() == ServiceOrder.objects.count() == 1


def test_an_administrator_of_another_pole_finds_neither_question_nor_history(client, local_administrator, question):
    client.force_login(local_administrator)
    assert listed(client, "servicerequest") == set()
    for page in ("change", "history"):
        assert client.get(address("servicerequest", page, question.pk)).status_code == 404


def test_an_order_is_read_where_it_is_received_once_it_is_sent(client, local_administrator, order, central, pole):
    client.force_login(local_administrator)
    assert listed(client, "serviceorder") == set()
    sent(order, central)
    assert listed(client, "serviceorder") == {order.pk}
    text = client.get(address("serviceorder", "change", order.pk)).content.decode()
    assert "Pôle 19e" in text
    assert "Pôle 20e" not in text
    assert "zz-su-ordre" not in text
    assert "ent by" not in text  # no label left in English


def test_they_are_narrowed_by_situation_and_found_with_or_without_accents(
    client, administrator, question, order, creche, central, pole
):
    late = RequestFactory(establishment=creche, title="Tard", due_on=TODAY.replace(day=2))
    sent(order, central)
    OrderAddressee.objects.filter(territory=pole).update(status="seen", seen_by=central, seen_on=TODAY)
    client.force_login(administrator)
    assert listed(client, "servicerequest", situation="en-retard") == {late.pk}
    assert listed(client, "servicerequest", situation="sans-personne") == {late.pk}
    assert listed(client, "servicerequest", situation="en-cours") == {question.pk}
    for words in ("Réparer", "CRÈCHE Les Lilas", "creche les lilas"):
        assert question.pk in listed(client, "servicerequest", q=words)
    assert listed(client, "serviceorder", situation="a-accuser") == {order.pk}
    assert listed(client, "serviceorder", situation="en-retard") == set()
    assert listed(client, "serviceorder", territoire=str(pole.pk)) == {order.pk}
    assert listed(client, "serviceorder", q="recenser") == {order.pk}
