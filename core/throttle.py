"""How often one address may fail at something that nobody signs in for."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache


def failed_too_often(request, action, *, most, seconds):
    """Count one more failure of the visitor's address; whether it is beyond `most` within `seconds`."""
    key = f"failed:{action}:{get_adapter().get_client_ip(request)}"
    if cache.add(key, 1, timeout=seconds):
        return False
    try:
        return cache.incr(key) > most
    except ValueError:  # it expired between the two
        return False
