import datetime
import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from core.calendar import add_months
from core.constraints import FrozenChild, FrozenColumns, Refused
from core.french import sentence_list
from core.jobs import notify
from establishments.models import (
    Capability,
    Document,
    Establishment,
    EstablishmentOwnedQuerySet,
    JournalHead,
    record,
)
from establishments.vocabulary import said
from establishments.workflow import StaleVersion, TransitionRefused, transition

from ..owners import people_holding
from .legal import LegalDocument, SectionRule

REVISED_AFTER_MONTHS = 60  # aligned with the five-year evaluation (CSP L. 2324-2-4); no legal period is known
REVIEWED_AFTER_MONTHS = 30
SETTLED = "('validated', 'in_force', 'to_revise', 'replaced')"
# A section of spaces and line ends is an empty one, on both engines; no-break spaces are spaces.
# Judged by the law of the day of the decision, never of a day before it: an older law asks for less.
INCOMPLETE = """(NEW.judged_on IS NULL
    OR CAST(NEW.judged_on AS TEXT) < SUBSTR(CAST(NEW.decided_at AS TEXT), 1, 10) OR EXISTS (
    SELECT 1 FROM projects_sectionrule r
    WHERE r.document = NEW.document AND r.is_required AND r.starts_on <= NEW.judged_on
    AND (r.ends_on IS NULL OR r.ends_on >= NEW.judged_on) AND NOT EXISTS (
        SELECT 1 FROM projects_projectsection s WHERE s.project_id = NEW.id AND s.key = r.key AND \
TRIM(s.text, ' \n\r\t\u00a0\u2009\u202f') <> '')))"""


class EstablishmentProjectQuerySet(EstablishmentOwnedQuerySet):
    def visible_to(self, user, capability=Capability.READ_TRANSMITTED, on=None):
        return self._drafts_kept(super().visible_to(user, capability, on), user, on)

    def known_to(self, user):
        return self._drafts_kept(super().known_to(user), user)

    def _drafts_kept(self, rows, user, on=None):
        """What is still being written exists only for those who write it and accompany it."""
        writers = Establishment.objects.visible_to(user, Capability.PROPOSE_PROJECT, on).order_by().values("pk")
        return rows.filter(~Q(status__in=EstablishmentProject.WRITABLE) | Q(establishment__in=writers))

    def current(self):
        """The version that applies."""
        return self.filter(status__in=EstablishmentProject.APPLIED)

    def under_way(self):
        return self.filter(status__in=EstablishmentProject.UNDER_WAY)

    def to_revise_before(self, day):
        return self.current().filter(Q(revise_on__lte=day) | Q(status="to_revise"))

    def of_open_houses(self, day):
        """A house closed for good keeps its documents, and owes nothing any more."""
        return self.filter(Q(establishment__closed_on__isnull=True) | Q(establishment__closed_on__gt=day))

    def without_successor(self):
        """Versions that nobody is rewriting yet."""
        same = EstablishmentProject.objects.under_way().filter(
            establishment=OuterRef("establishment"), document=OuterRef("document")
        )
        return self.filter(~Exists(same))


