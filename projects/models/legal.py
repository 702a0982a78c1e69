from django.db import models
from django.db.models import Q

from core.constraints import NoOverlap, dates_in_order
from core.periods import active_on
from establishments.vocabulary import said


class LegalDocument(models.TextChoices):
    """The two documents that the law asks of every house (CSP R. 2324-29 and R. 2324-30)."""

    PROJECT = "project", said("{project}")
    RULES = "rules", "règlement de fonctionnement"


class SectionRuleQuerySet(models.QuerySet):
    def in_force(self, document, day):
        """What the law lists for a document on a day, in its order."""
        return self.filter(active_on(day), document=document).order_by("position", "key")


class SectionRule(models.Model):
    """One section that the law lists for a document between two dates, with its article."""

    document = models.CharField("document", max_length=10, choices=LegalDocument)
    key = models.SlugField("clé", max_length=40)
    position = models.PositiveSmallIntegerField("ordre")
    title = models.CharField("titre", max_length=160)
    expected = models.TextField("ce qui est attendu", blank=True)
    article = models.CharField("article", max_length=80)
    is_required = models.BooleanField("obligatoire", default=True)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = SectionRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "partie exigée"
        verbose_name_plural = "parties exigées"
        ordering = ["document", "position", "key", "starts_on"]
        constraints = [
            dates_in_order("section_rule_dates_in_order"),
            NoOverlap(
                name="section_rule_no_overlap",
                fields=["document", "key"],
                violation_error_message="Cette partie est déjà exigée sur cette période.",
            ),
            models.CheckConstraint(
                name="section_rule_has_article",
                condition=~Q(article=""),
                violation_error_message="Une partie exigée cite son article.",
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.article})"
