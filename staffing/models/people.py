"""The people who work in the houses, and where they are posted."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from core.constraints import NoOverlap, dates_in_order
from core.french import normalise
from core.models import FRENCH
from core.periods import active_on, touching
from establishments.models import Capability, Establishment, EstablishmentOwnedQuerySet, Territory
from establishments.vocabulary import said, titled


class Category(models.IntegerChoices):
    """Categories of CSP R. 2324-42; null for those who do not count in the ratio (kitchen, cleaning, office)."""

    FIRST = 1, "1° (diplôme d’État)"
    SECOND = 2, "2° (qualification ou expérience)"


class EmployeeQuerySet(EstablishmentOwnedQuerySet):
    establishment_lookup = "postings__establishment"

    def visible_to(self, user, capability=Capability.VIEW_STAFF, on=None):
        """People posted today in a house that the user reaches."""
        today = on or timezone.localdate()
        postings = Posting.objects.filter(active_on(today)).visible_to(user, capability, on)
        return self.filter(pk__in=postings.order_by().values("employee"))

    def known_to(self, user):
        return self.visible_to(user, Capability.SUMMARY)

    def of(self, establishment, on):
        postings = Posting.objects.filter(active_on(on), establishment=establishment)
        return self.filter(pk__in=postings.order_by().values("employee"))


class Employee(models.Model):
    """A person who works in the establishments; no health data, no reason of absence."""

    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80, db_collation=FRENCH)
    staff_number = models.CharField("matricule", max_length=30, unique=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="employee",
        verbose_name="compte",
    )
    children_since = models.DateField(
        "auprès de jeunes enfants depuis le",
        null=True,
        blank=True,
        help_text="Un an permet à la catégorie 2° d’assurer la direction (CSP R. 2324-36).",
    )
    search_name = models.CharField(max_length=200, editable=False, default="")

    objects = EmployeeQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_name"])

    class Meta:
        verbose_name = said("{employee}")
        verbose_name_plural = said("{employee.plural}")
        ordering = ["last_name", "first_name", "pk"]

    def __str__(self):
        return f"{self.first_name} {self.last_name}"

    def save(self, *args, **kwargs):
        self.search_name = normalise(f"{self.first_name} {self.last_name}")[:200]
        super().save(*args, **kwargs)

    def house_on(self, day):
        """The establishment where the person is posted that day, None without a posting."""
        posting = self.postings.active_on(day).select_related("establishment").first()
        return posting.establishment if posting else None


class StaffOwnedQuerySet(EstablishmentOwnedQuerySet):
    """Dated rows about the agents of a house: read by who may see them."""

    def visible_to(self, user, capability=Capability.VIEW_STAFF, on=None):
        return super().visible_to(user, capability, on)

    def active_on(self, day):
        return self.filter(active_on(day))

    def touching(self, start, end):
        return self.filter(touching(start, end))


class PostingQuerySet(StaffOwnedQuerySet):
    def with_hours(self, day):
        """Annotate `has_hours`: whether the week of work of that day is recorded."""
        rosters = Posting.rosters.rel.related_model.objects.filter(active_on(day), posting=OuterRef("pk"))
        return self.annotate(has_hours=Exists(rosters))


class Posting(models.Model):
    """Where a person works, at what, for which share of a full time, between two dates."""

    class Job(models.TextChoices):
        DIRECTOR = "director", said("{director}")
        DEPUTY = "deputy", "adjoint·e"
        EJE = "eje", "éducateur·rice de jeunes enfants"
        NURSE = "nurse", "infirmier·ère ou puéricultrice"
        AUXILIARY = "auxiliary", "auxiliaire de puériculture"
        ASSISTANT = "assistant", said("{employee} auprès d’enfants")
        SUPPORT = "support", said("{employee} technique ou de cuisine")
        APPRENTICE = "apprentice", "apprenti·e"

    # In charge of the house, one standing in for the other (CSP R. 2324-36).
    HEADS = [Job.DIRECTOR, Job.DEPUTY]
    # Default category of a job (CSP R. 2324-42); a posting may say otherwise.
    CATEGORIES = {
        Job.DIRECTOR: Category.FIRST,
        Job.DEPUTY: Category.FIRST,
        Job.EJE: Category.FIRST,
        Job.NURSE: Category.FIRST,
        Job.AUXILIARY: Category.FIRST,
        Job.ASSISTANT: Category.SECOND,
        Job.SUPPORT: None,
        Job.APPRENTICE: None,  # trainees and apprentices are never in the ratio
    }

    employee = models.ForeignKey(
        Employee, on_delete=models.CASCADE, related_name="postings", verbose_name=said("{employee}")
    )
    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="postings", verbose_name=said("{establishment}")
    )
    pool = models.ForeignKey(
        Territory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="float_postings",
        verbose_name="pool volant",
        help_text="Volant·e\u00a0: ne compte que là où son renfort est prévu.",
    )
    job = models.CharField("métier", max_length=20, choices=Job)
    category = models.PositiveSmallIntegerField("catégorie", choices=Category, null=True, blank=True)
    fte = models.DecimalField("équivalent temps plein", max_digits=3, decimal_places=2, default=1)
    weekly_days = models.DecimalField("jours travaillés par semaine", max_digits=2, decimal_places=1, default=5)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = PostingQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "affectation"
        verbose_name_plural = "affectations"
        ordering = ["-starts_on", "pk"]
        constraints = [
            dates_in_order("posting_dates_in_order"),
            NoOverlap(
                name="posting_no_overlap",
                fields=["employee"],
                violation_error_message=titled("{employee.ce} a déjà une affectation sur cette période."),
            ),
            models.CheckConstraint(
                name="posting_fte_range",
                condition=Q(fte__gt=0, fte__lte=1),
                violation_error_message="L’équivalent temps plein est compris entre 0 et 1.",
            ),
        ]
        indexes = [models.Index(fields=["establishment", "starts_on"], name="posting_by_establishment")]

    def __str__(self):
        return f"{self.employee}, {self.get_job_display()}"
