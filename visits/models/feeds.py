import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

from core import feeds


def digest_of(token):
    return hashlib.sha256(token.encode()).hexdigest()


class CalendarFeedQuerySet(models.QuerySet):
    def visible_to(self, user, capability=None):
        return self.filter(user=user) if user.is_active else self.none()

    def known_to(self, user):
        return self.visible_to(user)

    def with_token(self, token):
        """The feed that an address opens; none once it was revoked, replaced, or its owner's account closed."""
        return self.filter(token_hash=digest_of(token), user__is_active=True).select_related("user").first()


class CalendarFeed(models.Model):
    """The address of a person's own calendar: secret, kept as a digest, replaced or revoked at will."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed", verbose_name="personne"
    )
    mode = models.CharField("ce qui se lit", max_length=10, choices=list(feeds.MODES.items()), default=feeds.NOTHING)
    token_hash = models.CharField("empreinte de l’adresse", max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("créée le", default=timezone.now)
    read_on = models.DateField("lue pour la dernière fois le", null=True, editable=False)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = "agenda abonné"
        verbose_name_plural = "agendas abonnés"

    def __str__(self):
        return f"Agenda de {self.user}"

    @classmethod
    def renew(cls, user, mode):
        """A new secret address, which ends the one before. Returns (feed, token): the token is shown once."""
        token = secrets.token_urlsafe(32)
        given = {"mode": mode, "token_hash": digest_of(token), "created_at": timezone.now(), "read_on": None}
        feed, _ = cls.objects.update_or_create(user=user, defaults=given)
        return feed, token
