"""Lists: what a reader sees, what the address holds, what the files contain. Tried on the accounts of core."""

import io
import random
import re
from urllib.parse import parse_qs, urlsplit

import django_filters
import pypdf
import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import QueryDict
from django.test import RequestFactory
from django.utils.html import format_html

from core import pages
from core.filters import FilterSet
from core.models import User
from core.pages import list_page, readable_query
from core.spreadsheets import read_table
from core.tables import ListColumn, ListTable

pytestmark = pytest.mark.django_db
COLUMNS = ["Nom", "Prénom", "Adresse", "Actif", "Rang", "Inscrit le"]
HOSTILE = [
    "\x00", "a\x00b", "x" * 1_000_000, "\ud800", "é\udfff", "-", "--last_name", "last_name,email", "-1", "0", "1e400",
    "9" * 5000, "99999999999999999999", "0001-01-01", "9999-12-31", "31/02/2026", "' OR 1=1 --", "%s%n{}", "<script>",
    "=1+1", "../../etc/passwd", "[]", "true", "None", "١٢", "\u202e", "password", "-password", "pk", "groups__name",
]  # fmt: skip


class AccountFilter(FilterSet):
    search_columns = ("search_name",)
    last_name = django_filters.ChoiceFilter(label="nom", choices=[("Diallo", "Famille Diallo"), ("Morel", "Morel")])
    is_active = django_filters.BooleanFilter(label="actif")
    joined = django_filters.DateFromToRangeFilter(field_name="date_joined", label="inscription")
    rank = django_filters.NumberFilter(field_name="pk", lookup_expr="gte", label="rang au moins")

    class Meta:
        model = User
        fields = []


class AccountTable(ListTable):
    noun = "compte"
    empty_text = "Ouvrez le premier compte."
    empty_action = ("Ouvrir un compte", "/comptes/nouveau/")
    last_name = ListColumn(verbose_name="Nom", header=True)
    first_name = ListColumn(verbose_name="Prénom")
    email = ListColumn(verbose_name="Adresse", export_only=True)
    is_active = ListColumn(verbose_name="Actif")
    pk = ListColumn(verbose_name="Rang", numeric=True)
    date_joined = ListColumn(verbose_name="Inscrit le")
    open = ListColumn(verbose_name="Voir", screen_only=True, orderable=False, empty_values=())

    def value_date_joined(self, record):
        return record.date_joined.date()

    def cell_open(self, record):
        return format_html('<a href="/comptes/{}/">Voir</a>', record.pk)


def accounts(count, **fields):
    people = [
        {"email": f"agent{n:06d}@ville.example", "first_name": f"Aïcha {n}", "last_name": f"Nom {n % 7}", **fields}
        for n in range(count)
    ]
    rows = [User(search_name=f"aicha {n} nom {n % 7}", **person) for n, person in enumerate(people)]
    return User.objects.bulk_create(rows, batch_size=500)


def show(query="", *, data=None, table_class=AccountTable, **options):
    request = RequestFactory().get(f"/comptes/{query}")
    if data is not None:
        request.GET = data
    request.user, request.session = User(pk=1, last_name="Morel"), {}
    request._messages = FallbackStorage(request)
    options = {"filterset_class": AccountFilter, "title": "Comptes", **options}
    return list_page(request, User.objects.all(), table_class=table_class, **options)


def html(query="", **options):
    response = show(query, template="tests_list.html", **options)
    return response.render().content.decode()


@pytest.fixture(autouse=True)
def bare_page(settings):
    """The parts of the list alone: the frame around them belongs to other tests."""
    page = '{% include "core/_list.html" with list=list title=title request=request only %}'
    engine = dict(settings.TEMPLATES[0])
    loaders = [("django.template.loaders.locmem.Loader", {"tests_list.html": page})]
    engine["OPTIONS"] = {**engine["OPTIONS"], "loaders": loaders + list(engine["OPTIONS"]["loaders"])}
    engine["OPTIONS"]["context_processors"] = ["django.template.context_processors.request"]
    settings.TEMPLATES = [engine]


def content(response):
    request_finished.disconnect(close_old_connections)  # as the test client does: the transaction goes on
    try:
        return b"".join(response.streaming_content) if response.streaming else response.content
    finally:
        response.close()
        request_finished.connect(close_old_connections)


