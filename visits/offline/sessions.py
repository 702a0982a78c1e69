"""What a device needs of a signed-in person: who she is, her token, and the key her texts are sealed with (ADR 0030).

The key is derived, never stored: the same person finds the same key again after a sign-out, nobody else does.
"""

import base64
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import JsonResponse
from django.utils.crypto import salted_hmac

KEY_SALT, TAG_SALT = "ronde.offline.key", "ronde.offline.person"
SIGNED_OUT = "Votre session est terminée\u00a0: reconnectez-vous, rien n’est perdu."


def keys_of(user):
    """The 256-bit keys of a person as base64: the one of now, then those of former secrets, which open old seals."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac(KEY_SALT, str(user.pk), secret=secret, algorithm="sha256").digest() for secret in secrets]
    return [base64.b64encode(digest).decode() for digest in digests]


def tag_of(user):
    """A name for the person on a device that tells nothing of her."""
    return salted_hmac(TAG_SALT, str(user.pk), algorithm="sha256").hexdigest()[:20]


def for_scripts(view):
    """A view that a script calls: a closed session is said as 401 in JSON, and as the sign-in page to a browser."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"error": SIGNED_OUT}, status=401)
        return redirect_to_login(request.get_full_path())

    return login_not_required(answer)
