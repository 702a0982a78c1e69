"""Every page of one record has its sheet on paper, at the same address, for the same readers."""

import pytest
from django.urls import reverse

from tests.pdf_reading import extract_text, words_of
from tests.pdf_structure import faults
from tests.test_access import ROWS, built

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PAGES = [
    "projects:action_detail",
    "projects:works_detail",
    "projects:day_detail",
    "projects:local_detail",
    "projects:partner_detail",
    "projects:event_detail",
    "staffing:leave_detail",
    "staffing:interim_detail",
]
GRID = {row.values[0]: row.values[2:] for row in ROWS if row.values[0] in PAGES and row.values[1] == "get"}


@pytest.mark.parametrize("name", PAGES)
def test_the_sheet_says_what_the_page_says_to_those_who_may_read_it(client, request, name):
    make_args, expected = GRID[name]
    url = reverse(name, args=built(make_args(request))[0])
    reader = next(who for who, status in expected.items() if status == 200)
    client.force_login(request.getfixturevalue(reader))
    shown = client.get(url)
    assert "?export=pdf" in shown.content.decode()
    sheet = client.get(url, {"export": "pdf"})
    assert sheet["Content-Type"] == "application/pdf"
    assert "no-store" in sheet["Cache-Control"]
    assert faults(sheet.content) == []
    text = words_of(extract_text(sheet.content))
    assert "Statut" in text or "Territoire" in text
    for who in [who for who, status in expected.items() if status in (403, 404)][:3]:
        client.force_login(request.getfixturevalue(who))
        assert client.get(url, {"export": "pdf"}).status_code == expected[who]
