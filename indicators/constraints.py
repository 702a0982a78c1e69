"""A month that has been submitted keeps its numbers: only a reopening, which leaves a trace, gives them back."""

from core.constraints import Frozen


class LockedColumns(Frozen):
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
