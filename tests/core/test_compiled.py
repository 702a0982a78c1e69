"""Querysets compiled once: the values are never kept, only the sentence is."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.compiled import ShapeError, rows_once, subquery_once
from core.models import Notification, User
from establishments.models import Capability, Establishment, Mandate
from tests.factories import TODAY, EstablishmentFactory, UserFactory


def noted(user, title):
    return Notification.objects.create(user=user, event=title, title=title, created_at=timezone.now())


def test_each_person_gets_her_own_rows(db):
    @rows_once
    def told(user):
        return Notification.objects.filter(user=user).values_list("title", flat=True)

    one, other = UserFactory(), UserFactory()
    noted(one, "à l’une"), noted(other, "à l’autre")
    assert [told(one), told(other), told(one)] == [["à l’une"], ["à l’autre"], ["à l’une"]]


def test_rows_are_asked_again_at_each_call(db):
    @rows_once
    def told(user):
        return Notification.objects.filter(user=user)

    user = UserFactory()
    assert told(user) == []
    first = noted(user, "nouvelle")
    with CaptureQueriesContext(connection) as queries:
        assert told(user) == [first]
    assert len(queries) == 1


def test_the_sentence_is_written_once(db):
    built = []

    @rows_once
    def houses(number, since):
        built.append(number)
        return Establishment.objects.filter(pk=number, opened_on__gte=since)

    house = EstablishmentFactory()
    found = [houses(house.pk, house.opened_on), houses(house.pk + 1, house.opened_on), houses(house.pk, TODAY)]
    assert found == [[house], [], []]
    assert len(built) == 4  # two stand-ins for each of the two days, none for the second number


def test_moments_are_holes(db):
    @rows_once
    def since(moment):
        return Notification.objects.filter(created_at__gt=moment)

    note, now = noted(UserFactory(), "tout à l’heure"), timezone.now()
    assert [since(now - timedelta(hours=1)), since(now + timedelta(hours=1))] == [[note], []]


def test_a_value_that_changes_the_sentence_is_refused(db):
    @rows_once
    def houses(number):
        rows = Establishment.objects.filter(pk=number)
        return rows if number % 2 else rows.filter(name="")

    @rows_once
    def reckoned(number):
        return Establishment.objects.filter(pk=number + 1)

    with pytest.raises(ShapeError, match="given"):
        houses(1)
    with pytest.raises(ShapeError, match="reckoned"):
        reckoned(1)


def test_a_record_gives_its_key_and_nothing_else(db):
    @rows_once
    def by_name(user):
        return User.objects.filter(last_name=user.last_name)

    with pytest.raises(User.DoesNotExist):
        by_name(UserFactory())


def test_the_rows_of_a_related_manager_are_refused(db):
    @rows_once
    def told(user):
        return user.notifications.all()

    with pytest.raises(ShapeError, match="related manager"):
        told(UserFactory())


def test_a_record_without_a_key_is_refused(db):
    @rows_once
    def told(user):
        return Notification.objects.filter(user=user)

    with pytest.raises(ShapeError, match="key"):
        told(User())


def test_what_can_never_match_asks_nothing(db, django_assert_num_queries):
    @rows_once
    def nobody(user):
        return Notification.objects.filter(user=user, pk__in=[])

    @subquery_once
    def nowhere(user):
        return Establishment.objects.filter(pk__in=[]).values("pk")

    user = UserFactory()
    EstablishmentFactory()
    with django_assert_num_queries(0):
        assert nobody(user) == []
    assert not Establishment.objects.filter(pk__in=nowhere(user)).exists()


def test_a_closed_account_or_a_visitor_sees_nothing(creche, coordinator):
    @rows_once
    def houses(user):
        return Establishment.objects.visible_to(user)

    assert houses(coordinator) == [creche]
    coordinator.is_active = False
    assert houses(coordinator) == houses(AnonymousUser()) == []


def test_a_mandate_that_ends_stops_at_the_next_question(creche, coordinator):
    @rows_once
    def houses(user):
        return Establishment.objects.visible_to(user, Capability.VIEW)

    assert houses(coordinator) == [creche]
    Mandate.objects.filter(user=coordinator).delete()
    assert houses(coordinator) == []


def test_a_mandate_that_ends_tonight_opens_nothing_tomorrow(creche, coordinator):
    @rows_once
    def houses(user):
        return Establishment.objects.visible_to(user)

    with time_machine.travel(f"{TODAY}T20:00:00Z", tick=False):
        Mandate.objects.filter(user=coordinator).update(ends_on=TODAY)
        assert houses(coordinator) == [creche]
    with time_machine.travel(f"{TODAY + timedelta(days=1)}T08:00:00Z", tick=False):
        assert houses(coordinator) == []


def test_a_subquery_takes_part_in_any_filter(creche, far_creche, coordinator, neighbour):
    @subquery_once
    def seen(user):
        return Establishment.objects.visible_to(user).order_by().values("pk")

    either = Establishment.objects.filter(Q(pk__in=seen(coordinator)) | Q(pk__in=seen(neighbour)))
    assert set(either) == {creche, far_creche}
    assert set(Establishment.objects.exclude(pk__in=seen(coordinator))) == {far_creche}


def test_related_records_and_annotations_come_with_the_rows(creche, coordinator, django_assert_num_queries):
    @rows_once
    def mandates(user):
        return Mandate.objects.filter(user=user).select_related("territory").prefetch_related("territory__attachments")

    with django_assert_num_queries(2):
        (mandate,) = mandates(coordinator)
        assert [one.establishment_id for one in mandate.territory.attachments.all()] == [creche.pk]


def test_constant_words_are_written_in_the_sentence_and_holes_are_not(db):
    """SQLite only: elsewhere the driver writes them itself."""
    if connection.vendor != "sqlite":
        pytest.skip("Les constantes ne sont écrites dans la phrase que pour SQLite.")

    @rows_once
    def told(user, number):
        return Notification.objects.filter(user=user, event="mot-a", title="l’une % 'x'", pk__gt=number).order_by("pk")

    user = UserFactory()
    with CaptureQueriesContext(connection) as queries:
        assert told(user, 0) == []
    sql = queries[0]["sql"]
    assert "'mot-a'" in sql
    shape = _shape_of(told)
    assert "'mot-a'" in shape.sql
    assert "l’une" not in shape.sql
    assert shape.sql.count("%s") == len(shape.parameters) == 3


def test_words_written_give_the_same_rows(db):
    @rows_once
    def told(user, number):
        return Notification.objects.filter(user=user, event="mot", pk__gte=number).values_list("title", flat=True)

    one, other = UserFactory(), UserFactory()
    kept = Notification.objects.create(user=one, event="mot", title="gardée", created_at=timezone.now())
    noted(one, "autre")
    assert [told(one, kept.pk), told(other, kept.pk), told(one, kept.pk + 1)] == [["gardée"], [], []]


def test_a_long_sentence_is_not_compiled_again_at_each_run(db):
    """The condition of a partial index met a parameter: SQLite compiled 60 kB again at every home page."""
    if connection.vendor != "sqlite":
        pytest.skip("Seul SQLite recompile une phrase quand un paramètre rencontre un index partiel.")
    from projects.attention import attention

    user = UserFactory()
    for _ in range(5):
        attention(user, TODAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pragma_compile_options WHERE compile_options = 'ENABLE_STMTVTAB'")
        if not cursor.fetchone():
            pytest.skip("Ce SQLite ne dit pas combien de fois il a recompilé une phrase (ENABLE_STMTVTAB).")
        cursor.execute("SELECT run, reprep FROM sqlite_stmt WHERE sql LIKE %s", ['%AS "a_kind"%'])
        ((runs, again),) = cursor.fetchall()
    assert runs >= 5
    assert again <= 1


def _shape_of(compiled):
    """The only shape that a compiled function keeps."""
    cells = dict(zip(compiled.__code__.co_freevars, compiled.__closure__, strict=True))
    ((shape, _),) = cells["shapes"].cell_contents.values()
    return shape