def body_rows(text):
    return re.findall(r"<tr>(.*?)</tr>", text.partition("<tbody>")[2])


def test_a_list_says_how_many_and_shows_french_values():
    accounts(1, is_active=True)
    text = html()
    row = body_rows(text)[0]
    assert "1 compte" in text
    assert '<th scope="row" data-label="Nom">Nom 0</th>' in row
    assert '<td data-label="Actif">oui</td>' in row
    assert re.search(r'<td data-label="Inscrit le">\d\d/\d\d/\d{4}</td>', row)
    assert re.search(r'<td class="num" data-label="Rang">\d', row)
    assert "agent000000" not in row  # kept for the exports


def test_what_a_person_typed_is_escaped_and_what_a_cell_built_is_not():
    accounts(1, last_name="<script>alert(1)</script>")
    text = html()
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert re.search(r'<a href="/comptes/\d+/">Voir</a>', text)


def test_a_row_with_a_page_is_linked_from_its_name(monkeypatch):
    monkeypatch.setattr(User, "get_absolute_url", lambda self: f'/comptes/{self.pk}/?a=1&b="', raising=False)
    person = accounts(1)[0]
    assert f'<a href="/comptes/{person.pk}/?a=1&amp;b=&quot;">Nom 0</a>' in html()


def test_fifty_rows_a_page_and_links_that_keep_filters_and_sorting():
    accounts(120)
    text = html("?q=aicha&tri=-first_name&page=2")
    links = [parse_qs(urlsplit(link.replace("&amp;", "&")).query) for link in re.findall(r'href="(\?[^"]*)"', text)]
    assert len(body_rows(text)) == 50
    assert "120 comptes" in text
    assert {"q": ["aicha"], "tri": ["-first_name"], "page": ["3"]} in links
    assert {"q": ["aicha"], "tri": ["first_name"]} in links  # the header sorts the other way, from the first page
    assert {"q": ["aicha"], "tri": ["-first_name"], "export": ["xlsx"]} in links


def test_headers_say_how_the_list_is_sorted_and_only_some_sort():
    accounts(3)
    text = html("?tri=-first_name")
    assert text.count("aria-sort") == 1
    assert re.search(r'<th scope="col" aria-sort="descending"><a href="\?tri=first_name">Prénom', text)
    assert '<th scope="col">Voir</th>' in text


@pytest.mark.parametrize("sort", ["last_name", "-last_name", "is_active", "", "inconnu"])
def test_sorting_is_total_so_no_row_is_seen_twice_over_the_pages(sort):
    accounts(120)
    seen = [key for page in (1, 2, 3) for key in re.findall(r"/comptes/(\d+)/", html(f"?tri={sort}&page={page}"))]
    assert len(seen) == len(set(seen)) == 120


def test_empty_values_come_last_whichever_way_one_sorts():
    accounts(3)
    User.objects.filter(email__startswith="agent000001").update(home_seen_at="2026-03-17T09:30:00Z")

    class SeenTable(AccountTable):
        home_seen_at = ListColumn(verbose_name="Vu le")

    for sort in ("home_seen_at", "-home_seen_at"):
        assert "17/03/2026" in body_rows(html(f"?tri={sort}", table_class=SeenTable))[0]


def test_search_ignores_accents_case_and_the_order_of_words():
    accounts(30)
    text = html("?q=NOM+aïcha+12")
    assert len(body_rows(text)) == 1
    assert "Aïcha 12" in text


def test_filters_in_force_are_described_in_french():
    accounts(1)
    query = "last_name=Diallo&is_active=true&joined_after=2026-03-01&joined_before=2026-03-15&rank=3&q=abc"
    filters = AccountFilter(QueryDict(query), queryset=User.objects.all())
    assert filters.described() == [
        ("Rechercher", "abc"),
        ("Nom", "Famille Diallo"),
        ("Actif", "oui"),
        ("Inscription", "du 1er au 15 mars 2026"),
        ("Rang au moins", "3"),
    ]


def test_nothing_in_a_filter_form_is_in_english_nor_a_row_of_dashes():
    form = AccountFilter(QueryDict(), queryset=User.objects.all()).form
    text = str(form)
    assert text.count("Indifférent") == 2
    assert text.count('type="date"') == 2
    assert 'aria-label="Inscription, jusqu’à"' in text
    assert "----" not in text
    assert "Unknown" not in text


