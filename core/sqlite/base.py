"""SQLite as Ronde wants it: French collation, and triggers that only the flush of a test may step over."""

from functools import lru_cache

from django.db.backends.sqlite3 import base, operations, schema

from core.french import sort_key

COLLATION = "fr-x-icu"
SENTENCES_KEPT = 256


def compare(left, right):
    """French order; ties are broken by the raw text, so that two different names are never equal."""
    left_key, right_key = sort_key(left), sort_key(right)
    return (left_key > right_key) - (left_key < right_key)


class DatabaseOperations(operations.DatabaseOperations):
    def sql_flush(self, style, tables, *, reset_sequences=False, allow_cascade=False):
        """Emptying whole tables (tests only) is not an edit: the append-only triggers let it pass."""
        statements = super().sql_flush(style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade)
        return ["SELECT ronde_seal(0);", *statements, "SELECT ronde_seal(1);"] if statements else []


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    def __enter__(self):
        # Remaking a table must not re-read the triggers of others, which name it while it is away.
        self.connection.cursor().execute("PRAGMA legacy_alter_table = ON")
        return super().__enter__()

    def __exit__(self, exc_type, exc_value, traceback):
        super().__exit__(exc_type, exc_value, traceback)
        self.connection.cursor().execute("PRAGMA legacy_alter_table = OFF")

    def _collate_sql(self, collation):
        return f"COLLATE {self.quote_name(collation)}"  # Django leaves it bare, and ours has hyphens


@lru_cache(maxsize=SENTENCES_KEPT)
def question_marks(query):
    """Django's "%s" as SQLite's "?": a scan of the whole text, for sentences that are asked at each page."""
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class Cursor(base.SQLiteCursorWrapper):
    def convert_query(self, query, *, param_names=None):
        return question_marks(query) if param_names is None else super().convert_query(query, param_names=param_names)


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
    ops_class = DatabaseOperations

    def get_new_connection(self, conn_params):
        connection = super().get_new_connection(conn_params)
        state = {"sealed": 1}
        connection.create_collation(COLLATION, compare)
        connection.create_function("ronde_sealed", 0, lambda: state["sealed"])
        connection.create_function("ronde_seal", 1, lambda value: state.update(sealed=value) or value)
        return connection

    def create_cursor(self, name=None):
        return self.connection.cursor(factory=Cursor)
