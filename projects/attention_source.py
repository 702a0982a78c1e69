"""What is due to one person, of one kind: where its rows come from and how each is said."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """`rows(user, today)` is what is due; the other names are the columns it gives (attention.py); `item` says one."""

    rows: object
    item: object
    pk: str = "pk"
    title: str = ""
    house: str = "establishment__name"
    day: str = ""
    status: str = ""
    number: str = ""
