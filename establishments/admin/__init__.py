"""The Django admin of the register: one module a subject; who reaches what is in `establishments/admin_scope.py`."""

from . import accounts, journal, mandates, records, reference, register, territories

__all__ = ["accounts", "journal", "mandates", "records", "reference", "register", "territories"]
