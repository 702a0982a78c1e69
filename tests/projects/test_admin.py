"""The network in the administration: the directory, the series, the parts of the law; nothing of what is written."""

import pytest
from django.urls import reverse

from establishments.models import JournalEntry, Role
from projects.models import MeetingSeries, Partner, PartnerExchange, SectionRule
from tests.conftest import holder
from tests.factories import LONG_AGO, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today"), pytest.mark.ignore_template_errors]


def address(model, page, *args):
    return reverse(f"admin:projects_{model}_{page}", args=args)


def rows_of(prefix, rows, known=0):
    sizes = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": known}
    return sizes | {f"{prefix}-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


@pytest.fixture
def local_administrator(other_pole):
    return holder(Role.ADMINISTRATOR, "Zoé", "Martin", territory=other_pole)


def test_a_partner_enters_the_directory_with_her_contact_and_the_journal_says_so(client, administrator, sector):
    client.force_login(administrator)
    contact = {"name": "Mme Aubry", "role": "médecin", "starts_on": TODAY.isoformat()}
    sent = {"territory": sector.pk, "name": "PMI Belleville", "kind": "pmi"} | rows_of("contacts", [contact])
    assert client.post(address("partner", "add"), sent).status_code == 302
    made = Partner.objects.get()
    assert [one.name for one in made.contacts.all()] == ["Mme Aubry"]
    assert JournalEntry.objects.filter(subject_id=made.pk, subject_kind__icontains="partner").exists()
    assert client.get(address("partner", "changelist"), {"q": "pmi bélleville"}).context_data["cl"].result_count == 1


def test_no_exchange_is_read_there(client, administrator, sector, pole_head):
    made = Partner.objects.create(territory=sector, name="PMI", note="zznote")
    PartnerExchange.objects.create(partner=made, summary="zzresume", recorded_by=pole_head)
    client.force_login(administrator)
    text = client.get(address("partner", "change", made.pk)).content.decode()
    assert "zzresume" not in text
    assert "zznote" not in text


def test_an_administrator_of_another_pole_finds_neither_partner_nor_series(
    client, local_administrator, sector, pole_head
):
    made = Partner.objects.create(territory=sector, name="PMI")
    series = MeetingSeries.objects.create(territory=sector, title="Réunion", created_by=pole_head)
    client.force_login(local_administrator)
    for model, row in (("partner", made), ("meetingseries", series)):
        assert client.get(address(model, "changelist")).context_data["cl"].result_count == 0
        assert client.get(address(model, "change", row.pk)).status_code == 404
    sent = {"territory": sector.pk, "name": "Forgé", "kind": "pmi"} | rows_of("contacts", [])
    assert client.post(address("partner", "add"), sent).status_code == 200
    assert Partner.objects.count() == 1


def test_somebody_is_called_to_a_series_once(client, administrator, sector, pole_head, coordinator):
    series = MeetingSeries.objects.create(territory=sector, title="Réunion", created_by=pole_head)
    client.force_login(administrator)
    fields = {"kind": "directors", "title": "Réunion", "every": "month", "length": 90}
    sent = fields | rows_of("memberships", [{"person": coordinator.pk, "series": series.pk}])
    assert client.post(address("meetingseries", "change", series.pk), sent).status_code == 302
    assert [one.person for one in series.memberships.all()] == [coordinator]
    twice = [{"person": coordinator.pk, "series": series.pk}] * 2
    assert client.post(address("meetingseries", "change", series.pk), fields | rows_of("memberships", twice))
    assert series.memberships.count() == 1


def test_a_part_of_the_law_is_dated_and_kept_by_the_top_of_the_tree_alone(client, administrator, local_administrator):
    rule = SectionRule.objects.create(
        document="project", key="essai", position=90, title="Essai", article="CSP R. 2324-29", starts_on=LONG_AGO
    )
    url = address("sectionrule", "change", rule.pk)
    sent = {"position": 90, "title": "Essai", "article": "", "is_required": "on", "starts_on": LONG_AGO.isoformat()}
    client.force_login(administrator)
    assert client.post(url, sent).status_code == 200  # no part without its article
    assert client.post(url, sent | {"article": "CSP R. 2324-29, 3°", "ends_on": TODAY.isoformat()}).status_code == 302
    rule.refresh_from_db()
    assert (rule.key, rule.article, rule.ends_on) == ("essai", "CSP R. 2324-29, 3°", TODAY)
    client.force_login(local_administrator)
    assert client.get(url).status_code == 200
    assert client.post(url, sent | {"article": "faux"}).status_code == 403
