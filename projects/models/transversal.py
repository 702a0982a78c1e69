import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from core.constraints import dates_in_order
from establishments.models import (
    Capability,
    Establishment,
    EstablishmentOwnedQuerySet,
    JournalHead,
    Kind,
    ManagementMode,
    Territory,
    record,
)
from establishments.vocabulary import said
from establishments.workflow import TransitionRefused, transition

from .scope import SharedQuerySet


class TransversalProjectQuerySet(SharedQuerySet):
    houses_lookup = "targets__establishment"

    def visible_to(self, user, capability=Capability.READ_TRANSMITTED, on=None):
        return self._prepared(super().visible_to(user, capability, on), user, on)

    def known_to(self, user):
        return self._prepared(super().known_to(user), user)

    def with_progress(self):
        """Annotate `n_houses`, `n_milestones` and `n_reached`, each counted by its own subquery."""

        def count(rows, column):
            return Coalesce(Subquery(rows.order_by().values(column).annotate(n=Count("pk")).values("n")), 0)

        own = OuterRef("pk")
        return self.annotate(
            n_houses=count(ProjectTarget.objects.filter(project=own), "project"),
            n_milestones=count(Milestone.objects.filter(project=own), "project"),
            n_reached=count(MilestoneReached.objects.filter(target__project=own), "target__project"),
        )

    def _prepared(self, rows, user, on=None):
        """A project in preparation is known to those who may steer it."""
        steered = Territory.objects.visible_to(user, Capability.STEER_PROJECTS, on).order_by().values("pk")
        return rows.filter(~Q(status="draft") | Q(territory__in=steered))


