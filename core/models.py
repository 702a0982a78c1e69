from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.urls import reverse
from django.utils import timezone

from .french import normalise

FRENCH = "fr-x-icu"  # ICU on PostgreSQL, registered under the same name on SQLite


class UserManager(BaseUserManager):
    use_in_migrations = True

    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        """A superuser has no perimeter of its own: only `manage.py grant_mandate` opens pages to her."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractUser):
    """A person who may sign in, known by her e-mail address."""

    username = None
    email = models.EmailField(
        "adresse électronique", unique=True, error_messages={"unique": "Cette adresse existe déjà."}
    )
    first_name = models.CharField("prénom", max_length=80, blank=True)
    last_name = models.CharField("nom", max_length=80, db_collation=FRENCH)
    phone = models.CharField("téléphone professionnel", max_length=30, blank=True)
    search_name = models.CharField(max_length=200, editable=False, default="")
    home_seen_at = models.DateTimeField("accueil ouvert le", null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["last_name"]
    objects = UserManager()

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        ordering = ["last_name", "first_name", "pk"]

    def __str__(self):
        return self.get_full_name() or self.email

    def save(self, *args, **kwargs):
        self.email = self.email.lower()
        self.search_name = normalise(f"{self.first_name} {self.last_name} {self.email}")[:200]
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_name", "email"}
        super().save(*args, **kwargs)

    @property
    def short_name(self):
        """« S. Benali »: enough among colleagues, in tables."""
        return f"{self.first_name[:1]}. {self.last_name}" if self.first_name else str(self)


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, user, capability=None):
        """A notification belongs to one person: nobody else ever sees it."""
        return self.filter(user=user) if user.is_active else self.none()

    def unread(self):
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """One event told to one person, unread until its object is opened."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications", verbose_name="destinataire")
    event = models.CharField("événement", max_length=120)
    title = models.CharField("titre", max_length=200)
    body = models.TextField("texte", blank=True)
    url = models.CharField("lien", max_length=300, blank=True)
    created_at = models.DateTimeField("créée le", default=timezone.now)
    read_at = models.DateTimeField("lue le", null=True, blank=True)
    mailed_at = models.DateTimeField("envoyée par courriel le", null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = "notification"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "event"],
                name="notification_once_per_event_and_person",
                violation_error_message="Cette personne est déjà prévenue de cet événement.",
            ),
        ]
        indexes = [models.Index(fields=["user", "read_at"], name="notification_unread")]

    def __str__(self):
        return self.title


class NotificationChoice(models.Model):
    """How one person wants to be told of one kind of event; without a row, at once."""

    class Way(models.TextChoices):
        NOW = "now", "tout de suite"
        DIGEST = "digest", "un courriel par jour"
        PAGE = "page", "sur la page seulement"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notification_choices", editable=False)
    kind = models.CharField("genre d’événement", max_length=40)
    way = models.CharField("manière", max_length=10, choices=Way)

    class Meta:
        verbose_name = "réglage de notification"
        verbose_name_plural = "réglages de notification"
        ordering = ["user", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                name="notification_choice_once",
                violation_error_message="Ce genre d’événement est déjà réglé.",
            )
        ]

    def __str__(self):
        return f"{self.kind}, {self.get_way_display()}"


