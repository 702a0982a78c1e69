"""Orders to the territories: dates that clash are seen before the sending, each addressee says where it stands."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import is_working_day
from core.models import Notification
from establishments.models import Closure, JournalEntry
from establishments.workflow import TransitionRefused
from projects.attention import attention
from projects.clashes import ORDER, Busy, clashes, free_days
from projects.models import NetworkEvent, OrderAddressee, OrderDocument, ServiceOrder
from projects.order_facts import around
from tests.factories import TODAY, EstablishmentFactory, TerritoryFactory
from tests.pdf_reading import extract_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = datetime.timedelta(days=1)
DUE = datetime.date(2026, 4, 16)  # a Thursday
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def order_of(direction, central, places, **given):
    facts = {"title": "Plan canicule", "due_on": DUE, "territory": direction, **given}
    return ServiceOrder(**facts).prepare(by=central, places=places)


@pytest.fixture
def order(direction, central, caspe, creche, far_creche):
    return order_of(direction, central, [caspe])


def labels(order):
    found, _ = around(order, TODAY)
    return [clash.label for rows in found.values() for clash in rows]


def test_a_quiet_date_clashes_with_nothing(order, caspe):
    assert around(order, TODAY)[0] == {}


def test_another_order_a_day_apart_clashes_whoever_gives_it(order, direction, central, caspe, pole):
    other = order_of(direction, central, [pole], due_on=DUE + DAY, issuer="schools", title="Rentrée")
    assert labels(order) == [], "a draft commits nobody"
    other.send(by=central, text="Malgré tout")
    assert len(labels(order)) == 1
    assert "affaires scolaires" in labels(order)[0]
    assert "Rentrée" in labels(order)[0]
    order.move(DUE - 2 * DAY, by=central)
    assert labels(order) == []


def test_an_order_done_clashes_no_more(order, direction, central, caspe, division_head):
    other = order_of(direction, central, [caspe], due_on=DUE)
    other.send(by=central)
    assert labels(order)
    other.addressees.get().finish(by=division_head)
    assert labels(order) == []


def test_a_full_week_clashes(order, direction, central, caspe):
    order_of(direction, central, [caspe], due_on=DUE - 3 * DAY, workload_days=Decimal("4")).send(by=central)
    assert labels(order) == []
    ServiceOrder.objects.filter(pk=order.pk).update(workload_days=Decimal("1.5"))
    order.refresh_from_db()
    assert ["5,5 jours" in label for label in labels(order)] == [True]


@pytest.mark.parametrize(("load", "said"), [("1", "1 jour pour"), ("1.5", "1,5 jour pour"), ("2", "2 jours pour")])
def test_the_workload_agrees_in_french(client, order, central, load, said):
    ServiceOrder.objects.filter(pk=order.pk).update(workload_days=Decimal(load))
    client.force_login(central)
    assert said in client.get(order.get_absolute_url()).content.decode()


def test_half_of_the_houses_closed_clashes(order, caspe, creche, far_creche, sector):
    third = EstablishmentFactory(sector=sector)
    Closure.objects.create(establishment=creche, cause="bridge", starts_on=DUE, ends_on=DUE)
    assert labels(order) == [], "one house of three"
    Closure.objects.create(establishment=third, cause="pedagogical", starts_on=DUE, ends_on=DUE)
    assert labels(order) == ["2 établissements sur 3 en fermeture"]


def test_a_seminar_of_the_addressee_clashes(order, pole, pole_head):
    days = {"starts_on": DUE - DAY, "ends_on": DUE}
    event = NetworkEvent.objects.create(
        territory=pole, kind="seminar", title="Séminaire", created_by=pole_head, **days
    )
    assert ["séminaire" in label for label in labels(order)] == [True]
    event.cancel(by=pole_head, text="Salle prise")
    assert labels(order) == []


def test_days_of_rest_clash_with_everybody(order, central):
    order.move(datetime.date(2026, 4, 6), by=central)
    assert "lundi de Pâques" in labels(order)[0].replace("Lundi", "lundi")


def test_the_dates_offered_clash_with_nothing(order, direction, central, caspe):
    order_of(direction, central, [caspe], due_on=DUE).send(by=central)
    found, others = around(order, TODAY)
    assert found
    assert others[0] == DUE + 4 * DAY, "Monday: two working days after"
    for day in others:
        order.move(day, by=central)
        assert labels(order) == []


PLACES = [1, 2]
BUSY = st.builds(
    lambda place, kind, start, length, load: Busy(
        place, kind, "x", "", DUE + start * DAY, DUE + (start + (0 if kind == ORDER else length)) * DAY, Decimal(load)
    ),
    st.sampled_from(PLACES),
    st.sampled_from([ORDER, "event", "closure"]),
    st.integers(-25, 25),
    st.integers(0, 6),
    st.integers(0, 4),
)


@given(st.lists(BUSY, max_size=8), st.integers(0, 4))
def test_free_days_are_free_working_and_to_come(busy, load):
    for day in free_days(DUE, PLACES, busy, today=TODAY, workload=Decimal(load)):
        assert is_working_day(day)
        assert day > TODAY
        assert clashes(day, PLACES, busy, Decimal(load)) == []


def test_a_clash_is_sent_only_with_its_reason(order, direction, central, caspe, division_head):
    order_of(direction, central, [caspe], due_on=DUE).send(by=central)
    with pytest.raises(TransitionRefused, match="heurtent"):
        order.send(by=central)
    order.send(by=central, text="Date fixée par la loi")
    assert (order.status, order.despite) == ("sent", "Date fixée par la loi")
    assert Notification.objects.filter(user=division_head, event__startswith="commande-").count() == 2


def test_nothing_is_sent_to_nobody(direction, central):
    with pytest.raises(TransitionRefused, match="destinataire"):
        order_of(direction, central, []).send(by=central)


def test_each_addressee_says_where_it_stands(order, central, division_head):
    order.send(by=central)
    line = order.addressees.get()
    assert f"order-{line.pk}" in {item.key for item in attention(division_head, TODAY)}
    line.acknowledge(by=division_head)
    assert (line.status, line.seen_by, line.seen_on) == ("seen", division_head, TODAY)
    with pytest.raises(TransitionRefused, match="Déjà traité"):
        OrderAddressee.objects.get(pk=line.pk).acknowledge(by=division_head)
    with pytest.raises(TransitionRefused, match="pourquoi"):
        line.refuse(by=division_head, text=" ")
    line.finish(by=division_head, text="Rendu au service")
    assert f"order-{line.pk}" not in {item.key for item in attention(division_head, TODAY)}
    counted = ServiceOrder.objects.with_progress().get()
    assert (counted.n_addressees, counted.n_seen, counted.n_done) == (1, 1, 1)


def test_a_withdrawn_order_is_carried_no_more(order, central, division_head):
    order.send(by=central)
    line = order.addressees.get()
    order.withdraw(by=central, text="Doublon")
    with pytest.raises(TransitionRefused, match="retirée"):
        line.finish(by=division_head)


def test_the_database_keeps_the_signatures(order, central):
    order.send(by=central)
    for change in ({"status": "seen"}, {"status": "impossible"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            OrderAddressee.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceOrder.objects.update(sent_by=None)


def test_a_draft_changed_meanwhile_shows_both(client, order, central, caspe):
    client.force_login(central)
    url = f"{order.get_absolute_url()}modifier/"
    sent = {"issuer": "childhood", "title": "Le mien", "due_on": "2026-04-17", "places": [caspe.pk], "version": 0}
    sent["client_uuid"] = str(order.client_uuid)
    assert client.post(url, sent | {"title": "Le premier"}).status_code == 302
    page = client.post(url, sent)
    assert "Le premier" in page.content.decode()
    assert "Le mien" in page.content.decode()
    order.refresh_from_db()
    assert order.title == "Le premier"


def test_the_same_form_twice_is_one_order(client, direction, central, caspe, creche):
    sent = {"territory": direction.pk, "issuer": "both", "title": "Enquête", "due_on": "2026-05-05"}
    sent |= {"places": [caspe.pk], "client_uuid": str(uuid.uuid4())}
    client.force_login(central)
    for _ in range(2):
        assert client.post("/projets/commandes/nouvelle/", sent).status_code == 302
    assert ServiceOrder.objects.count() == OrderAddressee.objects.count() == 1
    assert JournalEntry.objects.filter(verb="commande préparée").count() == 1


def test_an_addressee_of_another_city_is_an_invalid_choice(client, direction, central, creche):
    foreign = TerritoryFactory(kind="direction", code="ailleurs")
    elsewhere = TerritoryFactory(kind="division", code="loin", parent=foreign)
    sent = {"territory": direction.pk, "issuer": "both", "title": "Enquête", "due_on": "2026-05-05"}
    client.force_login(central)
    page = client.post("/projets/commandes/nouvelle/", sent | {"places": [elsewhere.pk], "client_uuid": uuid.uuid4()})
    assert "places" in page.context["form"].errors


def test_an_own_date_is_given_in_the_draft_only(client, order, central):
    line = order.addressees.get()
    client.force_login(central)
    client.post(f"/projets/commandes/destinataire/{line.pk}/date/", {"jour": "2026-04-20"})
    line.refresh_from_db()
    assert line.expected_on == datetime.date(2026, 4, 20)
    order.send(by=central)
    page = client.post(f"/projets/commandes/destinataire/{line.pk}/date/", {"jour": "2026-04-21"}, follow=True)
    assert "ne se modifie plus" in page.content.decode()
    line.refresh_from_db()
    assert line.due_on == datetime.date(2026, 4, 20)


def test_a_piece_is_judged_by_its_content_and_read_by_the_addressees(client, order, central, division_head, director):
    client.force_login(central)
    url = f"{order.get_absolute_url()}joindre/"
    assert "file" in client.post(url, {"file": SimpleUploadedFile("a.pdf", b"MZ not a pdf")}).context["form"].errors
    for _ in range(2):
        client.post(url, {"file": SimpleUploadedFile("plan.pdf", PDF)})
    piece = OrderDocument.objects.get()
    order.send(by=central)
    for reader, status in [(division_head, 200), (director, 404)]:
        client.force_login(reader)
        response = client.get(piece.get_absolute_url())
        assert response.status_code == status
        if status == 200:
            assert b"".join(response.streaming_content) == PDF


def test_the_paper_lists_the_addressees(client, order, central, division_head):
    order.send(by=central)
    order.addressees.get().refuse(by=division_head, text="Effectif insuffisant")
    client.force_login(division_head)
    text = extract_text(client.get(f"{order.get_absolute_url()}commande.pdf").content)
    assert "Plan canicule" in text
    assert "Effectif insuffisant" in text


def test_the_register_asks_the_same_queries_for_1_and_30_rows(
    client, direction, central, caspe, creche, django_assert_max_num_queries
):
    order_of(direction, central, [caspe])
    client.force_login(central)
    with django_assert_max_num_queries(12) as few:
        assert client.get("/projets/commandes/").status_code == 200
    for n in range(29):
        order_of(direction, central, [caspe], title=f"Commande {n}")
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/projets/commandes/")


def test_the_page_asks_the_same_queries_for_1_and_10_addressees(
    client, order, direction, central, caspe, django_assert_max_num_queries
):
    client.force_login(central)
    with django_assert_max_num_queries(40) as few:
        assert client.get(order.get_absolute_url()).status_code == 200
    for n in range(9):
        place = TerritoryFactory(kind="division", code=f"d{n}", parent=direction)
        OrderAddressee.objects.create(order=order, territory=place)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(order.get_absolute_url())
