"""The only reading of a feed that asks for no sign-in: its secret address is the key."""

from .models import CalendarFeed


def feed_behind(token):
    """The feed of an address, None when it was revoked, replaced, or never was."""
    return CalendarFeed.objects.with_token(token)
