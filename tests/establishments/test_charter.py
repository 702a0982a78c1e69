"""The collectivité's colour and logo: in pages, on paper, refused when nobody could read them."""

from io import BytesIO

import pikepdf
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from core.list_paper import laid_out
from core.pdf import render_pdf
from establishments.charter import charter_of, check_charter
from establishments.vocabulary import current_pack, load_pack, words
from tests.establishments.packs import own_pack, png
from tests.pdf_reading import painted, streams, tags


@pytest.fixture(autouse=True)
def forget_the_packs():
    yield
    load_pack.cache_clear()


@pytest.mark.django_db
def test_a_page_wears_the_colour_and_the_logo_of_the_pack(client, settings, tmp_path, coordinator):
    own_pack(tmp_path, settings, logo=png())
    client.force_login(coordinator)
    page = client.get("/").content.decode()
    version = charter_of(current_pack()).version
    for name in ("charter_css", "charter_logo"):
        assert f"{reverse(f'establishments:{name}')}?v={version}" in page
    assert words()["sector"].plural == "quartiers", "the folder's words"
    assert words()["visit"].plural == "visites", "the others are those of everyone"


@pytest.mark.django_db
def test_the_stylesheet_says_the_colour_in_both_themes(client, settings, tmp_path):
    own_pack(tmp_path, settings, colour="#552200")
    response = client.get(reverse("establishments:charter_css"))
    assert "--primary: light-dark(#552200, #" in response.content.decode()
    assert "immutable" in response["Cache-Control"]


@pytest.mark.django_db
def test_without_a_logo_no_page_asks_for_one(client, coordinator):
    client.force_login(coordinator)
    assert "charte/logo" not in client.get("/").content.decode()
    assert client.get(reverse("establishments:charter_logo")).status_code == 404


def list_pdf():
    content = {
        "columns": [],
        "rows": [],
        "count_sentence": "0 ligne",
        "described": [],
        "printed_at": None,
        "wide": False,
    }
    return render_pdf("core/pdf/list.html", {"list": laid_out(content), "pack": current_pack()}, title="Essai")


def images(content):
    with pikepdf.open(BytesIO(content)) as pdf:
        return [len(page.get_images()) for page in pdf.pages]


def test_a_document_carries_the_logo_and_the_colour_and_stays_accessible(settings, tmp_path):
    own_pack(tmp_path, settings, colour="#552200", logo=png())
    content = list_pdf()
    assert images(content) == [1]
    assert "Figure" not in tags(content), "a running header is not read on each page"
    assert all(mark is not None for _, _, mark in painted(content))
    own_pack(tmp_path, settings, colour="#552200")
    assert images(list_pdf()) == [0]
    tinted = b"0.333333 0.133333 0"
    assert any(tinted in stream for stream in streams(content)), "#552200"


def test_two_documents_of_the_same_pack_are_the_same_bytes(settings, tmp_path):
    own_pack(tmp_path, settings, logo=png())
    assert list_pdf() == list_pdf()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"colour": "#ffcc00"}, "trop claire"),
        ({"colour": "rouge"}, "n’est pas une couleur"),
        ({"logo": png() + b"0" * 200_000}, "au plus"),
    ],
)
def test_a_wrong_charter_is_said_before_anybody_opens_a_page(settings, tmp_path, given, said):
    own_pack(tmp_path, settings, **given)
    assert [said in error.msg for error in check_charter(None)] == [True]


def test_an_unknown_pack_names_those_that_exist(settings):
    settings.RONDE_PACK = "val-de-marne"
    with pytest.raises(ImproperlyConfigured, match="generique, paris, val_de_marne"):
        current_pack()
    assert len(check_charter(None)) == 1
