"""The words of the collectivité on every page: no word of another one, and articles that agree with them."""

import html
import re
from collections import defaultdict

import pytest
from django.urls import reverse

from core.french import elides
from core.pages import EXPORT_PARAMETER
from establishments.models import Territory
from establishments.vocabulary import available_packs, load_pack
from tests.pdf_reading import extract_text
from tests.test_access import ROWS, built

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PACKS = available_packs()
WRITTEN = "val_de_marne"  # the records of the pages are made in the words furthest from those of Paris
# Pages that give back a file as somebody deposited it, or a picture.
GIVEN_BACK = {
    *("establishments:document_download", "visits:attachment", "establishments:charter_logo"),
    "projects:order_document",
    "indicators:import_columns",  # the titles of the columns are those of the file
    "core:job_result",  # the file of a job
    "visits:sensitive",  # each reading is one line more of its log
}
PREFERRED = ["coordinator", "pole_head", "administrator", "central", "director"]
MASCULINE = ["le", "un", "du", "au", "ce", "cet", "aucun", "tout", "quel", "nouvel", "nouveau", "premier", "dernier"]
FEMININE = ["la", "une", "de la", "à la", "cette", "aucune", "toute", "quelle", "nouvelle", "première", "dernière"]
BEFORE_A_CONSONANT = ["le", "la", "de la", "du", "à la", "au", "ce", "de", "nouveau", "que", "jusque"]
BEFORE_A_VOWEL = ["l’", "d’", "cet ", "nouvel ", "qu’"]


def openings():
    """(URL name, make_args, who) of each page that answers 200, read by the first person of the cast who may."""
    for row in ROWS:
        page, method, make_args, expected = row.values
        allowed = [who for who in [*PREFERRED, *expected] if expected.get(who) == 200]
        if method == "get" and allowed and page not in GIVEN_BACK:
            yield pytest.param(page, make_args, allowed[0], id=row.id)


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


# Also words of everyone: a territory is a node of any tree, « grande crèche » a category of the law (R. 2324-46).
COMMON = {"territoire", "territoires", "crèche", "crèches"}
# Terms of the texts, and the person an action was given to: the same in every collectivité.
SHARED = r"(?:projets?|conseils?|chefs?) d’ ?établissement|responsables? de l’action"
LEGAL = re.compile(SHARED, re.IGNORECASE)


def foreign_words(text, pack, written=None):
    """Words that only another collectivité uses; `written` is the pack in which texts were stored, as they stay."""
    own = {str(term).lower() for word in load_pack(pack)[1].values() for term in (word.singular, word.plural)}
    text, found = LEGAL.sub(" ", text), set()
    for longer in sorted(own, key=len, reverse=True):
        if " " in longer:  # « responsable de territoire » holds the « responsable » of others
            text = re.sub(rf"(?<![\w·-]){re.escape(longer)}(?![\w·-])", " ", text, flags=re.IGNORECASE)
    for other in set(available_packs()) - {pack, written}:
        for term in load_pack(other)[1].values():
            for word in {term.singular, term.plural}:
                if word.lower() not in own | COMMON:
                    found |= set(
                        re.findall(rf"(?:[\w’]+ )?(?<![\w·-]){re.escape(word)}(?![\w·-])", text, re.IGNORECASE)
                    )
    return found


def without_names(text):
    names = "|".join(map(re.escape, Territory.objects.values_list("name", flat=True))) or "(?!)"
    return re.sub(names, " ", text)


def numbers(text):
    return re.findall(r"\d+(?:[.,\u202f]\d+)*", text)


def paper(response):
    """The text of a document or of a sheet; "" of anything else."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    if kind == "application/pdf":
        return " ".join(extract_text(content).split())
    return content.decode("utf-8-sig") if kind.startswith("text/csv") else ""


def answers(client, url, query):
    """(what, text) of a page and of its exports, or of a document."""
    response = client.get(url, query)
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return [("document", paper(response))]
    content = response.content.decode()
    found = [("page", text_of(content))]
    if f"{EXPORT_PARAMETER}=csv" in content:
        exports = ((kind, client.get(url, {**query, EXPORT_PARAMETER: kind})) for kind in ("csv", "pdf"))
        found += [(kind, paper(response)) for kind, response in exports]
    return found


@pytest.mark.parametrize(("page", "make_args", "who"), list(openings()))
def test_the_words_agree_are_of_the_pack_alone_and_change_no_number(page, make_args, who, request, client, settings):
    settings.RONDE_PACK = WRITTEN
    args, query = built(make_args(request))
    client.force_login(request.getfixturevalue(who))
    wrong, digits = {}, defaultdict(set)
    for pack in PACKS:
        settings.RONDE_PACK = pack
        for what, text in answers(client, reverse(page, args=args), query):
            text = without_names(text)
            found = foreign_words(text, pack, WRITTEN)
            if what == "page":  # the cells of a sheet follow each other without being a sentence
                found |= wrong_articles(text, load_pack(pack)[1].values())
            if found:
                wrong[pack, what] = found
            digits[what].add(tuple(numbers(text)) if what in {"page", "csv"} else ())
    assert wrong == {}
    assert {what: texts for what, texts in digits.items() if len(texts) > 1} == {}, "M28: the words, not a digit"