class Digest(models.Model):
    """The mail of one day to one person: unique, so that two schedulers never send it twice."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="digests", editable=False)
    on = models.DateField("jour")
    sent_at = models.DateTimeField("envoyé le", default=timezone.now)

    class Meta:
        verbose_name = "courriel du jour"
        verbose_name_plural = "courriels du jour"
        ordering = ["-on", "user"]
        constraints = [models.UniqueConstraint(fields=["user", "on"], name="digest_once_a_day")]

    def __str__(self):
        return f"{self.user}, {self.on:%d/%m/%Y}"


class JobQuerySet(models.QuerySet):
    def visible_to(self, user, capability=None):
        return self.filter(owner=user) if user.is_active else self.none()


class Job(models.Model):
    """A long task followed by its owner: an import, a batch of PDFs."""

    class Status(models.TextChoices):
        WAITING = "waiting", "en attente"
        RUNNING = "running", "en cours"
        DONE = "done", "terminée"
        FAILED = "failed", "en échec"
        STOPPED = "stopped", "arrêtée"

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="jobs", verbose_name="demandée par")
    label = models.CharField("tâche", max_length=200)
    status = models.CharField("état", max_length=10, choices=Status, default=Status.WAITING)
    done = models.PositiveIntegerField("fait", default=0)
    total = models.PositiveIntegerField("total", default=0)
    message = models.TextField("message", blank=True)
    result = models.FileField("résultat", upload_to="taches/%Y/%m/", blank=True)
    stop_requested = models.BooleanField("arrêt demandé", default=False)
    created_at = models.DateTimeField("demandée le", default=timezone.now)
    finished_at = models.DateTimeField("terminée le", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "tâche"
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.label

    def get_absolute_url(self):
        return reverse("core:job_detail", args=[self.pk])

    @property
    def is_over(self):
        return self.status in {self.Status.DONE, self.Status.FAILED, self.Status.STOPPED}


class RecurringRun(models.Model):
    """One due date of one recurring task: unique, so two schedulers never run it twice."""

    task = models.CharField("tâche", max_length=80)
    due_at = models.DateTimeField("prévue le")
    enqueued_at = models.DateTimeField("lancée le", default=timezone.now)

    class Meta:
        verbose_name = "exécution périodique"
        verbose_name_plural = "exécutions périodiques"
        constraints = [models.UniqueConstraint(fields=["task", "due_at"], name="recurring_run_once")]

    def __str__(self):
        return f"{self.task}, {self.due_at:%d/%m/%Y %H:%M}"


class SearchEntry(models.Model):
    """What one reading of a document says, as the search finds it; written by the room of the document."""

    subject = models.CharField("nature", max_length=60)
    object_id = models.BigIntegerField("document")
    part = models.CharField("lecture", max_length=20)
    kind = models.CharField("genre", max_length=40)
    title = models.CharField("titre", max_length=300)
    body = models.TextField("texte", blank=True)
    url = models.CharField("lien", max_length=300)
    capability = models.CharField("droit nécessaire", max_length=40)
    unless = models.CharField("droit à une lecture plus complète", max_length=40, blank=True)
    scope = models.CharField("périmètre", max_length=20)
    scope_id = models.BigIntegerField("numéro du périmètre")
    on = models.DateField("date", null=True, blank=True)
    words = models.TextField("mots", editable=False)

    class Meta:
        verbose_name = "entrée de recherche"
        verbose_name_plural = "entrées de recherche"
        ordering = [models.F("on").desc(nulls_last=True), "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "object_id", "part"],
                name="search_entry_once",
                violation_error_message="Cette lecture du document est déjà indexée.",
            )
        ]
        indexes = [models.Index(fields=["scope", "capability", "scope_id"], name="search_entry_scope")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return self.url


class SourceLink(models.Model):
    """One source of one sentence of a document, and what the source said when it was quoted (core.sources)."""

    document_kind = models.CharField("nature du document", max_length=60)
    document_id = models.BigIntegerField("document")
    sentence = models.CharField("phrase", max_length=80)
    subject = models.CharField("nature de la source", max_length=60)
    key = models.CharField("source", max_length=160)
    fingerprint = models.CharField("empreinte", max_length=64, blank=True)

    class Meta:
        verbose_name = "source d’une phrase"
        verbose_name_plural = "sources des phrases"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document_kind", "document_id", "sentence", "subject", "key"],
                name="source_link_once",
                violation_error_message="Cette phrase cite déjà cette source.",
            )
        ]

    def __str__(self):
        return f"{self.subject} {self.key}"
