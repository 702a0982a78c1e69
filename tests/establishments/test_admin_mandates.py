"""Roles go downward only, from one's own scope, and nobody changes her own (C40)."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from core.models import User
from establishments.models import Directorship, JournalEntry, Mandate, Role
from tests.factories import TODAY, DirectorshipFactory, MandateFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today"), pytest.mark.ignore_template_errors]

ADD = "admin:establishments_mandate_add"


@pytest.fixture
def keeper(client, pole):
    """Administrator of the pôle, signed in."""
    user = UserFactory(first_name="Rose", last_name="Gardien", email="gardien@ville.example")
    MandateFactory(user=user, role=Role.ADMINISTRATOR, territory=pole)
    client.force_login(user)
    return user


@pytest.fixture
def newcomer(db):
    return UserFactory(first_name="Ève", last_name="Nouvelle")


def grant(client, user, role, *, territory=None, establishment=None):
    return client.post(
        reverse(ADD),
        {
            "user": user.pk,
            "role": role,
            "territory": territory.pk if territory else "",
            "establishment": establishment.pk if establishment else "",
            "starts_on": "2026-03-17",
            "ends_on": "",
        },
    )


def refusal(response):
    return " ".join(str(error) for error in response.context_data["errors"])


def test_she_grants_a_role_inside_her_scope_and_the_journal_says_so(client, keeper, newcomer, sector):
    assert grant(client, newcomer, "coordinator", territory=sector).status_code == 302
    assert newcomer.mandates.get().territory == sector
    entry = JournalEntry.objects.get()
    assert (entry.verb, entry.actor, entry.territory) == ("mandat créé", keeper, sector)


def test_she_grants_nothing_above_or_beside_her_scope(client, keeper, newcomer, caspe, direction, other_pole):
    for role in ("administrator", "pole_head", "central"):
        for territory in (caspe, direction, other_pole):
            response = grant(client, newcomer, role, territory=territory)
            assert "Sélectionnez un choix valide" in refusal(response)
    assert not newcomer.mandates.exists()


def test_she_grants_nothing_over_a_house_of_another_pole(client, keeper, newcomer, far_creche):
    assert grant(client, newcomer, "director", establishment=far_creche).status_code == 200
    assert not newcomer.mandates.exists()


def test_nobody_gives_herself_a_role(client, keeper, sector, creche):
    response = grant(client, keeper, "pole_head", territory=sector)
    assert "Personne ne change son propre rôle" in refusal(response)
    assert keeper.mandates.count() == 1
    url = reverse("admin:establishments_directorship_add")
    data = {"establishment": creche.pk, "person": keeper.pk, "position": "director", "starts_on": "2026-03-17"}
    assert "Personne ne change son propre rôle" in refusal(client.post(url, data))
    assert not Directorship.objects.exists()


def test_nobody_prolongs_closes_or_removes_her_own_mandate(client, keeper):
    own = keeper.mandates.get()
    for page in ("change", "delete"):
        url = reverse(f"admin:establishments_mandate_{page}", args=[own.pk])
        assert client.post(url, {"ends_on": "2030-01-01", "post": "yes"}).status_code == 403
    own.refresh_from_db()
    assert own.ends_on is None


def test_a_mandate_keeps_its_role_and_its_place_and_ends_on_a_date(client, keeper, coordinator, pole):
    mandate = coordinator.mandates.get()
    url = reverse("admin:establishments_mandate_change", args=[mandate.pk])
    forged = {"role": "administrator", "territory": pole.pk, "user": keeper.pk, "ends_on": "2026-06-30"}
    assert client.post(url, forged).status_code == 302
    mandate.refresh_from_db()
    assert (mandate.role, mandate.user, str(mandate.ends_on)) == ("coordinator", coordinator, "2026-06-30")
    response = client.post(url, {"ends_on": "2019-01-01"})
    assert "précède la date de début" in refusal(response)


def test_a_mandate_that_gave_rights_is_not_deleted(client, keeper, coordinator, newcomer, sector):
    past = coordinator.mandates.get()
    coming = MandateFactory(user=newcomer, territory=sector, starts_on="2026-04-01")
    for mandate, code in [(past, 403), (coming, 302)]:
        url = reverse("admin:establishments_mandate_delete", args=[mandate.pk])
        assert client.post(url, {"post": "yes"}).status_code == code
    assert Mandate.objects.filter(pk=past.pk).exists()
    assert not Mandate.objects.filter(pk=coming.pk).exists()


def test_the_mandate_of_a_direction_follows_the_direction(client, keeper, director):
    mandate = director.mandates.get()
    url = reverse("admin:establishments_mandate_change", args=[mandate.pk])
    assert client.post(url, {"ends_on": "2026-03-18"}).status_code == 403
    url = reverse("admin:establishments_directorship_change", args=[mandate.directorship.pk])
    assert client.post(url, {"starts_on": "2020-01-01", "ends_on": "2026-03-31"}).status_code == 302
    mandate.refresh_from_db()
    assert str(mandate.ends_on) == "2026-03-31"


def test_two_directors_at_once_are_refused_in_french(client, keeper, director, creche, newcomer):
    url = reverse("admin:establishments_directorship_add")
    data = {"establishment": creche.pk, "person": newcomer.pk, "position": "director", "starts_on": "2026-03-17"}
    assert "Quelqu’un dirige déjà" in refusal(client.post(url, data))


def test_a_new_account_receives_a_link_and_nobody_types_a_password(client, keeper):
    body = client.get(reverse("admin:core_user_add")).content.decode()
    assert 'type="password"' not in body
    data = {"email": "eve@ville.example", "first_name": "Ève", "last_name": "Nouvelle"}
    assert client.post(reverse("admin:core_user_add"), data).status_code == 302
    account = User.objects.get(email="eve@ville.example")
    assert not account.has_usable_password()
    assert [message.to for message in mail.outbox] == [["eve@ville.example"]]
    assert "/mot-de-passe-oublie/" in mail.outbox[0].body
    assert JournalEntry.objects.filter(verb="compte créé", actor=keeper).exists()


def test_the_link_opens_the_page_where_she_chooses_her_password(client, keeper, newcomer):
    client.post(reverse("admin:core_user_link", args=[newcomer.pk]))
    link = next(word for word in mail.outbox[0].body.split() if "/mot-de-passe-oublie/" in word)
    client.logout()
    assert client.get(link, follow=True).status_code == 200


def test_forged_fields_give_no_staff_flag(client, keeper):
    data = {"email": "eve@ville.example", "last_name": "Nouvelle", "is_staff": "on", "is_superuser": "on"}
    client.post(reverse("admin:core_user_add"), data)
    account = User.objects.get(email="eve@ville.example")
    assert (account.is_staff, account.is_superuser) == (False, False)


def test_the_address_of_a_wider_account_is_not_hers_to_change(client, keeper, sector, administrator, superuser):
    """An address is a way in: she could ask for a new password."""
    MandateFactory(user=administrator, role=Role.COORDINATOR, territory=sector)
    MandateFactory(user=superuser, role=Role.COORDINATOR, territory=sector)
    for account in (administrator, superuser):
        before = account.email
        url = reverse("admin:core_user_change", args=[account.pk])
        assert client.get(url).status_code == 200
        data = {"email": "gardien+1@ville.example", "last_name": "Pris", "is_active": "on"}
        assert client.post(url, data).status_code == 403
        assert client.post(reverse("admin:core_user_link", args=[account.pk])).status_code == 403
        account.refresh_from_db()
        assert account.email == before
    assert mail.outbox == []


def test_an_account_is_closed_and_its_session_with_it(client, keeper, coordinator):
    from django.test import Client

    other = Client()
    other.force_login(coordinator)
    assert other.get("/etablissements/").status_code == 200
    url = reverse("admin:core_user_change", args=[coordinator.pk])
    data = {"email": coordinator.email, "first_name": "Samira", "last_name": "Benali", "phone": ""}
    assert client.post(url, data).status_code == 302
    assert other.get("/etablissements/").status_code == 302


def test_a_former_address_receives_no_more_links(client, keeper, coordinator):
    EmailAddress.objects.create(user=coordinator, email=coordinator.email, verified=True, primary=True)
    url = reverse("admin:core_user_change", args=[coordinator.pk])
    data = {"email": "samira@ville.example", "first_name": "Samira", "last_name": "Benali", "is_active": "on"}
    client.post(url, data)
    client.logout()
    client.post(reverse("account_reset_password"), {"email": "benali@ville.example"})
    assert [m for m in mail.outbox if "/mot-de-passe-oublie/" in m.body and "benali@ville.example" in m.to] == []


def test_she_does_not_close_her_own_account(client, keeper):
    url = reverse("admin:core_user_change", args=[keeper.pk])
    client.post(url, {"first_name": "Rose", "last_name": "Garde", "phone": "", "email": "autre@ville.example"})
    keeper.refresh_from_db()
    assert (keeper.is_active, keeper.email, keeper.last_name) == (True, "gardien@ville.example", "Garde")


def test_a_direction_of_the_house_page_gives_its_mandate(client, keeper, creche, newcomer):
    DirectorshipFactory(establishment=creche, person=newcomer, starts_on=TODAY)
    assert newcomer.mandates.get().role == "director"
    url = reverse("admin:establishments_establishment_change", args=[creche.pk])
    assert "Ève Nouvelle" in client.get(url).content.decode()
