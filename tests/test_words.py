"""The words of the collectivité on every page: no word of another one, and articles that agree with them."""

import html
import re

import pytest
from django.urls import reverse

from core.french import elides
from establishments.models import Territory
from establishments.vocabulary import available_packs, load_pack
from tests.test_access import APPLICATIONS, ROWS, built

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PREFERRED = ["coordinator", "pole_head", "administrator", "central", "director"]
MASCULINE = ["le", "un", "du", "au", "ce", "cet", "aucun", "tout", "quel", "nouvel", "nouveau", "premier", "dernier"]
FEMININE = ["la", "une", "de la", "à la", "cette", "aucune", "toute", "quelle", "nouvelle", "première", "dernière"]
BEFORE_A_CONSONANT = ["le", "la", "de la", "du", "à la", "au", "ce", "de", "nouveau", "que", "jusque"]
BEFORE_A_VOWEL = ["l’", "d’", "cet ", "nouvel ", "qu’"]


def openings(application):
    """(URL name, make_args, who) of each page that answers 200, read by the first person of the cast who may."""
    for row in ROWS:
        page, method, make_args, expected = row.values
        if method == "get" and page.startswith(f"{application}:"):
            allowed = [who for who in [*PREFERRED, *expected] if expected.get(who) == 200]
            if allowed:
                yield page, make_args, allowed[0]


def text_of(content):
    """What a reader sees or hears of a page: text, and the attributes that are read out; names of files are not."""
    content = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", content, flags=re.DOTALL)
    said = re.findall(r'(?:title|aria-label|placeholder|alt|data-label)="([^"]*)"', content)
    return html.unescape(" ".join([re.sub(r"<[^>]+>", " ", content), *said]).replace("'", "’"))


def wrong_articles(text, terms):
    """Articles that do not agree with the word they announce: « cet crèche », « le action », « d’secteur »."""
    found = set()
    for term in terms:
        word = re.escape(term.singular)
        vowel = elides(term.singular, term.aspirated)
        bad = set(FEMININE if term.gender == "m" else MASCULINE)
        bad |= set(BEFORE_A_CONSONANT) if vowel else set()
        pattern = "|".join(sorted(f"{article} " for article in bad))
        pattern += "" if vowel else "|" + "|".join(BEFORE_A_VOWEL)
        for match in re.finditer(rf"(?<![\w’])(?:{pattern}){word}(?![\w·])", text, re.IGNORECASE):
            found.add(match.group())
    return found


# Also words of everyone: « grande crèche » is a category, « responsable » of an action its owner, « interne au
# pôle » a level of documents.
COMMON = {"pôle", "pôles", "territoire", "territoires", "crèche", "crèches", "responsable", "responsables"}


def foreign_words(text, pack):
    """Words that only another collectivité uses."""
    own = {str(term).lower() for word in load_pack(pack)[1].values() for term in (word.singular, word.plural)}
    found = set()
    for other in set(available_packs()) - {pack}:
        for term in load_pack(other)[1].values():
            for word in {term.singular, term.plural}:
                if word.lower() not in own | COMMON:
                    found |= set(re.findall(rf"(?<![\w·-])[\w’]+ {re.escape(word)}(?![\w·-])", text, re.IGNORECASE))
    return found


def pages(application, request, client, settings):
    """(pack, page, text) of each page in each pack."""
    for page, make_args, who in openings(application):
        args, query = built(make_args(request))
        client.force_login(request.getfixturevalue(who))
        names = "|".join(map(re.escape, Territory.objects.values_list("name", flat=True))) or "(?!)"
        for settings.RONDE_PACK in available_packs():
            response = client.get(reverse(page, args=args), query)
            if hasattr(response, "streaming_content"):
                b"".join(response.streaming_content)  # read to its end: the file is closed
            elif response.headers.get("Content-Type", "").startswith("text/html"):
                yield settings.RONDE_PACK, page, re.sub(names, "", text_of(response.content.decode()))


@pytest.mark.parametrize("application", APPLICATIONS)
def test_articles_agree_and_no_word_of_another_pack_is_shown(application, request, client, settings):
    wrong = {}
    for pack, page, text in pages(application, request, client, settings):
        found = wrong_articles(text, load_pack(pack)[1].values()) | foreign_words(text, pack)
        if found:
            wrong[pack, page] = found
    assert wrong == {}
