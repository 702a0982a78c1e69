"""Hours of work in the administration: dated, in alternation or not, in the houses of the perimeter only."""

import datetime

import pytest

from core.french import NBSP
from establishments.models import JournalEntry, Role
from staffing.models import Roster, RosterSlot
from tests.factories import MandateFactory
from tests.staffing.factories import PostingFactory, worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today"), pytest.mark.ignore_template_errors]
LIST, POSTINGS = "/administration/staffing/roster/", "/administration/staffing/posting/"


@pytest.fixture
def keeper(client, pole):
    """Administrator of one pôle only, signed in."""
    user = MandateFactory(role=Role.ADMINISTRATOR, territory=pole).user
    client.force_login(user)
    return user


def typed(posting, *slots, known=0, **changes):
    """The form with its slots, each (week, weekday, from, to)."""
    given = {"posting": posting.pk, "weeks": 1, "starts_on": "2026-04-01", "ends_on": ""} | changes
    given |= {"slots-TOTAL_FORMS": len(slots), "slots-INITIAL_FORMS": known}
    given |= {"slots-MIN_NUM_FORMS": 0, "slots-MAX_NUM_FORMS": 1000}
    for place, slot in enumerate(slots):
        names = ("week", "weekday", "starts_at", "ends_at", "task")
        given |= {f"slots-{place}-{name}": value for name, value in zip(names, (*slot, "children"), strict=True)}
    return given


def test_the_lists_stop_at_the_perimeter(client, keeper, creche, far_creche):
    worker(creche, employee__last_name="Zzmine")
    far = worker(far_creche, employee__last_name="Zzfar")
    for page in (LIST, POSTINGS):
        text = client.get(page).content.decode()
        assert ("Zzmine" in text, "Zzfar" in text) == (True, False)
    roster = far.rosters.get()
    for url in (f"{LIST}{roster.pk}/change/", f"{LIST}{roster.pk}/history/", f"{POSTINGS}{far.pk}/change/"):
        assert client.get(url).status_code == 404
    found = client.get("/administration/autocomplete/", {
        "app_label": "staffing", "model_name": "roster", "field_name": "posting", "term": "zz",
    }).json()["results"]  # fmt: skip
    assert [one["text"] for one in found] == ["Dominique Zzmine, éducateur·rice de jeunes enfants"]


def test_two_weeks_in_turn_are_written_with_one_line_in_the_journal_of_the_house(client, keeper, creche):
    posting = PostingFactory(establishment=creche)
    week = [(1, 1, "08:00", "16:00"), (2, 1, "09:00", "12:00"), (2, 1, "13:00", "17:30")]
    assert client.post(f"{LIST}add/", typed(posting, *week, weeks=2)).status_code == 302
    roster = Roster.objects.get()
    assert (roster.posting, roster.weeks, roster.slots.count()) == (posting, 2, 3)
    entry = JournalEntry.objects.get()
    assert (entry.verb, entry.establishment, entry.actor) == ("horaire de travail créé", creche, keeper)
    assert f"7{NBSP}h{NBSP}45" in client.get(LIST).content.decode()


def test_a_posting_of_another_perimeter_is_no_choice(client, keeper, creche, far_creche):
    page = client.post(f"{LIST}add/", typed(PostingFactory(establishment=far_creche), (1, 1, "08:00", "16:00")))
    assert "posting" in page.context_data["adminform"].form.errors
    assert not Roster.objects.exists()


@pytest.mark.parametrize(
    ("slots", "changes", "said"),
    [
        ([(1, 1, "08:00", "16:00")], {"starts_on": "2020-01-01"}, "Des horaires existent déjà sur cette période"),
        ([], {}, "Indiquez au moins un jour de travail"),
        ([(2, 1, "08:00", "16:00")], {}, "Sans alternance, il n’y a pas de semaine B"),
        ([(1, 1, "08:00", "12:00"), (1, 1, "11:00", "16:00")], {}, "Cette plage en recouvre une autre du même jour"),
        ([(1, 1, "16:00", "08:00")], {}, "L’heure de fin précède l’heure de début"),
        ([(1, 1, "08:00", "16:00")], {"ends_on": "2026-03-01"}, "La date de fin précède la date de début"),
        ([(1, 1, "", "16:00")], {}, "obligatoire"),
        ([(1, 1, "08:00", "16:00")], {"weeks": ""}, "obligatoire"),
    ],
)
def test_what_cannot_be_is_said_in_words_and_nothing_is_written(client, keeper, creche, slots, changes, said):
    posting = worker(creche)
    posting.rosters.update(ends_on=datetime.date(2026, 3, 31))
    page = client.post(f"{LIST}add/", typed(posting, *slots, **changes))
    assert page.status_code == 200
    assert said in page.content.decode()
    assert Roster.objects.count() == 1
    assert not JournalEntry.objects.exists()


def test_hours_end_and_are_not_erased_and_stay_with_their_agent(client, keeper, creche):
    posting, other = worker(creche), PostingFactory(establishment=creche)
    roster = posting.rosters.get()
    slots = list(roster.slots.all())
    kept = [(slot.week, slot.weekday, "08:00", "16:00") for slot in slots]
    given = typed(other, *kept, known=5, starts_on="2020-01-01", ends_on="2026-12-31")
    given |= {f"slots-{place}-id": slot.pk for place, slot in enumerate(slots)}
    given |= {f"slots-{place}-roster": roster.pk for place in range(5)}
    assert client.post(f"{LIST}{roster.pk}/change/", given).status_code == 302
    roster.refresh_from_db()
    assert (roster.posting, roster.ends_on) == (posting, datetime.date(2026, 12, 31))
    assert set(RosterSlot.objects.values_list("ends_at", flat=True)) == {datetime.time(16)}
    assert client.post(f"{LIST}{roster.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"{POSTINGS}{posting.pk}/change/", {"fte": "0.5"}).status_code == 403


def test_the_list_is_filtered_and_searched(client, keeper, creche):
    worker(creche, employee__last_name="Bénali")
    over = worker(creche, employee__last_name="Zzover", job="nurse")
    over.rosters.update(ends_on=datetime.date(2026, 1, 1))
    territory = creche.attachments.get().territory_id
    for query, shown in [
        ({"q": "BENALI"}, (True, False)),
        ({"q": over.employee.staff_number.lower()}, (False, True)),
        ({"validite": "passe"}, (False, True)),
        ({"territoire": territory}, (True, True)),
        ({"posting__job__exact": "nurse"}, (False, True)),
    ]:
        body = client.get(LIST, query).content.decode().partition("result_list")[2]
        assert ("Bénali" in body, "Zzover" in body) == shown, query


def test_nobody_but_an_administrator_enters(client, coordinator, superuser, creche):
    for user in (coordinator, superuser):
        client.force_login(user)
        assert [client.get(page).status_code for page in (LIST, POSTINGS)] == [403, 403]


@pytest.mark.parametrize("page", [LIST, POSTINGS])
def test_the_lists_ask_the_same_few_queries_for_1_and_30_rows(
    client, keeper, creche, page, django_assert_max_num_queries
):
    worker(creche)
    with django_assert_max_num_queries(7) as few:
        client.get(page)
    for _ in range(29):
        worker(creche)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(page)
