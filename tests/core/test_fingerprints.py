"""The fingerprint of facts: the same everywhere for the same facts, another one for the least change."""

import dataclasses
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db.models import TextChoices
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from core.pdf.fingerprints import canonical_json, fingerprint, short_fingerprint


class Tone(TextChoices):
    GOOD = "good", "bon"


class Rank(Enum):
    FIRST = 1


@dataclasses.dataclass(frozen=True)
class Visit:
    day: date
    rate: Fraction
    tone: Tone


WRITTEN = [
    ({"b": 1, "a": None}, '{"a":null,"b":1}'),
    (Visit(date(2026, 3, 17), Fraction(7, 8), Tone.GOOD), '{"day":"2026-03-17","rate":"7/8","tone":"good"}'),
    ([Decimal("1.10"), Rank.FIRST, True, "é"], '["1.10",1,true,"\\u00e9"]'),
    ((time(7, 30), timedelta(minutes=1)), '["07:30:00","60000000 \\u00b5s"]'),
    (datetime(2026, 3, 18, 10, tzinfo=timezone(timedelta(hours=1))), '"2026-03-18T09:00:00+00:00"'),
    (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
    ({date(2026, 3, 1): {3, 1, 2}}, '{"2026-03-01":[1,2,3]}'),
    (mark_safe("x"), '"x"'),
    (0.5, "0.5"),
]


@pytest.mark.parametrize(("facts", "written"), WRITTEN)
def test_facts_are_written_in_one_way(facts, written):
    assert canonical_json(facts).decode() == written


def test_the_digest_is_the_sha_256_of_what_is_written():
    assert fingerprint({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize("facts", [object(), SimpleNamespace(a=1), b"x", Visit, {"a": [object()]}])
def test_what_is_not_a_fact_is_refused(facts):
    with pytest.raises(TypeError):
        fingerprint(facts)


@pytest.mark.parametrize(
    "facts",
    [float("nan"), float("inf"), Decimal("NaN"), datetime(2026, 3, 1), {1: "a", "1": "b"}],  # noqa: DTZ001
)
def test_what_cannot_be_written_once_is_refused(facts):
    with pytest.raises(ValueError):  # noqa: PT011
        fingerprint(facts)


facts_of_any_shape = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.dates()
    | st.fractions()
    | st.datetimes(timezones=st.just(UTC)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), facts_of_any_shape))
def test_the_order_of_keys_does_not_count(facts):
    assert fingerprint(dict(reversed(facts.items()))) == fingerprint(facts)


@given(st.lists(st.text(), min_size=1), st.data())
def test_one_more_character_is_another_fingerprint(texts, data):
    changed = list(texts)
    changed[data.draw(st.integers(0, len(texts) - 1))] += "x"
    assert fingerprint(changed) != fingerprint(texts)


def test_the_printed_form_is_four_groups_that_do_not_wrap():
    assert short_fingerprint("3f2a9c0177b0d4e8" + "0" * 48) == "3F2A\u00a09C01\u00a077B0\u00a0D4E8"
