"""Rows of several kinds in one query: each leg says its columns, the union reads them all."""

from django.db.models import CharField, F, Value

EMPTY = Value("", CharField())


def leg(rows, what, **columns):
    """The columns of one kind, `what` and its key (`row`) included; the same names and types in every leg."""
    named = {"what": Value(what, CharField()), "row": F("pk"), **columns}
    return rows.order_by().annotate(**named).values(*named)
