"""An interim that ended yesterday opens nothing: every page of the sector, found in the table of URLs, is a 404."""

import datetime

import pytest
from django.urls import reverse

from establishments.models import Mandate
from staffing.models import Interim
from tests.factories import TODAY, EstablishmentFactory, UserFactory
from tests.staffing.factories import PostingFactory
from tests.test_access import built, grids

YESTERDAY = TODAY - datetime.timedelta(days=1)
PAGES = [row for row in grids() if row.values[3].get("former") == 404 and row.values[1] == "get"]


@pytest.fixture
def ended(sector, creche, coordinator):
    """Director of a house of the sector until last year; her interim over the crèche ended yesterday."""
    home = EstablishmentFactory(sector=sector, name="Ancienne maison")
    person = PostingFactory(establishment=home, job="director", employee__user=UserFactory())
    interim = Interim(establishment=creche, employee=person.employee, starts_on=TODAY, ends_on=TODAY)
    interim.appoint(by=coordinator)
    start = YESTERDAY - datetime.timedelta(days=10)
    Interim.objects.filter(pk=interim.pk).update(starts_on=start, ends_on=YESTERDAY)
    Mandate.objects.filter(pk=interim.mandate_id).update(starts_on=start, ends_on=YESTERDAY)
    return person.employee.user


def test_the_table_of_urls_gives_pages_to_try():
    assert len(PAGES) > 20


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(("page", "method", "make_args", "expected"), PAGES)
def test_the_day_after_the_interim_every_page_of_the_sector_is_a_404(
    client, request, ended, page, method, make_args, expected
):
    args, data = built(make_args(request))
    client.force_login(ended)
    closed = {404} if args else {403, 404}  # the house is in the query: without any mandate, the page itself is closed
    assert client.get(reverse(page, args=args), data).status_code in closed
