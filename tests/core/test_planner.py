"""What PostgreSQL is told: how many rows there are after a load, and to compile nothing."""

import pytest
from django.db import connection

from core.planner import refresh_statistics
from establishments.models import Establishment
from tests.factories import EstablishmentFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite ne compile pas et ne compte pas"),
]


def answer(sentence, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sentence, parameters)
        return cursor.fetchone()[0]


def test_no_sentence_is_compiled_before_it_runs():
    """Asked by the connection itself: the server of the tests has it off too."""
    assert answer("SELECT setting || ' by ' || source FROM pg_settings WHERE name = 'jit'") == "off by client"


def test_a_load_is_counted_at_once():
    EstablishmentFactory.create_batch(7)
    refresh_statistics()
    assert answer("SELECT reltuples FROM pg_class WHERE relname = %s", Establishment._meta.db_table) == 7