def test_a_forged_choice_is_said_and_not_applied():
    accounts(2)
    text = html("?last_name=Voisin")
    assert "Choix invalide" in text
    assert len(body_rows(text)) == 2


def test_the_empty_state_differs_when_filters_hide_everything():
    assert "Ouvrez le premier compte." in html()
    assert 'href="/comptes/nouveau/"' in html()
    accounts(1)
    text = html("?q=introuvable&tri=email")
    assert "Aucun résultat" in text
    assert "«\u00a0introuvable\u00a0»" in text
    assert "Ouvrez le premier compte." not in text
    assert 'href="?tri=email">Effacer les filtres' in text


def test_the_perimeter_hook_narrows_the_form_once_and_before_validation():
    calls = []

    class Narrowed(AccountFilter):
        def narrow(self, form, request):
            calls.append(request)
            form.fields["last_name"].choices = [("Morel", "Morel")]

    accounts(1, last_name="Diallo")
    assert "Choix invalide" in html("?last_name=Diallo", filterset_class=Narrowed)
    assert len(calls) == 1


@pytest.mark.parametrize("rows", [1, 30, 450])
def test_a_list_makes_two_queries_whatever_its_length(rows, django_assert_num_queries):
    accounts(rows)
    with django_assert_num_queries(2):
        html("?q=aicha&tri=-last_name")


def test_hostile_addresses_never_break_a_list():
    accounts(3)
    chance = random.Random(7)
    keys = ["q", "tri", "page", "last_name", "is_active", "joined_after", "joined_before", "rank", "export", "x\x00"]
    for value in HOSTILE:
        for key in keys:
            query = QueryDict(mutable=True)
            query.setlist(key, [value])
            assert show(data=query, template="tests_list.html").status_code == 200
        query = QueryDict(mutable=True)
        for key in keys[:-2]:
            query.setlist(key, [chance.choice(HOSTILE) for _ in range(3)])
        assert "</section>" in html(data=query)


def test_a_hostile_page_number_gives_a_page_that_exists():
    accounts(60)
    assert len(body_rows(html("?page=999"))) == 10
    assert len(body_rows(html("?page=-3"))) == 10
    assert len(body_rows(html("?page=abc"))) == 50
    assert len(body_rows(html("?per_page=100000"))) == 50


def test_a_readable_query_is_bounded():
    query = QueryDict(mutable=True)
    query.setlist("q", ["é\ud800a" * 1000, "b"])
    query.setlist("n", [str(n) for n in range(10_000)])
    query["k\x00"] = "x"
    readable = readable_query(query)
    assert readable.getlist("q")[1] == "b"
    assert len(readable.urlencode()) < 10_000
    assert "k\x00" not in readable


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_exports_hold_every_filtered_row_in_the_order_of_the_screen(kind):
    accounts(450)
    User.objects.filter(email="agent000003@ville.example").update(first_name="=1+1")
    response = show(f"?q=nom+3&tri=-pk&export={kind}&page=2")
    table = read_table(content(response))
    expected = User.objects.filter(search_name__contains="nom").filter(search_name__contains="3").order_by("-pk")
    assert table.headers == tuple(COLUMNS)
    assert [str(row.cells[2]) for row in table.rows] == [user.email for user in expected]
    assert response["Content-Disposition"].startswith('attachment; filename="comptes-20')
    assert "=1+1" not in [row.cells[1] for row in table.rows if kind == "csv"]


def test_an_export_of_450_rows_costs_one_query(django_assert_num_queries):
    accounts(450)
    with django_assert_num_queries(1):
        assert content(show("?export=csv")).count(b"\r\n") == 451


def test_the_pdf_prints_its_filters_its_number_of_rows_and_all_of_them():
    accounts(150)
    data = content(show("?q=nom+3&export=pdf"))
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    found = set(re.findall(r"agent\d{6}", text.replace("\n", "")))
    count = User.objects.filter(search_name__contains="nom").filter(search_name__contains="3").count()
    assert len(found) == count
    assert f"{count} comptes" in text
    assert "nom 3" in text
    assert "Établi le" in text


def test_a_list_too_long_for_paper_is_sent_back_with_a_reason(monkeypatch):
    monkeypatch.setattr(pages, "PDF_ROWS_MAX", 3)
    accounts(4)
    response = show("?q=nom&export=pdf")
    assert response.status_code == 302
    assert response.url == "?q=nom"
