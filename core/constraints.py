"""Rules that the database itself keeps, the same on SQLite and PostgreSQL.

Periods are inclusive dates with an open end (null); an overlap is refused by an exclusion constraint on PostgreSQL
and by triggers on SQLite. Frozen and append-only rows are triggers on both. All raise IntegrityError.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.ddl_references import Statement, Table
from django.db.models import Q

FAR = "9999-12-31"


class DatabaseRule(models.BaseConstraint):
    """A constraint made of statements of our own; subclasses say which for each engine."""

    def statements(self, table, schema_editor):
        raise NotImplementedError

    def constraint_sql(self, model, schema_editor):
        # Deferred: the table may still be called new__… (Django remakes SQLite tables to alter them).
        schema_editor.deferred_sql.extend(self.statements(model._meta.db_table, schema_editor))

    def create_sql(self, model, schema_editor):
        if schema_editor.connection.vendor == "sqlite":
            return None
        first, *others = self.statements(model._meta.db_table, schema_editor)
        schema_editor.deferred_sql.extend(others)
        return first

    def remove_sql(self, model, schema_editor):
        if schema_editor.connection.vendor == "sqlite":
            return None  # the table is remade without it
        return self.removal(schema_editor.quote_name(model._meta.db_table), schema_editor)

    def removal(self, table, schema_editor):
        raise NotImplementedError

    def validate(self, model, instance, exclude=None, using="default"):
        """Nothing to say before the database does, unless a subclass can."""

    def statement(self, template, table, schema_editor, **parts):
        return Statement(template, table=Table(table, schema_editor.quote_name), **parts)


class NoOverlap(DatabaseRule):
    """Two rows with the same `fields` never share a day between `starts` and `ends` (inclusive, null = open)."""

    def __init__(self, *, name, fields, starts="starts_on", ends="ends_on", unless=None, violation_error_message=None):
        super().__init__(name=name, violation_error_message=violation_error_message)
        self.fields, self.starts, self.ends = list(fields), starts, ends
        self.unless = {key: list(values) for key, values in (unless or {}).items()}

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        kwargs.update(fields=self.fields, starts=self.starts, ends=self.ends, unless=self.unless)
        return path, args, kwargs

    def __eq__(self, other):
        return isinstance(other, NoOverlap) and self.deconstruct() == other.deconstruct()

    def __hash__(self):
        return hash(self.name)

    # Columns are found on a model: a foreign key's column carries _id.
    def constraint_sql(self, model, schema_editor):
        self._model = model
        return super().constraint_sql(model, schema_editor)

    def create_sql(self, model, schema_editor):
        self._model = model
        return super().create_sql(model, schema_editor)

    def _column(self, name):
        return self._model._meta.get_field(name).column

    def _applies(self, prefix=""):
        """SQL that is true where the row takes part in the rule."""
        tests = [f"{prefix}{self._column(name)} IS NOT NULL" for name in self.fields]
        for name, values in self.unless.items():
            listed = ", ".join("'{}'".format(value.replace("'", "''")) for value in values)
            tests.append(f"{prefix}{self._column(name)} NOT IN ({listed})")
        return " AND ".join(tests)

    def statements(self, table, schema_editor):
        if schema_editor.connection.vendor == "sqlite":
            return [self._sqlite(table, schema_editor, event) for event in ("INSERT", "UPDATE")]
        equal = ", ".join(f"{schema_editor.quote_name(self._column(name))} WITH =" for name in self.fields)
        period = f"daterange({self._column(self.starts)}, {self._column(self.ends)}, '[]') WITH &&"
        template = (
            f"ALTER TABLE %(table)s ADD CONSTRAINT {self.name} EXCLUDE USING gist ({equal}, {period}) "
            f"WHERE ({self._applies()})"
        )
        return [self.statement(template, table, schema_editor)]

    def _sqlite(self, table, schema_editor, event):
        same = " AND ".join(f"o.{self._column(name)} = NEW.{self._column(name)}" for name in self.fields)
        starts, ends = self._column(self.starts), self._column(self.ends)
        pk = self._model._meta.pk.column
        # BEFORE INSERT sees NEW.id as NULL: the new row cannot clash with itself.
        template = (
            f"CREATE TRIGGER {self.name}_{event.lower()} BEFORE {event} ON %(table)s "
            f"WHEN {self._applies('NEW.')} BEGIN SELECT RAISE(ABORT, 'constraint {self.name}') "
            f"FROM %(table)s o WHERE {same} AND {self._applies('o.')} AND o.{pk} IS NOT NEW.{pk} "
            f"AND o.{starts} <= COALESCE(NEW.{ends}, '{FAR}') AND COALESCE(o.{ends}, '{FAR}') >= NEW.{starts}; END"
        )
        return self.statement(template, table, schema_editor)

    def removal(self, table, schema_editor):
        return f"ALTER TABLE {table} DROP CONSTRAINT {self.name}"

    def validate(self, model, instance, exclude=None, using="default"):
        exclude = exclude or set()
        involved = {*self.fields, *self.unless, self.starts, self.ends}
        if involved & set(exclude):
            return
        values = {name: getattr(instance, model._meta.get_field(name).attname) for name in self.fields}
        start, end = getattr(instance, self.starts), getattr(instance, self.ends)
        if start is None or None in values.values():
            return
        if any(getattr(instance, name) in listed for name, listed in self.unless.items()):
            return
        others = model._base_manager.using(using).filter(**values).exclude(pk=instance.pk)
        for name, listed in self.unless.items():
            others = others.exclude(**{f"{name}__in": listed})
        others = others.filter(Q(**{f"{self.ends}__isnull": True}) | Q(**{f"{self.ends}__gte": start}))
        if end is not None:
            others = others.filter(**{f"{self.starts}__lte": end})
        if others.exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)


class Frozen(DatabaseRule):
    """Rows for which `when` (SQL, `{row}` standing for the stored row) is true are neither changed nor deleted.

    `insert=True` also refuses new rows for which it is true (children of a frozen parent).
    """

    def __init__(self, *, name, when="1 = 1", insert=False, violation_error_message=None):
        super().__init__(name=name, violation_error_message=violation_error_message)
        self.when, self.insert = when, insert

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        kwargs.update(when=self.when, insert=self.insert)
        return path, args, kwargs

    def __eq__(self, other):
        return isinstance(other, Frozen) and self.deconstruct() == other.deconstruct()

    def __hash__(self):
        return hash(self.name)

    def events(self):
        return [("UPDATE", "OLD"), ("DELETE", "OLD"), *([("INSERT", "NEW")] if self.insert else [])]

    def statements(self, table, schema_editor):
        make = self._sqlite if schema_editor.connection.vendor == "sqlite" else self._postgresql
        return [make(table, schema_editor, event, row) for event, row in self.events()]

    def _when(self, row):
        return self.when.replace("{row}", row).replace("%", "%%")

    def _sqlite(self, table, schema_editor, event, row):
        template = (
            f"CREATE TRIGGER {self.name}_{event.lower()} BEFORE {event} ON %(table)s "
            f"WHEN ronde_sealed() AND ({self._when(row)}) "
            f"BEGIN SELECT RAISE(ABORT, 'constraint {self.name}'); END"
        )
        return self.statement(template, table, schema_editor)

    def _postgresql(self, table, schema_editor, event, row):
        body = f"IF {self._when(row)} THEN RAISE EXCEPTION 'constraint {self.name}' USING ERRCODE = '23000'; END IF;"
        function = f"{self.name}_{event.lower()}"
        result = "OLD" if event == "DELETE" else "NEW"
        template = (
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body} RETURN {result}; END $$; "
            f"CREATE TRIGGER {function} BEFORE {event} ON %(table)s FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
        return self.statement(template, table, schema_editor)

    def removal(self, table, schema_editor):
        return "; ".join(f"DROP FUNCTION {self.name}_{event.lower()}() CASCADE" for event, _ in self.events())


class FrozenColumns(Frozen):
    """Like Frozen, but an update is refused only when it changes one of `columns` (never null)."""

    def __init__(self, *, name, columns, when="1 = 1", violation_error_message=None, **kwargs):
        super().__init__(name=name, when=when, violation_error_message=violation_error_message, **kwargs)
        self.columns = list(columns)

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        kwargs["columns"] = self.columns
        return path, args, kwargs

    def statements(self, table, schema_editor):
        changed = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in self.columns)
        made = []
        for event, row in self.events():
            rule = Frozen(name=self.name, when=f"({self.when}) AND ({changed})") if event == "UPDATE" else self
            make = rule._sqlite if schema_editor.connection.vendor == "sqlite" else rule._postgresql
            made.append(make(table, schema_editor, event, row))
        return made


class FrozenChild(Frozen):
    """Rows of a frozen parent: not changed, not deleted, not added, not moved to it from another parent."""

    def __init__(self, *, name, when, violation_error_message=None, **kwargs):
        kwargs["insert"] = True
        super().__init__(name=name, when=when, violation_error_message=violation_error_message, **kwargs)

    def statements(self, table, schema_editor):
        both = " OR ".join(f"({self.when.replace('{row}', row)})" for row in ("OLD", "NEW"))
        made = []
        for event, row in self.events():
            rule = Frozen(name=self.name, when=both) if event == "UPDATE" else self
            make = rule._sqlite if schema_editor.connection.vendor == "sqlite" else rule._postgresql
            made.append(make(table, schema_editor, event, row))
        return made


class Refused(DatabaseRule):
    """Refuses the writes for which a condition is true: SQL over NEW, and OLD for an update or a deletion.

    For what depends on other rows (every required part is there, everything on a list was done): a check cannot look.
    """

    def __init__(self, *, name, on_insert="", on_update="", on_delete="", violation_error_message=None):
        super().__init__(name=name, violation_error_message=violation_error_message)
        self.conditions = {"INSERT": on_insert, "UPDATE": on_update, "DELETE": on_delete}

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        kwargs.update({f"on_{event.lower()}": condition for event, condition in self.conditions.items() if condition})
        return path, args, kwargs

    def __eq__(self, other):
        return isinstance(other, Refused) and self.deconstruct() == other.deconstruct()

    def __hash__(self):
        return hash(self.name)

    def events(self):
        return [(event, condition) for event, condition in self.conditions.items() if condition]

    def statements(self, table, schema_editor):
        made = []
        for event, condition in self.events():
            rule = Frozen(name=self.name, when=condition)
            make = rule._sqlite if schema_editor.connection.vendor == "sqlite" else rule._postgresql
            made.append(make(table, schema_editor, event, "OLD" if event == "DELETE" else "NEW"))
        return made

    def removal(self, table, schema_editor):
        return "; ".join(f"DROP FUNCTION {self.name}_{event.lower()}() CASCADE" for event, _ in self.events())


def dates_in_order(name, starts="starts_on", ends="ends_on"):
    """A period ends on or after the day it starts."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gte": models.F(starts)}),
        violation_error_message="La date de fin précède la date de début.",
    )