class EstablishmentProject(models.Model):
    """One version of a document that the law asks of a house: its project, or its règlement de fonctionnement."""

    class Status(models.TextChoices):
        DRAFT = "draft", "brouillon"
        PROPOSED = "proposed", "proposé"
        REVIEWED = "reviewed", "avis donné"
        TO_REWORK = "to_rework", "à reprendre"
        VALIDATED = "validated", "validé"
        IN_FORCE = "in_force", "en vigueur"
        TO_REVISE = "to_revise", "à réviser"
        REPLACED = "replaced", "remplacé"

    WRITABLE = [Status.DRAFT, Status.TO_REWORK]
    UNDER_WAY = [Status.DRAFT, Status.PROPOSED, Status.REVIEWED, Status.TO_REWORK, Status.VALIDATED]
    APPLIED = [Status.IN_FORCE, Status.TO_REVISE]

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="projects", verbose_name=said("{establishment}")
    )
    document = models.CharField("document", max_length=10, choices=LegalDocument, default=LegalDocument.PROJECT)
    number = models.PositiveSmallIntegerField("version")
    status = models.CharField("statut", max_length=10, choices=Status, default=Status.DRAFT)
    summary = models.TextField("ce qui change dans cette version", blank=True)
    attachments = models.ManyToManyField(Document, blank=True, related_name="projects", verbose_name="pièces jointes")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    proposed_at = models.DateTimeField("proposé le", null=True, editable=False)
    opinion = models.TextField("avis", blank=True, editable=False)
    opinion_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    opinion_at = models.DateTimeField("avis donné le", null=True, editable=False)
    rework_reason = models.TextField("à reprendre", blank=True, editable=False)
    judged_on = models.DateField("jugé selon le droit du", null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField("validé le", null=True, editable=False)
    starts_on = models.DateField("en vigueur depuis le", null=True, editable=False)
    ends_on = models.DateField("remplacé le", null=True, editable=False)
    review_on = models.DateField("point à mi-parcours le", null=True, editable=False)
    revise_on = models.DateField("à réviser avant le", null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField("commencé le", default=timezone.now, editable=False)
    client_uuid = models.UUIDField("clé de saisie", unique=True, default=uuid.uuid4, editable=False)
    lock = models.PositiveIntegerField("numéro de saisie", default=1, editable=False)

    objects = EstablishmentProjectQuerySet.as_manager()

    class Meta:
        verbose_name = said("version {project.du}")
        verbose_name_plural = said("versions {project.du}")
        ordering = ["establishment", "document", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["establishment", "document", "number"], name="project_version_once"),
            models.UniqueConstraint(
                fields=["establishment", "document"],
                condition=Q(status__in=["in_force", "to_revise"]),
                name="project_one_in_force",
                violation_error_message="Une version est déjà en vigueur.",
            ),
            models.UniqueConstraint(
                fields=["establishment", "document"],
                condition=Q(status__in=["draft", "proposed", "reviewed", "to_rework", "validated"]),
                name="project_one_under_way",
                violation_error_message="Une version est déjà en préparation.",
            ),
            models.CheckConstraint(
                name="project_decided_stamp",
                condition=Q(status__in=["draft", "proposed", "reviewed", "to_rework"], decided_at__isnull=True)
                | Q(
                    status__in=["validated", "in_force", "to_revise", "replaced"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    judged_on__isnull=False,
                ),
                violation_error_message="Un projet validé porte qui l’a validé, quand et selon quel droit.",
            ),
            Refused(
                name="project_complete_when_validated",
                on_insert=f"NEW.status IN {SETTLED} AND {INCOMPLETE}",
                on_update=f"NEW.status IN {SETTLED} AND (OLD.status NOT IN {SETTLED} "
                f"OR OLD.judged_on <> NEW.judged_on) AND {INCOMPLETE}",
                violation_error_message="Une partie exigée par la loi manque.",
            ),
            FrozenColumns(
                name="project_settled_stays_what_it_is",
                columns=["establishment_id", "document", "number"],
                when=f"{{row}}.status IN {SETTLED}",
                violation_error_message="Une version validée ne change ni de lieu ni de document.",
            ),
        ]

    def __str__(self):
        return f"{self.get_document_display()}, version {self.number}, {self.establishment}"

    def get_absolute_url(self):
        return reverse("projects:project_detail", args=[self.pk])

    @property
    def owning_establishment(self):
        return self.establishment

    @property
    def is_writable(self):
        return self.status in self.WRITABLE

    @property
    def law_day(self):
        """The day whose law judges this version: that of its validation, today until then."""
        return self.judged_on or timezone.localdate()

    def rules(self):
        return SectionRule.objects.in_force(self.document, self.law_day)

    def texts(self):
        return dict(self.sections.values_list("key", "text"))

    def missing(self, day=None):
        """The sections that the law requires on a day and that are empty."""
        written = {key for key, text in self.texts().items() if text.strip()}
        rules = SectionRule.objects.in_force(self.document, day or self.law_day).filter(is_required=True)
        return [rule for rule in rules if rule.key not in written]

    @classmethod
    def begin(cls, establishment, document, *, by):
        """The version under way, or a new draft that starts from the texts of the version that applies."""
        with transaction.atomic():
            JournalHead.locked()
            rows = cls._base_manager.filter(establishment=establishment, document=document)
            open_one = rows.filter(status__in=cls.UNDER_WAY).first()
            if open_one is not None:
                return open_one
            last = rows.order_by("-number").first()
            number = last.number + 1 if last else 1
            draft = cls._base_manager.create(
                establishment=establishment, document=document, number=number, created_by=by
            )
            if last is not None:
                kept = [ProjectSection(project=draft, key=key, text=text) for key, text in last.texts().items()]
                ProjectSection.objects.bulk_create(kept)
                draft.attachments.set(last.attachments.all())
            record("version commencée", draft, by=by, establishment=establishment)
        return draft

    def write(self, texts, *, by, seen, summary=None):
        """Save the sections of a draft, unless it moved since the entry number `seen` (StaleVersion)."""
        with transaction.atomic():
            JournalHead.locked()
            locked = type(self)._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
            if not locked.is_writable:
                raise TransitionRefused(f"Cette version ne s’écrit plus\u00a0: {locked.get_status_display()}.")
            if locked.lock != seen:
                raise StaleVersion(locked)
            for key, text in texts.items():
                ProjectSection.objects.update_or_create(project=locked, key=key, defaults={"text": text.strip()})
            locked.lock, locked.summary = F("lock") + 1, self.summary if summary is None else summary
            locked.save(update_fields=["lock", "summary"])
            record("version modifiée", self, by=by, establishment=self.establishment)
        self.refresh_from_db()

    def attach(self, document):
        """Join a file of the house; what is validated is frozen, its attachments too."""
        if not self.is_writable:
            raise TransitionRefused(f"Cette version ne s’écrit plus\u00a0: {self.get_status_display()}.")
        self.attachments.add(document)

    def propose(self, *, by):
        step = {"verb": "projet proposé", "from_status": self.WRITABLE}
        with transition(self, by=by, **step) as project:
            if not project.sections.exclude(text="").exists():
                raise TransitionRefused("Écrivez au moins une partie avant de proposer cette version.")
            project.status = self.Status.PROPOSED
            project.proposed_by, project.proposed_at = by, timezone.now()
            project.rework_reason = ""
            project._tell(people_holding(Capability.DECIDE_PROJECT, project.establishment), by, "proposé")

    def give_opinion(self, *, by, text):
        if not text.strip():
            raise TransitionRefused("Écrivez votre avis.")
        with transition(
            self, by=by, verb="avis donné sur le projet", from_status=[self.Status.PROPOSED], note=text
        ) as project:
            project.status = self.Status.REVIEWED
            project.opinion, project.opinion_by, project.opinion_at = text, by, timezone.now()
            project._tell([project.proposed_by], by, "avis donné")

    def send_back(self, *, by, text):
        if not text.strip():
            raise TransitionRefused("Dites ce qui est à reprendre.")
        start = [self.Status.PROPOSED, self.Status.REVIEWED]
        with transition(self, by=by, verb="projet à reprendre", from_status=start, note=text) as project:
            project.status, project.rework_reason = self.Status.TO_REWORK, text
            project._tell([project.proposed_by], by, "à reprendre")

    def validate_project(self, *, by):
        """Judged by the law of the day; the database refuses it all the same when a section is missing."""
        with transition(self, by=by, verb="projet validé", from_status=[self.Status.REVIEWED]) as project:
            today = timezone.localdate()
            missing = project.missing(today)
            if missing:
                raise TransitionRefused(
                    f"Validation impossible, il manque\u00a0: {sentence_list(str(rule) for rule in missing)}."
                )
            project.status, project.judged_on = self.Status.VALIDATED, today
            project.decided_by, project.decided_at = by, timezone.now()
            project._tell([project.proposed_by], by, "validé")

    def enforce(self, *, by, day=""):
        """Applies from a day (today unless told); the version before is replaced the day before."""
        since = _day(day) or timezone.localdate()
        with transition(self, by=by, verb="projet en vigueur", from_status=[self.Status.VALIDATED]) as project:
            project._replace_current(since, by)
            project.status, project.starts_on = self.Status.IN_FORCE, since
            project.review_on = add_months(since, REVIEWED_AFTER_MONTHS)
            project.revise_on = add_months(since, REVISED_AFTER_MONTHS)

    def _replace_current(self, since, by):
        rows = type(self)._base_manager.filter(establishment=self.establishment, document=self.document)
        before = rows.filter(status__in=self.APPLIED).first()
        if before is None:
            return
        if before.starts_on >= since:
            raise TransitionRefused("La version précédente commence ce jour-là ou après.")
        before.status, before.ends_on = self.Status.REPLACED, since - datetime.timedelta(days=1)
        before.save(update_fields=["status", "ends_on"])
        record("projet remplacé", before, by=by, establishment=before.establishment)

    def ask_revision(self, *, by, text):
        if not text.strip():
            raise TransitionRefused("Dites pourquoi ce document est à réviser.")
        with transition(
            self, by=by, verb="projet à réviser", from_status=[self.Status.IN_FORCE], note=text
        ) as project:
            project.status = self.Status.TO_REVISE

    def _tell(self, people, by, what):
        notify(
            [person for person in people if person and person != by],
            event=f"project-{self.pk}-{self.status}-{self.lock}",
            title=f"{self.get_document_display().capitalize()}\u00a0: {what}",
            body=f"{self.establishment}, version {self.number}.",
            url=self.get_absolute_url(),
        )


class ProjectSection(models.Model):
    """What one version says for one section that the law lists; frozen with the version."""

    project = models.ForeignKey(
        EstablishmentProject, on_delete=models.CASCADE, related_name="sections", verbose_name=said("{project}")
    )
    key = models.SlugField("clé", max_length=40)
    text = models.TextField("texte", blank=True)

    class Meta:
        verbose_name = said("partie {project.du}")
        verbose_name_plural = said("parties {project.du}")
        ordering = ["project", "key"]
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="project_section_once"),
            FrozenChild(
                name="project_section_frozen",
                when="EXISTS (SELECT 1 FROM projects_establishmentproject p WHERE p.id = {row}.project_id "
                "AND p.status IN ('validated', 'in_force', 'to_revise', 'replaced'))",
                violation_error_message="Une version validée ne se modifie plus.",
            ),
        ]

    def __str__(self):
        return f"{self.key}, {self.project}"


def _day(text):
    """The day typed, None when nothing was. Raises TransitionRefused for what is not a date."""
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise TransitionRefused("Cette date ne se lit pas.") from error