class TransversalProject(models.Model):
    """A project of a territory that goes down to its houses: by a rule, by choice, milestone by milestone."""

    class Status(models.TextChoices):
        DRAFT = "draft", "en préparation"
        RUNNING = "running", "en cours"
        CLOSED = "closed", "terminé"
        DROPPED = "dropped", "abandonné"

    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="transversal_projects", verbose_name="territoire"
    )
    title = models.CharField("projet", max_length=160)
    aim = models.TextField("objectif", blank=True)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    rule_kind = models.CharField("seulement les", max_length=20, choices=Kind, blank=True)
    rule_mode = models.CharField("seulement en", max_length=20, choices=ManagementMode, blank=True)
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.DRAFT)
    balance = models.TextField("bilan", blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField("créé le", default=timezone.now, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)

    objects = TransversalProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "projet transversal"
        verbose_name_plural = "projets transversaux"
        ordering = ["-starts_on", "pk"]
        constraints = [dates_in_order("transversal_dates_in_order")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("projects:transversal_detail", args=[self.pk])

    @property
    def owning_territory(self):
        return self.territory

    def matching(self, today):
        """The houses that the rule names: open, attached under the territory, of the kind and mode asked for."""
        houses = Establishment.objects.all().within(self.territory, today).open_on(today)
        if self.rule_kind:
            houses = houses.filter(kind=self.rule_kind)
        return houses.filter(management_mode=self.rule_mode) if self.rule_mode else houses

    def create_once(self, *, by):
        with transaction.atomic():
            JournalHead.locked()
            known = type(self)._base_manager.filter(client_uuid=self.client_uuid).first()
            if known is not None and known.created_by_id != by.pk:
                raise TransitionRefused("Ce formulaire a déjà servi\u00a0: ouvrez-en un nouveau.")
            if known is None:
                self.created_by = by
                self.save(force_insert=True)
                record("projet transversal créé", self, by=by, territory=self.territory)
        return known or self

    def launch(self, *, by):
        """Goes down to the houses of the rule; those chosen by hand stay."""
        with transition(self, by=by, verb="projet transversal lancé", from_status=[self.Status.DRAFT]) as project:
            if not project.milestones.exists():
                raise TransitionRefused("Écrivez au moins un jalon avant de lancer le projet.")
            project._cascade()
            project.status = self.Status.RUNNING

    def refresh_houses(self, *, by):
        """Houses opened or attached since: added. None is taken away."""
        with transition(self, by=by, verb="projet transversal étendu", from_status=[self.Status.RUNNING]) as project:
            project._cascade()

    def _cascade(self):
        houses = self.matching(timezone.localdate()).order_by().values_list("pk", flat=True)
        there = set(self.targets.values_list("establishment", flat=True))
        rows = [ProjectTarget(project=self, establishment_id=pk, by_rule=True) for pk in houses if pk not in there]
        ProjectTarget.objects.bulk_create(rows)

    def choose(self, houses, *, by):
        """Houses chosen by hand, whatever the rule says."""
        with transaction.atomic():
            JournalHead.locked()
            for house in houses:
                _, created = ProjectTarget.objects.get_or_create(project=self, establishment=house)
                if created:
                    record("ajouté au projet transversal", self, by=by, note=str(house), territory=self.territory)

    def close(self, *, by, text):
        if not text.strip():
            raise TransitionRefused("Écrivez le bilan du projet.")
        start = [self.Status.RUNNING]
        with transition(self, by=by, verb="projet transversal terminé", from_status=start, note=text) as project:
            project.status, project.balance = self.Status.CLOSED, text

    def drop(self, *, by, text):
        if not text.strip():
            raise TransitionRefused("Dites pourquoi le projet est abandonné.")
        start = [self.Status.DRAFT, self.Status.RUNNING]
        with transition(self, by=by, verb="projet transversal abandonné", from_status=start, note=text) as project:
            project.status, project.balance = self.Status.DROPPED, text


class ProjectTarget(models.Model):
    """A house that takes part in a transversal project; where it stands is computed from the milestones it did."""

    project = models.ForeignKey(
        TransversalProject, on_delete=models.CASCADE, related_name="targets", verbose_name="projet transversal"
    )
    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        related_name="transversal_targets",
        verbose_name=said("{establishment}"),
    )
    by_rule = models.BooleanField("par la règle", default=False)

    objects = EstablishmentOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = "participation à un projet transversal"
        verbose_name_plural = "participations à un projet transversal"
        ordering = ["project", "establishment"]
        constraints = [models.UniqueConstraint(fields=["project", "establishment"], name="transversal_target_once")]

    def __str__(self):
        return f"{self.establishment}, {self.project}"

    def reach(self, milestone, *, by, note=""):
        """This house did a milestone; a second click changes nothing."""
        with transaction.atomic():
            JournalHead.locked()
            if self.project.status != TransversalProject.Status.RUNNING:
                raise TransitionRefused(f"Ce projet ne se suit plus\u00a0: {self.project.get_status_display()}.")
            given = {"done_on": timezone.localdate(), "done_by": by, "note": note[:200]}
            _, created = MilestoneReached.objects.get_or_create(target=self, milestone=milestone, defaults=given)
            if created:
                record("jalon atteint", milestone, by=by, note=note, establishment=self.establishment)

    def withdraw(self, milestone, *, by):
        with transaction.atomic():
            JournalHead.locked()
            if self.reached.filter(milestone=milestone).delete()[0]:
                record("jalon à reprendre", milestone, by=by, establishment=self.establishment)


class Milestone(models.Model):
    """One milestone of a transversal project; `after` is what it waits for."""

    project = models.ForeignKey(
        TransversalProject, on_delete=models.CASCADE, related_name="milestones", verbose_name="projet transversal"
    )
    title = models.CharField("jalon", max_length=120)
    starts_on = models.DateField("du")
    due_on = models.DateField("au plus tard le")
    after = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="followers", verbose_name="après"
    )

    class Meta:
        verbose_name = "jalon"
        verbose_name_plural = "jalons"
        ordering = ["due_on", "starts_on", "pk"]
        constraints = [
            dates_in_order("milestone_dates_in_order", ends="due_on"),
            models.UniqueConstraint(fields=["project", "title"], name="milestone_once"),
        ]

    def __str__(self):
        return self.title


class MilestoneReached(models.Model):
    """A house did a milestone: when, who said so."""

    target = models.ForeignKey(
        ProjectTarget, on_delete=models.CASCADE, related_name="reached", verbose_name="participation"
    )
    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="reached", verbose_name="jalon")
    done_on = models.DateField("fait le")
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    note = models.CharField("constat", max_length=200, blank=True)

    class Meta:
        verbose_name = "jalon atteint"
        verbose_name_plural = "jalons atteints"
        ordering = ["done_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["target", "milestone"], name="milestone_reached_once")]

    def __str__(self):
        return f"{self.milestone}, {self.target}"
