"""The second file: what changes, what is kept, what follows the tree, and who may do it."""

import datetime
import io

import pytest
from django.core.management import call_command

from establishments.importing import carry_out, order_for, prepare, read_file, reporting
from establishments.models import (
    Authorisation,
    Establishment,
    JournalEntry,
    Mandate,
    Role,
    SectorAttachment,
    TerritoryBoundary,
    broken_links,
)
from tests.factories import EstablishmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
HEADER = "nom;type;adresse;code postal;ville;places;id;latitude;longitude;ouvert le"


def reading(*lines, header=HEADER):
    return read_file("\n".join([header, *lines]).encode(), "liste.csv")


def line(name="Crèche A", kind="crèche", places=30, key=1, postcode="75020", lat="", lon="", opened="01/01/2020"):
    return f"{name};{kind};1 rue X;{postcode};Paris;{places};{key};{lat};{lon};{opened}"


def bring(*lines, **choices):
    read = reading(*lines)
    return carry_out(read, order_for(read, **choices))


def topics(plan):
    return {notice.topic for notice in plan.notices}


@pytest.fixture
def postcoded(sector, next_sector):
    """Belleville answers for 75020; Gambetta for 75020 as well would be ambiguous, so it has 75019."""
    for territory, postcodes in ((sector, "75020 75120"), (next_sector, "75019")):
        territory.postcodes = postcodes
        territory.save()
    return sector


def test_a_changed_name_takes_effect_today_and_the_old_one_stays_readable(today):
    bring(line())
    plan = bring(line(name="Crèche B"))
    assert reporting.counts(plan) == "créés 0, modifiés 1, inchangés 0, rejetés 0"
    house = Establishment.objects.get()
    assert house.name == "Crèche B"
    assert house.identity_on(today - datetime.timedelta(days=1)).name == "Crèche A"
    assert house.history.first().history_change_reason == "import generique"


def test_changed_places_open_new_terms_today_and_a_blank_cell_erases_nothing(today):
    bring(line())
    bring(line(places=42))
    bring(line(places=""))
    terms = list(Authorisation.objects.order_by("starts_on").values_list("places", "starts_on", "ends_on"))
    eve = today - datetime.timedelta(days=1)
    assert terms == [(30, datetime.date(2020, 1, 1), eve), (42, today, None)]
    bring(line(places=43))
    assert Authorisation.objects.get(starts_on=today).places == 43


def test_what_a_person_corrected_is_kept_and_said_until_told_to_overwrite(today):
    bring(line())
    house = Establishment.objects.get()
    house.name = "Crèche Anna-Freud"
    house.save()
    plan = bring(line())
    assert not plan.writes
    assert "kept" in topics(plan)
    assert "1 valeur corrigée à la main, gardée" in [group.title for group in reporting.notice_groups(plan)]
    bring(line(), overwrite=True)
    house.refresh_from_db()
    assert house.name == "Crèche A"


def test_what_only_imports_touched_follows_the_file_even_after_other_fields_were_corrected():
    bring(line())
    house = Establishment.objects.get()
    house.phone = "01 00 00 00 00"
    house.save()
    bring(line(name="Crèche B"))
    house.refresh_from_db()
    assert (house.name, house.phone) == ("Crèche B", "01 00 00 00 00")


def test_a_house_entered_by_hand_under_the_same_code_is_recognised(postcoded):
    mine = EstablishmentFactory(
        code="les-lilas", name="Crèche Les Lilas", street="1 rue X", sector=postcoded, places=30
    )
    mine.phone = ""
    mine.save()
    read = read_file(b"code;nom;telephone\nles-lilas;Creche les lilas;0102030405\n", "x.csv")
    plan = carry_out(read, order_for(read))
    mine.refresh_from_db()
    assert (Establishment.objects.count(), mine.name, mine.phone) == (1, "Crèche Les Lilas", "0102030405")
    assert reporting.counts(plan) == "créés 0, modifiés 1, inchangés 0, rejetés 0"
    assert not carry_out(read, order_for(read)).writes


def test_rows_join_the_sector_of_their_postcode_and_wait_at_the_top_when_there_is_none(postcoded, direction):
    plan = bring(line(), line(key=2, name="Crèche Z", postcode="06000"))
    found = {each.establishment.name: each.territory for each in SectorAttachment.objects.all()}
    assert found == {"Crèche A": postcoded, "Crèche Z": direction}
    assert [notice.text for notice in plan.notices if notice.topic == "no_sector"] == ["Crèche Z (06000)"]


