"""A file that waits between its preview and its confirmation: in storage, known only to the session that sent it."""

import hashlib
import secrets
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

FOLDER = "imports"
SESSION = "import_deposit"
LIFE = timedelta(days=1)


@dataclass(frozen=True)
class Deposit:
    """Where the file is, what it was called, its SHA-256, and what was asked with it."""

    path: str
    filename: str
    digest: str
    owner: int
    choices: dict[str, Any] = field(default_factory=dict)


def keep(request: Any, content: bytes, filename: str, choices: dict[str, Any]) -> Deposit:
    """Store the file under a random name; the one before it, and those forgotten for a day, go."""
    forget(request)
    _sweep()
    path = default_storage.save(f"{FOLDER}/{request.user.pk}-{secrets.token_hex(16)}", ContentFile(content))
    deposit = Deposit(path, filename, hashlib.sha256(content).hexdigest(), request.user.pk, choices)
    request.session[SESSION] = asdict(deposit)
    return deposit


def current(request: Any) -> tuple[Deposit, bytes] | None:
    """The deposit of this session and its content; None when there is none, or when it is not what was sent."""
    stored = request.session.get(SESSION)
    if not stored or stored["owner"] != request.user.pk:
        return None
    deposit = Deposit(**stored)
    try:
        with default_storage.open(deposit.path) as stream:
            content = stream.read()
    except OSError:
        return None
    return (deposit, content) if hashlib.sha256(content).hexdigest() == deposit.digest else None


def forget(request: Any) -> None:
    stored = request.session.pop(SESSION, None)
    if stored and stored["owner"] == request.user.pk:
        default_storage.delete(stored["path"])


def _sweep() -> None:
    if not default_storage.exists(FOLDER):
        return
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        try:
            if default_storage.get_modified_time(path) < timezone.now() - LIFE:
                default_storage.delete(path)
        except OSError:  # another request swept it first
            continue
