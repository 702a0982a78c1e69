"""The import as pages: a preview that writes nothing, one confirmation, twice confirmed is once done."""

import sys
import types

import pytest
from django.contrib import admin
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import include, path

from establishments.importing.deposits import FOLDER
from establishments.importing.wizard import import_wizard
from establishments.models import Establishment, JournalEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
URL = "/essai-import/"
GOOD = "nom;type;code postal;places\nCrèche <b>A</b>;Mac;75020;40\nCrèche B;crèche;75020;\n"
BAD = "nom;type;code postal\nCrèche A;piscine;75020\nCrèche B;crèche;75020\n"


@pytest.fixture(autouse=True)
def mounted(settings):
    """The wizard as the administration mounts it."""
    module = types.ModuleType("mounted_import")
    view = admin.site.admin_view(lambda request: import_wizard(request, admin.site))
    module.urlpatterns = [path(URL[1:], view), path("", include("config.urls"))]
    sys.modules[module.__name__] = module
    settings.ROOT_URLCONF = module.__name__
    yield
    del sys.modules[module.__name__]


@pytest.fixture
def desk(client, administrator):
    client.force_login(administrator)
    return client


def send(desk, content=GOOD, name="liste.csv", **fields):
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    return desk.post(URL, {"file": file, **fields}, follow=True)


def confirmation(response):
    plan = response.context["plan"]
    return {"step": "confirm", "digest": response.context["digest"], "fingerprint": plan.fingerprint}


def waiting_files():
    return default_storage.listdir(FOLDER)[1] if default_storage.exists(FOLDER) else []


def test_the_preview_shows_what_would_change_and_writes_nothing(desk):
    response = send(desk)
    text = response.content.decode()
    assert response.redirect_chain == [(f"{URL}?apercu=1", 302)]
    assert "Crèche &lt;b&gt;A&lt;/b&gt; (75020), 40 places" in text
    assert "<b>A</b>" not in text
    assert not Establishment.objects.exists()
    assert len(waiting_files()) == 1


def test_confirming_imports_once_journals_and_cleans_up(desk, administrator):
    asked = confirmation(send(desk))
    response = desk.post(URL, asked, follow=True)
    assert "créés 2, modifiés 0, inchangés 0, rejetés 0" in response.content.decode()
    again = desk.post(URL, asked, follow=True)
    assert "n’est plus en attente" in again.content.decode()
    assert Establishment.objects.count() == 2
    entry = JournalEntry.objects.get()
    assert (entry.verb, entry.actor) == ("établissements importés", administrator)
    assert waiting_files() == []
    assert Establishment.history.filter(history_user=administrator).count() == 2


def test_a_register_that_changed_since_the_preview_is_shown_again_instead_of_written(desk):
    asked = confirmation(send(desk))
    other = desk.__class__()
    other.force_login(JournalEntry._meta.get_field("actor").related_model.objects.get(email="diallo@ville.example"))
    first = send(other)
    other.post(URL, confirmation(first))
    response = desk.post(URL, asked, follow=True)
    assert Establishment.objects.count() == 2
    assert "inchangés 2" in response.content.decode()
    assert JournalEntry.objects.count() == 1


@pytest.mark.parametrize(
    "forged", [{"digest": "0" * 64}, {"digest": "é"}, {"fingerprint": "0" * 64}, {"fingerprint": ""}]
)
def test_a_forged_confirmation_writes_nothing(desk, forged):
    desk.post(URL, confirmation(send(desk)) | forged)
    assert not Establishment.objects.exists()


def test_rejected_rows_stop_the_import_are_listed_and_can_be_downloaded(desk):
    response = send(desk, BAD)
    text = response.content.decode()
    assert "Rien n’a été importé\u00a0: 1 ligne rejetée." in text
    assert 'value="confirm"' not in text
    desk.post(URL, confirmation(response))
    assert not Establishment.objects.exists()
    rejects = desk.get(f"{URL}?rejets=1")
    assert rejects["Content-Type"] == "text/csv; charset=utf-8"
    assert "2;type;piscine" in rejects.content.decode()
    desk.post(URL, confirmation(send(desk, BAD, partial="on")))
    assert Establishment.objects.get().name == "Crèche B"


def test_giving_up_forgets_the_file(desk):
    send(desk)
    response = desk.post(URL, {"step": "cancel"}, follow=True)
    assert "rien n’a été écrit" in response.content.decode()
    assert waiting_files() == []
    assert desk.get(f"{URL}?apercu=1", follow=True).redirect_chain == [(URL, 302)]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"%PDF-1.4", "un PDF"), (b"", "vide"), (b"a;b\n1;2\n", "aucun profil"), (b"PK\x03\x04zzz", "abîmé")],
)
def test_an_unreadable_file_is_said_beside_its_field(desk, content, said):
    response = send(desk, content)
    assert response.redirect_chain == []
    assert said in response.content.decode()
    assert waiting_files() == []


def test_only_who_keeps_the_register_reaches_the_wizard(client, coordinator, superuser, administrator):
    for user, status in ((coordinator, 403), (superuser, 403), (administrator, 200)):
        client.force_login(user)
        assert client.get(URL).status_code == status


def test_a_waiting_file_does_not_outlive_its_session(desk, client, administrator):
    asked = confirmation(send(desk))
    desk.logout()
    desk.force_login(administrator)
    desk.post(URL, asked)
    assert not Establishment.objects.exists()