def test_a_house_that_waited_joins_its_sector_from_the_day_the_tree_knows_its_postcode(sector, direction, today):
    bring(line())
    assert SectorAttachment.objects.get().territory == direction
    sector.postcodes = "75020"
    sector.save()
    assert reporting.counts(bring(line())) == "créés 0, modifiés 1, inchangés 0, rejetés 0"
    attachments = list(SectorAttachment.objects.order_by("starts_on").values_list("territory", "starts_on"))
    assert attachments == [(direction.pk, datetime.date(2020, 1, 1)), (sector.pk, today)]
    assert not bring(line()).writes


def test_without_a_tree_nothing_is_attached_and_a_later_run_attaches(db):
    assert "territoire" in reporting.unchecked(bring(line()))[0]
    assert not SectorAttachment.objects.exists()


def test_an_ambiguous_postcode_does_not_choose(postcoded, next_sector, direction):
    next_sector.postcodes = "75020"
    next_sector.save()
    bring(line())
    assert SectorAttachment.objects.get().territory == direction


def test_a_sector_named_by_the_file_wins_and_an_unknown_one_is_rejected(postcoded, next_sector):
    read = reading(f"{line()};gambetta", f"{line(key=2, name='B')};nulle-part", header=f"{HEADER};secteur")
    plan = carry_out(read, order_for(read, partial=True))
    assert SectorAttachment.objects.get().territory == next_sector
    assert [(each.line, each.value) for each in plan.rejects] == [(3, "nulle-part")]


def test_a_point_outside_its_territory_is_a_warning_with_the_distance(postcoded):
    square = [[2.0, 48.0], [2.0, 49.0], [3.0, 49.0], [3.0, 48.0], [2.0, 48.0]]
    TerritoryBoundary.objects.create(code="75020", name="20e", geometry={"type": "Polygon", "coordinates": [square]})
    near, far = line(lat="48,5", lon="2.5"), line(key=2, name="B", postcode="75120", lat="49.01", lon="2.5")
    plan = bring(near, far, line(key=3, name="C", postcode="06000", lat="43.7", lon="7.2"))
    said = {notice.topic: notice.text for notice in plan.notices}
    assert (
        said["misplaced"]
        == "B (75120)\u00a0: à 1\u202f112\u00a0m du contour «\u00a020e\u00a0», dans «\u00a0aucun contour\u00a0»"
    )
    assert said["unchecked"] == "C (06000)"


def test_an_administrator_of_one_pole_brings_in_only_her_pole(postcoded, pole, next_sector, far_sector, nobody):
    far_sector.postcodes = "75018"
    far_sector.save()
    Mandate.objects.create(user=nobody, role=Role.ADMINISTRATOR, territory=pole, starts_on="2020-01-01")
    plan = bring(line(), line(key=2, name="Loin", postcode="75018"), by=nobody, partial=True)
    assert [each.name for each in Establishment.objects.all()] == ["Crèche A"]
    assert plan.rejects[0].reason == "cet établissement est hors de votre périmètre"
    bring(line(key=2, name="Loin", postcode="75018"))
    plan = bring(line(key=2, name="Volé", postcode="75020"), by=nobody, partial=True)
    assert (len(plan.rejects), Establishment.objects.filter(name="Volé").exists()) == (1, False)


def test_the_journal_tells_an_import_once_and_its_chain_holds(direction, administrator):
    bring(line(), by=administrator)
    bring(line(), by=administrator)
    entry = JournalEntry.objects.get()
    assert (entry.verb, entry.actor, entry.territory) == ("établissements importés", administrator, direction)
    assert "1 créés" in entry.note
    assert broken_links() == []


def test_a_plan_costs_the_same_queries_for_one_row_and_for_thirty(postcoded, django_assert_max_num_queries):
    counts = []
    few, many = reading(line(name="Crèche 1")), reading(*(line(key=key, name=f"Crèche {key}") for key in range(1, 31)))
    carry_out(many, order_for(many))
    for read in (few, many):
        with django_assert_max_num_queries(6) as queries:
            assert not prepare(read, order_for(read)).writes
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_house_known_and_absent_from_the_file_is_said_and_left_alone():
    bring(line(), line(key=2, name="Crèche Z"))
    plan = bring(line())
    assert [notice.text for notice in plan.notices if notice.topic == "absent"] == ["Crèche Z"]
    assert Establishment.objects.count() == 2


