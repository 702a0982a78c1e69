"""The way in: guessing, asking who exists, being sent elsewhere, and rights that end while signed in."""

import datetime

import pytest
from django.contrib.auth import hashers
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from establishments.models import Mandate
from tests.factories import PASSWORD, TODAY

pytestmark = pytest.mark.usefixtures("today")

WRONG = PASSWORD[::-1]
LOGIN, RESET = "account_login", "account_reset_password"


@pytest.fixture(autouse=True)
def forgotten(db):
    cache.clear()
    yield
    cache.clear()


def words_of(response):
    """What the page says, without what is different at each reading."""
    import re

    text = response.content.decode()
    return re.sub(r'(value|nonce)="[^"]*"', "", text)


def attempt(client, email, password=WRONG, **extra):
    return client.post(reverse(LOGIN), {"login": email, "password": password}, **extra)


def test_ten_wrong_passwords_close_an_account_for_a_while_wherever_they_come_from(client, coordinator, monkeypatch):
    hashed = []
    check = hashers.check_password
    monkeypatch.setattr(
        "django.contrib.auth.base_user.check_password", lambda *a, **k: hashed.append(a) or check(*a, **k)
    )
    for number in range(40):
        attempt(
            client, coordinator.email, REMOTE_ADDR=f"198.51.{number}.7", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}"
        )
    assert 1 <= len(hashed) <= 10
    attempt(client, coordinator.email, PASSWORD, REMOTE_ADDR="192.0.2.1")
    assert "_auth_user_id" not in client.session, "the right password does not open a closed account either"
    assert len(hashed) <= 10


def test_case_and_spaces_do_not_give_ten_more_tries(client, coordinator, monkeypatch):
    hashed = []
    check = hashers.check_password
    monkeypatch.setattr(
        "django.contrib.auth.base_user.check_password", lambda *a, **k: hashed.append(a) or check(*a, **k)
    )
    shapes = [str.upper, str.title, str.swapcase, lambda text: f" {text}", lambda text: f"{text}  "]
    for number in range(30):
        attempt(client, shapes[number % 5](coordinator.email), REMOTE_ADDR=f"198.51.{number}.7")
    assert len(hashed) <= 10


def test_an_unknown_account_is_answered_in_the_same_words(client, coordinator):
    known = [attempt(client, coordinator.email, REMOTE_ADDR=f"198.51.{n}.7") for n in range(13)]
    cache.clear()
    other = "x" * (len(coordinator.email) - len("@ville.example")) + "@ville.example"
    unknown = [attempt(client, other, REMOTE_ADDR=f"198.51.{n}.7") for n in range(13)]
    for one, two in zip(known, unknown, strict=True):
        assert one.status_code == two.status_code
        assert words_of(one).replace(coordinator.email, "@") == words_of(two).replace(other, "@")


def test_an_unknown_account_costs_a_hash_too(client, coordinator, monkeypatch):
    """Otherwise the time of the answer tells who exists."""
    made = []
    encode = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", lambda *a, **k: made.append(1) or encode(*a, **k))
    attempt(client, coordinator.email)
    known, made[:] = len(made), []
    attempt(client, "inconnue@ville.example", REMOTE_ADDR="192.0.2.9")
    assert len(made) == known >= 1


def test_the_reset_form_does_not_tell_who_exists(client, coordinator, nobody):
    nobody.is_active = False
    nobody.save()
    answers = []
    for number, email in enumerate([coordinator.email, "inconnue@ville.example", nobody.email]):
        answer = client.post(reverse(RESET), {"email": email}, REMOTE_ADDR=f"198.51.{number}.7", follow=True)
        answers.append((answer.status_code, words_of(answer).replace(email, "@")))
    assert answers[0] == answers[1] == answers[2]
    assert [message.to[0] for message in mail.outbox].count(nobody.email) <= 1
    links = [message.to[0] for message in mail.outbox if "mot-de-passe-oublie/" in message.body]
    assert links == [coordinator.email], "a link goes to an account that may sign in, and to no other"


def test_nobody_opens_an_account(client):
    page = reverse("account_signup")
    data = {"email": "moi@ville.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post(page, data)
    from core.models import User

    assert not User.objects.filter(email="moi@ville.example").exists()


def test_a_closed_account_is_out_at_the_next_click(client, coordinator):
    client.force_login(coordinator)
    assert client.get(reverse("dashboard:home")).status_code == 200
    type(coordinator).objects.filter(pk=coordinator.pk).update(is_active=False)
    assert client.get(reverse("dashboard:home")).headers["Location"].startswith("/connexion/")


def test_a_mandate_that_ends_closes_its_pages_at_the_next_click(client, creche, coordinator, administrator):
    for user, page in [(coordinator, reverse("establishments:detail", args=[creche.pk])),
                       (administrator, reverse("admin:index"))]:  # fmt: skip
        client.force_login(user)
        assert client.get(page).status_code == 200
        Mandate.objects.filter(user=user).update(ends_on=TODAY - datetime.timedelta(days=1))
        assert client.get(page).status_code in {403, 404}


def test_a_changed_password_ends_the_other_sessions(client, coordinator):
    client.force_login(coordinator)
    coordinator.set_password("un tout autre mot de passe")
    coordinator.save()
    assert client.get(reverse("dashboard:home")).headers["Location"].startswith("/connexion/")


def test_signing_in_changes_the_key_of_the_session(client, coordinator):
    client.get(reverse(LOGIN))
    session = client.session
    session["avant"] = "x"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    attempt(client, coordinator.email, PASSWORD)
    assert client.session.session_key != before


@pytest.mark.parametrize("weak", ["court", "123456789012345", "motdepasse", "benali@ville.example", "password1234"])
def test_a_weak_password_is_refused_when_changed(client, coordinator, weak):
    client.force_login(coordinator)
    data = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    client.post(reverse("account_change_password"), data)
    coordinator.refresh_from_db()
    assert coordinator.check_password(PASSWORD)


ELSEWHERE = ["https://mal.example/", "//mal.example/", "/\\mal.example", "javascript:alert(1)", "http:mal.example",
             "https:///mal.example", "\thttps://mal.example", "/%2f/mal.example/..//mal.example"]  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_to_another_site(client, coordinator, target):
    def ours(location):
        return location.startswith("/") and not location.startswith(("//", "/\\"))

    theme = client.post(reverse("core:theme_change"), {"theme": "clair", "retour": target})
    assert ours(theme.headers["Location"])
    referred = client.post(reverse("core:theme_change"), {"theme": "clair"}, HTTP_REFERER=target)
    assert ours(referred.headers["Location"])
    signed = client.post(f"{reverse(LOGIN)}", {"login": coordinator.email, "password": PASSWORD, "next": target})
    assert signed.status_code == 302
    assert ours(signed.headers["Location"])
    out = client.post(reverse("account_logout"), {"next": target})
    assert ours(out.headers["Location"])
    admin = client.get("/administration/login/", {"next": target})
    assert ours(admin.headers["Location"])
