"""Spreadsheets in and out: reading what people send, writing what they take away."""

from .cleaning import (
    clean_text,
    parse_bool_fr,
    parse_coordinates,
    parse_date_fr,
    parse_decimal_fr,
    parse_int_fr,
)
from .headers import find_header, header_key, is_total, table_from
from .reading import iter_rows, read_table
from .table import Limits, Row, Table, UnreadableFile

__all__ = [
    "Limits",
    "Row",
    "Table",
    "UnreadableFile",
    "clean_text",
    "find_header",
    "header_key",
    "is_total",
    "iter_rows",
    "parse_bool_fr",
    "parse_coordinates",
    "parse_date_fr",
    "parse_decimal_fr",
    "parse_int_fr",
    "read_table",
    "table_from",
]
