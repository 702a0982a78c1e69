"""Querysets written as Django writes them, and turned into SQL once a day instead of once a request (ADR 0011).

Building and compiling a query through the door costs two or three milliseconds of processor, running it a tenth of
one: the home page, which asks twenty of them, spent nine tenths of its time writing the same sentences again.

A compiled function takes records, whole numbers and moments: they are the holes of its SQL. Anything else (a day, a
capability) belongs to its shape, and another one gives another SQL. A record gives its key and nothing more. Each
shape is made twice, with two sets of stand-ins, and refused with ShapeError when anything but a hole moved, so that
one person's value can never be kept for the next. Rows are asked of the database at each call: nothing of what the
door answers is remembered.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

# Two sets of stand-ins, unlike in everything a queryset may be tempted to look at; no two arguments have the same.
NUMBERS = (-900_000_001, 700_000_000)
MOMENTS = (datetime(1803, 5, 11, 12, tzinfo=UTC), datetime(1811, 8, 23, 9, tzinfo=UTC))
ROWS_KEPT = 8  # shapes of one function: a day and a few capabilities; old days are looked at once
SUBQUERIES_KEPT = 256  # two texts each


class ShapeError(TypeError):
    """The SQL of a compiled function depends on a value that is not one of its holes: it would be kept."""


@dataclass(frozen=True)
class Slot:
    """A parameter of the SQL that the argument of this rank gives."""

    argument: int


@dataclass(frozen=True)
class Shape:
    """The SQL of one shape, with plain values and Slots; `sql` is None when no row can ever match."""

    sql: str | None
    parameters: tuple[Any, ...]
    vendor: str

    def filled(self, arguments: tuple[Any, ...], connection: Any) -> tuple[Any, ...]:
        return tuple(
            adapted(plain(arguments[one.argument]), connection) if isinstance(one, Slot) else one
            for one in self.parameters
        )


def rows_once(build: Callable[..., QuerySet]) -> Callable[..., list[Any]]:
    """The rows of the queryset that `build(*arguments)` writes, as a list: what is compiled cannot be filtered on."""
    shapes: dict[Any, tuple[Shape, QuerySet, Any]] = {}

    @wraps(build)
    def rows(*arguments: Any) -> list[Any]:
        if not all(map(opens_something, arguments)):
            return list(build(*arguments))
        shape, queryset, compiler = _kept(build, arguments, shapes, ROWS_KEPT)
        if shape.sql is None:
            return []
        # Both are copied: another thread may be reading the same shape.
        compiler, queryset = copy.copy(compiler), queryset.all()
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        filled = shape.sql, shape.filled(arguments, compiler.connection)
        compiler.as_sql = lambda *args, **kwargs: filled
        queryset.query.get_compiler = lambda *args, **kwargs: compiler
        return list(queryset)

    return rows


def subquery_once(build: Callable[..., QuerySet]) -> Callable[..., RawSQL]:
    """For `field__in=`: the one column of the queryset that `build(*arguments)` writes."""
    shapes: dict[Any, tuple[Shape]] = {}

    @wraps(build)
    def subquery(*arguments: Any) -> RawSQL:
        (shape, *_) = _kept(build, arguments, shapes, SUBQUERIES_KEPT, sql_only=True)
        if shape.sql is None:
            return RawSQL("SELECT 0 WHERE 1 = 0", ())
        return RawSQL(shape.sql, shape.filled(arguments, connections[DEFAULT_DB_ALIAS]))  # noqa: S611 - compiled by Django

    return subquery


def is_hole(argument: Any) -> bool:
    return isinstance(argument, (Model, datetime)) or type(argument) is int


def opens_something(argument: Any) -> bool:
    """A closed account sees nothing, by a query of another shape, which is not worth keeping."""
    return getattr(argument, "is_active", True)


def plain(argument: Any) -> Any:
    if not isinstance(argument, Model):
        return argument
    if argument.pk is None:
        raise ShapeError(f"{argument._meta.verbose_name}: a record that is not saved has no key to look for.")
    return argument.pk


def adapted(value: Any, connection: Any) -> Any:
    """A value as the compiler of this engine writes it among the parameters."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _kept(build: Any, arguments: tuple[Any, ...], shapes: dict, most: int, *, sql_only: bool = False) -> tuple:
    # The door reads its own clock when it is not told the day: a mandate that ends tonight opens nothing tomorrow.
    key = (timezone.localdate(), *((_sort(one), None if is_hole(one) else one) for one in arguments))
    found = shapes.get(key)
    if found is None or found[0].vendor != connections[DEFAULT_DB_ALIAS].vendor:
        made = _made(build, arguments)
        found = shapes[key] = made[:1] if sql_only else made
        while len(shapes) > most:
            shapes.pop(next(iter(shapes)), None)
    return found


def _sort(argument: Any) -> Any:
    return argument._meta.concrete_model if isinstance(argument, Model) else type(argument)


def _made(build: Callable[..., QuerySet], arguments: tuple[Any, ...]) -> tuple[Shape, QuerySet, Any]:
    connection, name = connections[DEFAULT_DB_ALIAS], build.__name__
    sets = [tuple(_stand_in(one, n, which) for n, one in enumerate(arguments)) for which in (0, 1)]
    querysets = [build(*stand_ins) for stand_ins in sets]
    if querysets[0]._known_related_objects:
        raise ShapeError(f"{name}: the rows of a related manager would carry the stand-in.")
    compilers = [queryset.query.get_compiler(DEFAULT_DB_ALIAS) for queryset in querysets]
    try:
        (sql, first), (again, second) = [compiler.as_sql() for compiler in compilers]
    except EmptyResultSet:
        return Shape(None, (), connection.vendor), querysets[0], compilers[0]
    if sql != again or len(first) != len(second):
        raise ShapeError(f"{name}: the SQL itself depends on the values given.")
    holes = {
        (adapted(plain(one), connection), adapted(plain(other), connection)): Slot(n)
        for n, (one, other) in enumerate(zip(*sets, strict=True))
        if is_hole(one)
    }
    parameters = []
    for pair in zip(first, second, strict=True):
        if pair[0] != pair[1] and pair not in holes:
            raise ShapeError(f"{name}: {pair[0]!r} is reckoned from a value, which must be an argument of its own.")
        parameters.append(holes.get(pair, pair[0]))
    return Shape(sql, tuple(parameters), connection.vendor), querysets[0], compilers[0]


def _stand_in(argument: Any, n: int, which: int) -> Any:
    if isinstance(argument, datetime):
        return MOMENTS[which] + timedelta(days=n)
    if type(argument) is int:
        return NUMBERS[which] + n
    if not isinstance(argument, Model):
        return argument
    # Nothing but its key: any other field would be read from the database, where it is not.
    model = argument._meta.concrete_model
    record = model.from_db(DEFAULT_DB_ALIAS, [model._meta.pk.attname], [NUMBERS[which] + n])
    if hasattr(model, "is_active"):
        record.is_active = True  # opens_something
    return record
