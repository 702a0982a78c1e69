"""A small city, the same in every test: two pôles, three sectors, and a named cast that looks at them.

direction ─ caspe ─ pole ─┬─ sector        (creche)          coordinator, former, director
                          └─ next_sector   (next_creche)     colleague
                  ─ other_pole ─ far_sector (far_creche)     neighbour
"""

import datetime
import itertools
import os
from pathlib import Path

os.environ.setdefault("RONDE_SQLITE_SYNCHRONOUS", "OFF")  # tests may lose their database, not their time

import hypothesis
import pytest
import time_machine
from django.apps import apps

from establishments.models import Mandate, Role, Territory
from tests.factories import (
    TODAY,
    DirectorshipFactory,
    EstablishmentFactory,
    MandateFactory,
    TerritoryFactory,
    UserFactory,
)

Kind = Territory.Kind

# WhiteNoise warns of a folder of collected files that is not there, and a warning is an error here.
(Path(__file__).parent.parent / "staticfiles").mkdir(exist_ok=True)
# The suite says the same thing twice; HYPOTHESIS_PROFILE=explore looks for new examples.
hypothesis.settings.register_profile("suite", derandomize=True, deadline=None)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


RECREATED = {"auth", "contenttypes"}  # Django makes these rows again by itself
ROWS_OF_MIGRATIONS: list = []
UNBLOCKED: list = []  # how pytest-django lets one reach the database out of a test


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The rows that migrations wrote (tariffs, sections the law requires) are kept aside for `put_back`."""
    UNBLOCKED[:] = [django_db_blocker.unblock]
    with django_db_blocker.unblock():
        models = [model for model in apps.get_models() if model._meta.app_label not in RECREATED]
        ROWS_OF_MIGRATIONS[:] = [row for model in models for row in model._base_manager.order_by("pk")]


def put_back():
    """A test with true transactions empties the database: what any other test counts on is written again."""
    for model, rows in itertools.groupby(ROWS_OF_MIGRATIONS, type):
        if not model._base_manager.exists():
            model._base_manager.bulk_create(rows)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """On two cores, the tests taken over from the other worker come after those with true transactions."""
    done = yield
    if nextitem is None:  # after the last test, the database itself is gone
        return done
    marker = item.get_closest_marker("django_db")
    if (marker and marker.kwargs.get("transaction")) or {"transactional_db", "live_server"} & set(item.fixturenames):
        with UNBLOCKED[0]():
            put_back()
    return done


@pytest.fixture(autouse=True)
def quick_and_quiet(settings, tmp_path):
    """Cheap password hashes, mail in memory, jobs run at once, static files unhashed, files in a temporary folder."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.RONDE_RULES_SECONDS = None  # recorded rules are read when a test says so
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def today():
    """Tuesday 17 March 2026, nine in the morning."""
    with time_machine.travel(datetime.datetime(2026, 3, 17, 8, 0, tzinfo=datetime.UTC), tick=False):
        yield TODAY


@pytest.fixture
def direction(db):
    return TerritoryFactory(kind=Kind.DIRECTION, code="direction", name="Direction de la petite enfance")


@pytest.fixture
def caspe(direction):
    return TerritoryFactory(kind=Kind.DIVISION, code="caspe-20", name="CASPE 20", parent=direction)


@pytest.fixture
def pole(caspe):
    return TerritoryFactory(kind=Kind.POLE, code="pole-20", name="Pôle 20e", parent=caspe)


@pytest.fixture
def other_pole(caspe):
    return TerritoryFactory(kind=Kind.POLE, code="pole-19", name="Pôle 19e", parent=caspe)


@pytest.fixture
def sector(pole):
    return TerritoryFactory(code="belleville", name="Secteur Belleville", parent=pole)


@pytest.fixture
def next_sector(pole):
    return TerritoryFactory(code="gambetta", name="Secteur Gambetta", parent=pole)


@pytest.fixture
def far_sector(other_pole):
    return TerritoryFactory(code="villette", name="Secteur Villette", parent=other_pole)


@pytest.fixture
def creche(sector):
    return EstablishmentFactory(name="Crèche Les Lilas", code="les-lilas", sector=sector)


@pytest.fixture
def next_creche(next_sector):
    return EstablishmentFactory(name="Crèche Gambetta", code="gambetta", sector=next_sector)


@pytest.fixture
def far_creche(far_sector):
    return EstablishmentFactory(name="Crèche Villette", code="villette", sector=far_sector)


def holder(role, first_name, last_name, **where):
    user = UserFactory(first_name=first_name, last_name=last_name, email=f"{last_name.lower()}@ville.example")
    MandateFactory(user=user, role=role, **where)
    return user


@pytest.fixture
def coordinator(sector):
    """She goes round the sector of `creche`."""
    return holder(Role.COORDINATOR, "Samira", "Benali", territory=sector)


@pytest.fixture
def colleague(next_sector):
    """Coordinator of the other sector of the same pôle: summary only."""
    return holder(Role.COORDINATOR, "Paul", "Nguyen", territory=next_sector)


@pytest.fixture
def neighbour(far_sector):
    """Coordinator in another pôle: sees nothing here."""
    return holder(Role.COORDINATOR, "Claire", "Duval", territory=far_sector)


@pytest.fixture
def former(sector):
    """Her interim over the sector ended yesterday, whatever the day of the test."""
    user = UserFactory(first_name="Nadia", last_name="Ancel", email="ancel@ville.example")
    Mandate.objects.create(
        user=user,
        role=Role.COORDINATOR,
        territory=sector,
        starts_on=TODAY - datetime.timedelta(days=90),
        ends_on=TODAY - datetime.timedelta(days=1),
        is_interim=True,
    )
    return user


@pytest.fixture
def pole_head(pole):
    return holder(Role.POLE_HEAD, "Hélène", "Marchand", territory=pole)


@pytest.fixture
def division_head(caspe):
    return holder(Role.DIVISION_HEAD, "Marc", "Leroy", territory=caspe)


@pytest.fixture
def central(direction):
    return holder(Role.CENTRAL, "Inès", "Faure", territory=direction)


@pytest.fixture
def assistant(pole):
    return holder(Role.ASSISTANT, "Louis", "Petit", territory=pole)


@pytest.fixture
def health_lead(creche):
    return holder(Role.HEALTH_LEAD, "Aïcha", "Morel", establishment=creche)


@pytest.fixture
def director(creche):
    user = UserFactory(first_name="Alice", last_name="Roux", email="roux@ville.example")
    DirectorshipFactory(establishment=creche, person=user)
    return user


@pytest.fixture
def far_director(far_creche):
    user = UserFactory(first_name="Zoé", last_name="Blanc", email="blanc@ville.example")
    DirectorshipFactory(establishment=far_creche, person=user)
    return user


@pytest.fixture
def administrator(direction):
    return holder(Role.ADMINISTRATOR, "Omar", "Diallo", territory=direction)


@pytest.fixture
def elected(direction):
    return holder(Role.ELECTED, "Léa", "Garnier", territory=direction)


@pytest.fixture
def nobody(db):
    """An account without any mandate."""
    return UserFactory(first_name="Jean", last_name="Personne", email="personne@ville.example")


@pytest.fixture
def superuser(db):
    """A superuser without a mandate: she sees nothing either."""
    return UserFactory(last_name="Racine", email="racine@ville.example", is_superuser=True, is_staff=True)
