"""The first administrator: an account, a mandate, a line of journal."""

import datetime
import io

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from core.models import User
from establishments.models import JournalEntry, Mandate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def grant(*arguments):
    out = io.StringIO()
    call_command("grant_mandate", *arguments, stdout=out)
    return out.getvalue()


def test_the_first_administrator_is_born_with_a_password_that_works(direction):
    said = grant("ada@ville.example", "administrator", "direction", "--create-user", "Ada Byron")
    user = User.objects.get()
    assert (user.first_name, user.last_name) == ("Ada", "Byron")
    password = said.split("provisoire\u00a0: ")[1].splitlines()[0]
    assert authenticate(email=user.email, password=password) == user
    assert Mandate.objects.get().territory == direction
    entry = JournalEntry.objects.get()
    assert (entry.verb, entry.territory) == ("mandat donné", direction)


def test_a_mandate_over_one_house_with_its_dates(creche, nobody):
    grant(nobody.email, "director", creche.code, "--from", "01/04/2026", "--until", "2026-06-30", "--interim")
    mandate = Mandate.objects.get(user=nobody)
    assert (mandate.establishment, mandate.is_interim) == (creche, True)
    assert (mandate.starts_on, mandate.ends_on) == (datetime.date(2026, 4, 1), datetime.date(2026, 6, 30))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["inconnu@ville.example", "central", "direction"], "Aucun compte"),
        (["personne@ville.example", "central", "nulle-part"], "Ni territoire ni établissement"),
        (["personne@ville.example", "central", "direction", "--from", "hier"], "n’est pas une date"),
        (["personne@ville.example", "central", "direction", "--until", "01/01/2020"], "précède"),
        (["personne@ville.example", "central", "direction", "--interim"], "date de fin"),
    ],
)
def test_what_cannot_be_granted_is_said_and_leaves_nothing(direction, nobody, arguments, said):
    with pytest.raises(CommandError, match=said):
        grant(*arguments)
    assert not Mandate.objects.exists()
    assert not JournalEntry.objects.exists()


def test_a_refused_mandate_opens_no_account_and_promises_no_password(direction):
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("grant_mandate", "ada@ville.example", "administrator", "x", create_user="Ada Byron", stdout=out)
    assert (out.getvalue(), User.objects.count()) == ("", 0)
