"""Querysets written as Django writes them, and turned into SQL once a day instead of once a request (ADR 0011).

Building and compiling a query through the door costs two or three milliseconds of processor, running it a tenth of
one: the home page, which asks twenty of them, spent nine tenths of its time writing the same sentences again.

A compiled function takes records, whole numbers and moments: they are the holes of its SQL. Anything else (a day, a
capability) belongs to its shape, and another one gives another SQL. A record gives its key and nothing more. Each
shape is made twice, with two sets of stand-ins, and refused with ShapeError when anything but a hole moved, so that
one person's value can never be kept for the next. Rows are asked of the database at each call: nothing of what the
door answers is remembered.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet, prefetch_related_objects
from django.db.models.expressions import RawSQL
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.utils import timezone

# Two sets of stand-ins, unlike in everything a queryset may be tempted to look at; no two arguments have the same.
NUMBERS = (-900_000_001, 700_000_000)
MOMENTS = (datetime(1803, 5, 11, 12, tzinfo=UTC), datetime(1811, 8, 23, 9, tzinfo=UTC))
ROWS_KEPT = 8  # shapes of one function: a day and a few capabilities; old days are looked at once
SUBQUERIES_KEPT = 256  # two texts each
PLACE = re.compile(r"(?<!%)%s")  # where Django's compilers leave a parameter
WORD = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)  # what needs neither quoting nor escaping


class ShapeError(TypeError):
    """The SQL of a compiled function depends on a value that is not one of its holes: it would be kept."""


@dataclass(frozen=True)
class Shape:
    """The SQL of one shape and its parameters; `slots` are (rank of the parameter, rank of the argument it is).

    `sql` is None when no row can ever match.
    """

    sql: str | None
    parameters: tuple[Any, ...]
    slots: tuple[tuple[int, int], ...]
    vendor: str

    def filled(self, arguments: tuple[Any, ...], connection: Any) -> tuple[Any, ...]:
        found = list(self.parameters)
        for parameter, argument in self.slots:
            found[parameter] = adapted(plain(arguments[argument]), connection)
        return tuple(found)


def rows_once(build: Callable[..., QuerySet]) -> Callable[..., list[Any]]:
    """The rows of the queryset that `build(*arguments)` writes, as a list: what is compiled cannot be filtered on."""
    shapes: dict[Any, tuple[Shape, Reader]] = {}

    @wraps(build)
    def rows(*arguments: Any) -> list[Any]:
        if not all(map(opens_something, arguments)):
            return list(build(*arguments))
        shape, read = _kept(build, arguments, shapes, ROWS_KEPT, Reader)
        if shape.sql is None:
            return []
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            cursor.execute(shape.sql, shape.filled(arguments, connection))
            found = cursor.fetchall()
        return read(found, connection)

    return rows


class Reader:
    """Turns the rows of one shape into what its queryset gives (records, dicts, tuples, single values).

    The same steps as the iterables of django.db.models.query, what depends on the shape alone being prepared once.
    """

    def __init__(self, queryset: QuerySet, compiler: Any):
        given = queryset._iterable_class
        if given not in READERS or compiler.has_extra_select:
            raise ShapeError(f"{given.__name__}: rows of this form are not compiled.")
        fields = [column[0] for column in compiler.select[: compiler.col_count]]
        self.converters = [(rank, *one) for rank, one in compiler.get_converters(fields).items()]
        self.prefetch = queryset._prefetch_related_lookups
        self.shaped = READERS[given](queryset, compiler)

    def __call__(self, rows: list[tuple], connection: Any) -> list[Any]:
        found = self.shaped(self._converted(rows, connection) if self.converters else rows)
        if self.prefetch:
            prefetch_related_objects(found, *self.prefetch)
        return found

    def _converted(self, rows: list[tuple], connection: Any) -> list[list[Any]]:
        found = [list(row) for row in rows]
        for rank, converters, expression in self.converters:
            for row in found:
                for convert in converters:
                    row[rank] = convert(row[rank], expression, connection)
        return found


def _records(queryset: QuerySet, compiler: Any) -> Callable[[Iterable], list[Any]]:
    kind, select = compiler.klass_info, compiler.select
    first, last = kind["select_fields"][0], kind["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[first:last]]
    related = get_related_populators(kind, select, DEFAULT_DB_ALIAS)
    annotations = list(compiler.annotation_col_map.items())

    def record(row: Any) -> Model:
        made = kind["model"].from_db(DEFAULT_DB_ALIAS, names, row[first:last])
        for populator in related:
            populator.populate(row, made)
        for name, rank in annotations:
            setattr(made, name, row[rank])
        return made

    return lambda rows: [record(row) for row in rows]


def _dicts(queryset: QuerySet, compiler: Any) -> Callable[[Iterable], list[Any]]:
    query = queryset.query
    names = list(query.selected or (*query.extra_select, *query.values_select, *query.annotation_select))
    return lambda rows: [dict(zip(names, row, strict=True)) for row in rows]


def _tuples(queryset: QuerySet, compiler: Any) -> Callable[[Iterable], list[Any]]:
    return lambda rows: [tuple(row) for row in rows]


def _singles(queryset: QuerySet, compiler: Any) -> Callable[[Iterable], list[Any]]:
    return lambda rows: [row[0] for row in rows]


READERS: dict[type, Callable[..., Callable[[Iterable], list[Any]]]] = {
    ModelIterable: _records,
    ValuesIterable: _dicts,
    ValuesListIterable: _tuples,
    FlatValuesListIterable: _singles,
}


def subquery_once(build: Callable[..., QuerySet]) -> Callable[..., RawSQL]:
    """For `field__in=`: the one column of the queryset that `build(*arguments)` writes."""
    shapes: dict[Any, tuple[Shape, None]] = {}

    @wraps(build)
    def subquery(*arguments: Any) -> RawSQL:
        shape, _ = _kept(build, arguments, shapes, SUBQUERIES_KEPT)
        if shape.sql is None:
            return RawSQL("SELECT 0 WHERE 1 = 0", ())
        return RawSQL(shape.sql, shape.filled(arguments, connections[DEFAULT_DB_ALIAS]))  # noqa: S611 - compiled by Django

    return subquery


def rounded(keys: Iterable[int]) -> list[int]:
    """The same keys, the last one repeated up to a power of two: a few lengths make a few sentences to compile."""
    given = list(keys)
    return given + given[-1:] * ((1 << (len(given) - 1).bit_length()) - len(given)) if given else given


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


def _kept(build: Any, arguments: tuple[Any, ...], shapes: dict, most: int, reader: Any = None) -> tuple:
    # The door reads its own clock when it is not told the day: a mandate that ends tonight opens nothing tomorrow.
    key = (timezone.localdate(), *((_sort(one), None if is_hole(one) else one) for one in arguments))
    found = shapes.get(key)
    if found is None or found[0].vendor != connections[DEFAULT_DB_ALIAS].vendor:
        shape, queryset, compiler = _made(build, arguments)
        # Nothing of the querysets themselves is kept where the text is enough.
        found = shapes[key] = (shape, reader(queryset, compiler) if reader and shape.sql is not None else None)
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
        return Shape(None, (), (), connection.vendor), querysets[0], compilers[0]
    if sql != again or len(first) != len(second):
        raise ShapeError(f"{name}: the SQL itself depends on the values given.")
    holes = {
        (adapted(plain(one), connection), adapted(plain(other), connection)): n
        for n, (one, other) in enumerate(zip(*sets, strict=True))
        if is_hole(one)
    }
    slots = []
    for rank, pair in enumerate(zip(first, second, strict=True)):
        if pair in holes:
            slots.append((rank, holes[pair]))
        elif pair[0] != pair[1]:
            raise ShapeError(f"{name}: {pair[0]!r} is reckoned from a value, which must be an argument of its own.")
    shape = Shape(sql, tuple(first), tuple(slots), connection.vendor)
    return (_spelled(shape) if connection.vendor == "sqlite" else shape), querysets[0], compilers[0]


def _spelled(shape: Shape) -> Shape:
    """The same shape with its constant words (statuses, roles, the day) written in its SQL.

    SQLite compiles a sentence again at every run when a parameter is compared with the condition of a partial index:
    the longest of the home page took four times as long as with its words written. Words of the code alone, never a
    hole, and no number: a bare one is a rank in ORDER BY. psycopg writes its parameters in the text already.
    """
    texts = PLACE.split(shape.sql or "")
    if len(texts) != len(shape.parameters) + 1:
        return shape
    holes, ranks, kept = dict(shape.slots), [], []
    sql = [texts[0]]
    for rank, (value, text) in enumerate(zip(shape.parameters, texts[1:], strict=True)):
        if rank not in holes and isinstance(value, str) and WORD.fullmatch(value):
            sql.append(f"'{value!s}'{text}")
            continue
        if rank in holes:
            ranks.append((len(kept), holes[rank]))
        kept.append(value)
        sql.append(f"%s{text}")
    return Shape("".join(sql), tuple(kept), tuple(ranks), shape.vendor)


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
