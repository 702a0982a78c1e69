"""The full-text match of one engine, as an expression: FTS5 on SQLite, a GIN index of exact lexemes on PostgreSQL."""

from django.db.models import BooleanField, Expression

from .stems import Wanted

INDEX = "core_search_words"


def lexemes(column: str) -> str:
    """The words of a column as a tsvector, without the parser of PostgreSQL: what was indexed is what is matched."""
    return f"array_to_tsvector(string_to_array({column}, ' '))"


class Matches(Expression):
    """True for the rows of `SearchEntry` that hold every word wanted (not for another model)."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, looked_for: Wanted):
        super().__init__(output_field=BooleanField())
        self.looked_for = looked_for

    def as_sqlite(self, compiler, connection):
        terms = [
            f'("{marked}" OR "{start}" *)' if start else f'"{marked}"' for marked, start in self.looked_for.terms()
        ]
        key = compiler.quote_name_unless_alias("core_searchentry") + ".id"
        sql = f"{key} IN (SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s)"  # noqa: S608 constant names
        return sql, [" AND ".join(terms)]

    def as_postgresql(self, compiler, connection):
        terms = [
            f"('{marked}' | '{start}':*)" if start else f"'{marked}'" for marked, start in self.looked_for.terms()
        ]
        column = compiler.quote_name_unless_alias("core_searchentry") + ".words"
        return f"{lexemes(column)} @@ %s::tsquery", [" & ".join(terms)]

    def as_sql(self, compiler, connection):
        raise NotImplementedError(f"No full-text search on {connection.vendor}.")

    def __eq__(self, other):
        return isinstance(other, Matches) and self.looked_for == other.looked_for

    def __hash__(self):
        return hash(self.looked_for)