def test_a_closing_before_the_opening_is_a_reason(tmp_path):
    read = reading(f"{line()};01/01/2019", header=f"{HEADER};fermé le")
    assert "précède" in prepare(read, order_for(read)).rejects[0].reason


def test_the_command_loads_the_tree_first_and_keeps_nothing_of_it_when_the_import_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tree = tmp_path / "arbre.csv"
    tree.write_text("kind;code;name;parent;postcodes\ndirection;d;Direction;;\nsecteur;s;Secteur;d;75020\n")
    (tmp_path / "bon.csv").write_text(f"{HEADER}\n{line()}\n")
    (tmp_path / "mauvais.csv").write_text(f"{HEADER}\n{line(kind='piscine')}\n")
    with pytest.raises(Exception, match="Rien n’a été importé"):
        call_command("import_establishments", "mauvais.csv", territories=str(tree), stdout=io.StringIO())
    assert not JournalEntry.objects.exists()
    call_command("import_establishments", "bon.csv", territories=str(tree), stdout=io.StringIO())
    assert SectorAttachment.objects.get().territory.code == "s"


def sectored(code, **cells):
    return f"{line(**cells)};{code}"


def bring_sectored(*lines, **choices):
    read = reading(*lines, header=f"{HEADER};secteur")
    return carry_out(read, order_for(read, **choices))


def attached():
    rows = SectorAttachment.objects.order_by("starts_on")
    return list(rows.values_list("territory", "starts_on", "ends_on"))


def test_a_house_that_opens_later_is_recognised_and_its_places_are_corrected_in_place(postcoded):
    later = line(opened="01/03/2099")
    bring(later)
    assert not bring(later).writes
    bring(line(opened="01/03/2099", places=42))
    assert list(Authorisation.objects.values_list("places", "starts_on")) == [(42, datetime.date(2099, 3, 1))]


def test_a_house_that_moves_joins_the_sector_of_its_new_postcode_today(postcoded, next_sector, today):
    bring(line())
    plan = bring(line(postcode="75019"))
    eve = today - datetime.timedelta(days=1)
    assert attached() == [(postcoded.pk, datetime.date(2020, 1, 1), eve), (next_sector.pk, today, None)]
    assert [change.name for change in plan.updated[0].changes] == ["postcode", "territory"]
    assert not bring(line(postcode="75019")).writes


def test_a_sector_that_the_file_changes_is_followed_unless_a_person_chose_it(postcoded, next_sector, today):
    bring_sectored(sectored("belleville"))
    bring_sectored(sectored("gambetta"))
    assert attached()[-1][:2] == (next_sector.pk, today)
    mine = SectorAttachment.objects.get(starts_on=today)
    mine.territory = postcoded
    mine.save()
    plan = bring_sectored(sectored("gambetta"))
    assert not plan.writes
    assert "kept" in topics(plan)
    bring_sectored(sectored("gambetta"), overwrite=True)
    assert attached()[-1][:2] == (next_sector.pk, today)


def test_nothing_begins_in_a_house_closed_for_good(postcoded, next_sector, today):
    bring(line())
    eve = today - datetime.timedelta(days=1)
    for row in (Establishment.objects.get(), SectorAttachment.objects.get(), Authorisation.objects.get()):
        setattr(row, "closed_on" if isinstance(row, Establishment) else "ends_on", eve)
        row.save()
    assert not bring(line()).writes


def test_the_refusal_agrees_with_what_is_left(postcoded):
    wrong = line(places="douze", key=2)
    texts = [reporting.refusal(bring(*lines)) for lines in ([wrong], [wrong, line()], [wrong, line(), line(key=3)])]
    assert texts[0].endswith("Corrigez le fichier.")
    assert texts[1].endswith("pour la seule autre.")
    assert texts[2].endswith("pour les 2 autres.")


def test_a_postcode_corrected_by_hand_keeps_the_house_where_it_is(postcoded):
    bring(line())
    house = Establishment.objects.get()
    house.postcode = "75018"
    house.save()
    assert not bring(line(postcode="75019")).writes
    assert [row[0] for row in attached()] == [postcoded.pk]


def test_a_house_that_opens_later_stays_in_reach_of_who_brought_it_in(postcoded, direction, administrator, today):
    later = line(opened="01/03/2099")
    bring(later, by=administrator)
    assert [row[1] for row in attached()] == [today]
    assert not bring(later, by=administrator).rejects
    SectorAttachment.objects.update(starts_on=datetime.date(2099, 3, 1))
    assert not bring(later, by=administrator).rejects, "an administrator of the top keeps what nothing holds today"
