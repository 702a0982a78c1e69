"""Addresses of pages, worked out once: `reverse` reads the whole table of URLs, and a list asks it for each row."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

ADDRESSES_KEPT = 8_192


def address(name: str, *args: Any) -> str:
    """`reverse(name, args=args)`. An address says nothing of who may open it: the view asks the door."""
    return _address(name, args, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=ADDRESSES_KEPT)
def _address(name: str, args: tuple[Any, ...], urlconf: Any, prefix: str) -> str:
    return reverse(name, urlconf, args=args)
