"""French text as a reader sees it. ~ stands for U+00A0 and _ for U+202F in the tables."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from django.template import Context, Engine
from hypothesis import example, given
from hypothesis import strategies as st

from core import french
from core.french import Term


def spaced(text):
    return text.replace("~", "\u00a0").replace("_", "\u202f")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Effectif : 12", "Effectif~: 12"),
        ("Effectif: 12", "Effectif~: 12"),
        ("Vraiment ?", "Vraiment_?"),
        ("Vraiment ?!", "Vraiment_?!"),
        ("Bravo! Encore", "Bravo_! Encore"),
        ("oui ; non", "oui_; non"),
        ("72,9 % et 80%", "72,9_% et 80_%"),
        ('Le principe "un" et «deux»', 'Le principe "un" et «~deux~»'),
        ("« Prêt ? » (oui !)", "«~Prêt_?~» (oui_!)"),
        ("l'établissement d'aujourd'hui", "l’établissement d’aujourd’hui"),
        ("Ouverture à 12:30", "Ouverture à 12:30"),
        ("Voir : https://ronde.fr/a?b=1;c='x' !", "Voir~: https://ronde.fr/a?b=1;c='x'_!"),
        ("Écrire à o'neil@ville.fr ?", "Écrire à o'neil@ville.fr_?"),
        ("Bébés &amp; moyens", "Bébés &amp; moyens"),
        ("un\n: deux", "un\n: deux"),
        ("5' de pause", "5' de pause"),
        ("", ""),
    ],
)
def test_typography_is_put_right(typed, shown):
    assert french.typo(typed) == spaced(shown)


FRENCH_SIGNS = st.text(alphabet="aé1 :;!?%«»'’\"().&@\u00a0\u202f\n", max_size=30)


@given(st.one_of(st.text(max_size=30), FRENCH_SIGNS))
@example("a::")
@example("«»")
@example("« : »")
@example("12 %!")
@example("x   »")
@example(" " * 20_000 + "»")
def test_typography_applied_twice_changes_nothing_more(text):
    once = french.typo(text)
    assert french.typo(once) == once


@given(FRENCH_SIGNS)
def test_typography_only_touches_spaces_and_apostrophes(text):
    def letters(value):
        return [c for c in value.replace("'", "’") if not c.isspace()]

    assert letters(french.typo(text)) == letters(text)


@pytest.mark.parametrize(
    ("word", "plural"),
    [
        ("visite", "visites"),
        ("mois", "mois"),
        ("taux", "taux"),
        ("local", "locaux"),
        ("festival", "festivals"),
        ("niveau", "niveaux"),
        ("jeu", "jeux"),
        ("EAJE", "EAJE"),
        ("nez", "nez"),
        ("", ""),
    ],
)
def test_regular_plurals(word, plural):
    assert french.pluralise(word) == plural


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0, "0 visite"),
        (1, "1 visite"),
        (2, "2 visites"),
        (-1, "-1 visite".replace("-", "−")),
        (-2, "−2 visites"),
        (Decimal("1.5"), "1,5 visite"),
        (Fraction(9, 4), "2,25 visites"),
        (1.9, "1,9 visite"),
        (1200, "1_200 visites"),
    ],
)
def test_below_two_the_noun_stays_singular(n, text):
    assert french.counted(n, "visite") == spaced(text)


def test_an_irregular_plural_is_given():
    assert french.counted(3, "visite en retard", "visites en retard") == "3 visites en retard"
    assert french.agreed(1, "œil", "yeux") == "œil"
    assert french.agreed(2, "œil", "yeux") == "yeux"


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("établissement", "d’établissement"),
        ("secteur", "de secteur"),
        ("halte-garderie", "de halte-garderie"),
        ("hérisson", "de hérisson"),
        ("Hêtres", "de Hêtres"),
        ("hirondelle", "d’hirondelle"),
        ("haltes-garderies", "de haltes-garderies"),
        ("haltère", "d’haltère"),
        ("hôpital", "d’hôpital"),
        ("Hauts-de-Seine", "de Hauts-de-Seine"),
        ("Alice", "d’Alice"),
        ("onze", "de onze"),
        ("Yvelines", "d’Yvelines"),
        ("yaourt", "de yaourt"),
        ("œuvre", "d’œuvre"),
        ("", "de "),
    ],
)
def test_elision_before_any_word(word, text):
    assert french.of(word) == text


def forms(term):
    return [str(getattr(term, name)) for name in ("le", "un", "du", "au", "de", "ce", "mon", "les", "des", "aux")]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (
            Term("secteur"),
            "le secteur|un secteur|du secteur|au secteur|de secteur|ce secteur|mon secteur"
            "|les secteurs|des secteurs|aux secteurs",
        ),
        (
            Term("établissement"),
            "l’établissement|un établissement|de l’établissement|à l’établissement|d’établissement"
            "|cet établissement|mon établissement|les établissements|des établissements|aux établissements",
        ),
        (
            Term("circonscription", gender="f"),
            "la circonscription|une circonscription|de la circonscription|à la circonscription|de circonscription"
            "|cette circonscription|ma circonscription|les circonscriptions|des circonscriptions|aux circonscriptions",
        ),
        (
            Term("équipe", gender="f"),
            "l’équipe|une équipe|de l’équipe|à l’équipe|d’équipe|cette équipe|mon équipe"
            "|les équipes|des équipes|aux équipes",
        ),
        (
            Term("halte-garderie", "haltes-garderies", "f"),
            "la halte-garderie|une halte-garderie|de la halte-garderie|à la halte-garderie|de halte-garderie"
            "|cette halte-garderie|ma halte-garderie|les haltes-garderies|des haltes-garderies|aux haltes-garderies",
        ),
    ],
)
def test_a_term_of_the_trade_agrees_everywhere(term, expected):
    assert forms(term) == expected.split("|")


def test_a_term_knows_its_capitals_its_count_and_its_adjectives():
    visit, action = Term("compte rendu", "comptes rendus"), Term("analyse", gender="f")
    assert (visit.cap, visit.caps, str(visit)) == ("Compte rendu", "Comptes rendus", "compte rendu")
    assert visit.accord("validé") == "validé"
    assert visit.accord("validé", 2) == "validés"
    assert action.accord("validé") == "validée"
    assert action.accord("actif", 3) == "actives"
    assert (action.counted(2), action.aucun, action.de_plural) == ("2 analyses", "aucune analyse", "d’analyses")
    assert Term("héron", aspirated=True).le == "le héron"
    assert Term("hall", aspirated=False).le == "l’hall"


def test_a_term_refuses_a_gender_that_does_not_exist():
    with pytest.raises(ValueError, match="gender"):
        Term("secteur", gender="n")


@pytest.mark.parametrize(
    ("adjective", "expected"),
    [
        ("jeune", "jeune"),
        ("nouveau", "nouvelle"),
        ("premier", "première"),
        ("sérieux", "sérieuse"),
        ("reporté", "reportée"),
    ],
)
def test_regular_feminines(adjective, expected):
    assert french.feminine(adjective) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234, 0, "1_234"),
        (Decimal("1234.45"), 1, "1_234,5"),
        (Fraction(1, 3), 2, "0,33"),
        (0.145, 2, "0,15"),
        (1234567, 0, "1_234_567"),
        (-5, 0, "−5"),
        (Decimal("-0.04"), 1, "0,0"),
        (Decimal("0.5"), 0, "1"),
        (Decimal("2.5"), 0, "3"),
        (None, 0, "—"),
    ],
)
def test_numbers_are_rounded_half_up_and_grouped(value, decimals, text):
    assert french.number(value, decimals) == spaced(text)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=5), st.integers(0, 4))
def test_numbers_read_back_as_the_decimal_module_rounds_them(value, decimals):
    text = french.number(value, decimals).replace("\u202f", "").replace(",", ".").replace("−", "-")
    assert Decimal(text) == value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (french.percent(Fraction(729, 1000)), "72,9_%"),
        (french.percent(Decimal("1.10"), 0), "110_%"),
        (french.percent(Fraction(2, 3), 2), "66,67_%"),
        (french.percent(None), "—"),
        (french.points(Decimal("-0.012")), "−_1,2 point"),
        (french.points(Decimal("0.035")), "+_3,5 points"),
        (french.points(Decimal("0.01996")), "+_2,0 points"),
        (french.points(None), "—"),
        (french.signed(3), "+_3"),
        (french.signed(0), "0"),
        (french.signed(None), "—"),
        (french.euros(Decimal("1234.5")), "1_234,50~€"),
        (french.euros(None), "—"),
        (french.hours(Decimal("7.5")), "7~h~30"),
        (french.hours(11), "11~h"),
        (french.hours(minutes=450), "7~h~30"),
        (french.hours(minutes=45), "45~min"),
        (french.hours(0), "0~h"),
        (french.hours(timedelta(hours=1, minutes=5)), "1~h~05"),
        (french.hours(Decimal("-1.5")), "−1~h~30"),
        (french.hours(Fraction(1199, 1200)), "1~h"),
        (french.hours(1607), "1_607~h"),
        (french.hours(None), "—"),
        (french.clock(time(7, 30)), "7~h~30"),
        (french.clock(time(11)), "11~h"),
        (french.clock(time(0, 5)), "0~h~05"),
        (french.time_range(time(7, 30), time(18, 30)), "7~h~30~– 18~h~30"),
    ],
)
def test_rates_money_and_hours(text, expected):
    assert text == spaced(expected)


def test_dates_in_full_and_in_short():
    assert french.long_date(date(2026, 3, 17)) == "mardi 17 mars 2026"
    assert french.long_date(datetime(2026, 3, 1, 8, tzinfo=UTC)) == "dimanche 1er mars 2026"
    assert french.full_date(date(2026, 8, 1)) == "1er août 2026"
    assert french.short_date(date(2026, 3, 7)) == "07/03/2026"
    assert french.day_month(date(2026, 3, 17)) == "17 mars"
    assert french.month_name(date(2026, 12, 5)) == "décembre 2026"


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (date(2026, 3, 1), date(2026, 3, 15), "du 1er au 15 mars 2026"),
        (date(2026, 2, 28), date(2026, 3, 3), "du 28 février au 3 mars 2026"),
        (date(2025, 12, 28), date(2026, 1, 3), "du 28 décembre 2025 au 3 janvier 2026"),
        (date(2025, 3, 1), date(2026, 3, 1), "du 1er mars 2025 au 1er mars 2026"),
        (date(2026, 3, 17), date(2026, 3, 17), "le 17 mars 2026"),
        (date(2026, 3, 1), None, "depuis le 1er mars 2026"),
        (date(2026, 3, 18), None, "à partir du 18 mars 2026"),
        (None, date(2026, 3, 1), "jusqu’au 1er mars 2026"),
        (None, None, "sans limite de date"),
    ],
)
def test_periods(start, end, text):
    assert french.period(start, end, today=date(2026, 3, 17)) == text


def test_days_from_today():
    assert [french.relative_days(n) for n in (0, 1, -1, 3, -12)] == [
        "aujourd’hui",
        "demain",
        "hier",
        "dans 3 jours",
        "il y a 12 jours",
    ]


def test_lists_and_capitals():
    assert french.sentence_list([]) == ""
    assert french.sentence_list(["a"]) == "a"
    assert french.sentence_list(["a", "b"]) == "a et b"
    assert french.sentence_list(["a", "b", "c"]) == "a, b et c"
    assert french.sentence_list(["a", "b"], last="ou") == "a ou b"
    assert french.capitalise("établissement du SAF") == "Établissement du SAF"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Crèche  « Les P’tits Loups »", "creche les p tits loups"),
        ("ŒUVRE Sœur æquo", "oeuvre soeur aequo"),
        ("124/130, BD de Ménilmontant", "124 130 bd de menilmontant"),
        ("1er_étage", "1er etage"),
    ],
)
def test_search_text_forgets_accents_case_and_punctuation(text, expected):
    assert french.normalise(text) == expected


@given(st.text())
def test_search_text_is_already_normal_the_second_time(text):
    once = french.normalise(text)
    assert french.normalise(once) == once


def test_names_sort_as_a_french_reader_expects():
    names = ["Zoé", "étoile", "Étoile", "Etang", "coté", "cote", "côte", "Œuvre", "ombre", "Oeillet"]
    assert sorted(names, key=french.sort_key) == [
        *("cote", "coté", "côte", "Etang", "étoile", "Étoile"),
        *("Oeillet", "Œuvre", "ombre", "Zoé"),
    ]


@given(st.lists(st.text(max_size=6), unique=True), st.randoms())
def test_sorting_does_not_depend_on_the_order_of_arrival(names, rng):
    shuffled = rng.sample(names, len(names))
    assert sorted(names, key=french.sort_key) == sorted(shuffled, key=french.sort_key)


RENDERED = [
    ("{{ rate|percent }} / {{ rate|percent:0 }}", "72,9_% / 73_%"),
    ("{{ big|number }} {{ big|number:2 }} {{ big|euros }}", "1_234 1_234,00 1_234,00~€"),
    ("{{ delta|points }} {{ delta|signed:2 }}", "−_1,2 point −_0,01"),
    ("{{ half|hours }} {{ big|minutes }} {{ opening|fr_time }}", "7~h~30 20~h~34 7~h~30"),
    ("{{ day|fr_date }}", "mardi 17 mars 2026"),
    ("{{ day|fr_full_date }}, {{ day|fr_short_date }}", "17 mars 2026, 17/03/2026"),
    ("{{ day|fr_day }} {{ day|fr_month }}", "17 mars mars 2026"),
    ("{{ october|fr_month|fr_of }} {{ day|fr_month|fr_of }} {{ nothing|fr_of }}", "d’octobre 2026 de mars 2026 —"),
    ("{{ day|relative_days:today }}", "il y a 3 jours"),
    ("{{ night|fr_date }}, {{ night|fr_instant }}", "mercredi 18 mars 2026, 18 mars 2026 à 0~h~30"),
    ("{{ day|fr_period:today }} {{ day|fr_period:nothing }}", "du 17 au 20 mars 2026 depuis le 17 mars 2026"),
    ('{{ two|counted:"visite en retard,visites en retard" }}', "2 visites en retard"),
    ('{{ two|counted:term }} {{ two|agreed:"œil,yeux" }} {{ two|counted:"visite" }}', "2 analyses yeux 2 visites"),
    ('{{ term.du }} {{ term|accord:"validé" }} {{ term|capitalised }}', "de l’analyse validée Analyse"),
    ("{{ words|fr_list }}", "a, b et &lt;c&gt;"),
    ("{{ typed|fr_typo }}", "L’équipe &lt;b&gt;_!"),
    ("{{ nothing|percent }}{{ nothing|fr_date }}{{ nothing|hours }}{{ nothing|fr_instant }}", "————"),
]


@pytest.mark.parametrize(("source", "shown"), RENDERED)
def test_templates_show_french(source, shown, settings):
    settings.TIME_ZONE = "Europe/Paris"
    context = {
        "rate": Fraction(729, 1000),
        "big": 1234,
        "delta": Decimal("-0.012"),
        "half": Decimal("7.5"),
        "opening": time(7, 30),
        "day": date(2026, 3, 17),
        "october": date(2026, 10, 1),
        "today": date(2026, 3, 20),
        "night": datetime(2026, 3, 17, 23, 30, tzinfo=UTC),
        "nothing": None,
        "two": 2,
        "term": Term("analyse", gender="f"),
        "words": ["a", "b", "<c>"],
        "typed": "L'équipe <b> !",
    }
    engine = Engine(builtins=["core.templatetags.french"])
    assert engine.from_string(source).render(Context(context)) == spaced(shown)
