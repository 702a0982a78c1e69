"""Putting a finding right once noted, or withdrawing one entered by mistake: the first wording stays readable."""

import uuid

from django.db import transaction
from django.utils import timezone

from core.french import full_date, short_date
from core.jobs import notify
from establishments.models import JournalHead, record
from establishments.workflow import StaleVersion, TransitionRefused, transition
from projects.models import ActionItem

from ..people import holders_over
from . import findings
from .steps import ABOVE, NEAR, USED, index

EXCERPT = 160
ERASED = "Ce contrôle est effacé au terme de sa conservation\u00a0: plus rien ne s’y corrige."
KEPT = ["nature", "text", "article", "due_on", "must_display"]


class CorrectionSteps:
    """Methods of `Finding`, kept apart from its columns."""

    @property
    def is_settled(self) -> bool:
        """Whether somebody outside has already relied on its wording: a correction then says why."""
        return self.status == self.Status.LIFTED or self.inspection.status != self.inspection.Status.OPEN

    def correct(self, *, by, seen, client_uuid, reason="") -> int:
        """Save the wording that this instance carries; returns how many measures took the new delay.

        The same form twice corrects once. Raises StaleVersion, which holds the stored row, when somebody corrected it
        since version `seen`: nothing typed is lost, nothing stored is overwritten unseen.
        """
        from ..models import FindingCorrection

        with transaction.atomic():
            JournalHead.locked()
            known = FindingCorrection.objects.filter(client_uuid=client_uuid).first()
            if known is not None:
                if (known.finding_id, known.corrected_by_id) != (self.pk, by.pk):
                    raise TransitionRefused(USED)
                return 0
            stored = self._stored()
            if stored.version != seen:
                raise StaleVersion(stored)
            stored._refuse_correction(self, reason)
            changed = [name for name in KEPT if getattr(stored, name) != getattr(self, name)]
            if not changed:
                return 0
            before = stored._keep(by, reason, client_uuid)
            return stored._take(self, changed, before, by=by, reason=reason)

    def withdraw(self, *, by, reason, with_measures=False):
        """It should never have been noted: out of every count, still readable, with its reason.

        Lifted meanwhile, even in an inspection closed since, it is no less a mistake: the control that lifted it stays
        readable under it.
        """
        if not reason.strip():
            raise TransitionRefused("Un constat se retire avec son motif\u00a0: rien n’est retiré.")
        noted = [self.Status.STANDING, self.Status.LIFTED]
        with transaction.atomic():
            with transition(self, by=by, verb="constat retiré", from_status=noted, note=reason.strip()) as finding:
                if finding.inspection.purged_at:
                    raise TransitionRefused(ERASED)
                finding._keep(by, reason.strip(), uuid.uuid4(), is_withdrawal=True)
                finding.status, finding.version = self.Status.WITHDRAWN, finding.version + 1
                finding.lifted_on = None
            for action in self.followed() if with_measures else []:
                action.abandon(by=by, reason=f"constat retiré\u00a0: {reason.strip()}")
            if self.is_injunction:
                self._tell_corrected(by, "retirée", "Elle avait été notée par erreur.")
            index(self.inspection)

    def _stored(self):
        rows = type(self)._base_manager.select_related("inspection__establishment")
        stored = rows.select_for_update(of=("self",)).get(pk=self.pk)
        if stored.status == self.Status.WITHDRAWN:
            raise TransitionRefused("Ce constat est retiré\u00a0: il ne se corrige plus.")
        if stored.inspection.purged_at:
            raise TransitionRefused(ERASED)
        return stored

    def _refuse_correction(self, wanted, reason):
        if self.is_settled and not reason.strip():
            raise TransitionRefused(
                "La réponse est partie ou le constat est levé\u00a0: dites pourquoi vous le corrigez."
            )
        if not findings.may_find(self.inspection.authority, wanted.nature):
            raise TransitionRefused("Seuls la PMI et le préfet prononcent une injonction (CSP L. 2324-3).")
        lifted_from_afar = self.status == self.Status.LIFTED and not self.checks.filter(
            outcome="lifted", is_on_site=True
        )
        if wanted.is_injunction and not self.is_injunction and lifted_from_afar:
            raise TransitionRefused(
                "Ce constat a été levé sans contrôle sur place\u00a0: il ne peut pas avoir été une injonction "
                "(CSP L. 2324-3)."
            )

    def _keep(self, by, reason, client_uuid, *, is_withdrawal=False):
        """The wording as it was, before anything else is written: the database asks for it."""
        from ..models import FindingCorrection

        return FindingCorrection.objects.create(
            finding=self,
            version=self.version,
            displayed_on=self.displayed_on,
            is_withdrawal=is_withdrawal,
            reason=reason.strip(),
            corrected_by=by,
            corrected_at=timezone.now(),
            client_uuid=client_uuid,
            **{name: getattr(self, name) for name in KEPT},
        )

    def _take(self, wanted, changed, before, *, by, reason):
        for name in changed:
            setattr(self, name, getattr(wanted, name))
        if not self.must_display:
            self.displayed_on = None  # kept with the wording that asked for it
        self.version += 1
        self.save()
        told = "\u202f; ".join(
            f"{label_of(name)}\u00a0: {said(before, name)} → {said(self, name)}" for name in changed
        )
        note = f"{told}. {reason.strip()}" if reason.strip() else told
        record("constat corrigé", self, by=by, note=note, establishment=self.establishment)
        moved = self._carry(before, by)
        index(self.inspection)
        self._tell(before, by)
        return moved

    def followed(self):
        return ActionItem.objects.filter(origin__finding=self, status__in=ActionItem.FOLLOWED).order_by("pk")

    def _carry(self, before, by) -> int:
        """Measures still followed keep up: the name of where they come from, and the delay where it was theirs."""
        moved = 0
        for action in self.followed():
            follows = bool(self.due_on) and action.due_on == before.due_on != self.due_on
            if follows:
                action.due_on = self.due_on
            action.origin_label = str(self)[:200]
            action.amend(by=by, seen=action.version, names=["due_on", "origin_label"])
            moved += follows
        return moved

    def _tell(self, before, by):
        """Those who were told of an injunction are told what it became; those who were not, that there is one."""
        was = before.nature == findings.INJUNCTION
        if self.is_injunction and not was:
            self.inspection._tell_injunction(self, by)
        elif was and not self.is_injunction:
            self._tell_corrected(
                by, "corrigée", f"Il s’agit d’un constat de nature «\u00a0{said(self, 'nature')}\u00a0»."
            )
        elif was and before.due_on != self.due_on:
            self._tell_corrected(by, "corrigée", f"À corriger avant le {full_date(self.due_on)}.")

    def _tell_corrected(self, by, what, body):
        notify(
            set(holders_over(self.establishment, NEAR + ABOVE)) - {by},
            event=f"finding-{self.pk}-version-{self.version}",
            title=f"Injonction {what}\u00a0: {self.establishment}",
            body=body,
            url=self.get_absolute_url(),
        )


def label_of(name) -> str:
    from ..models import Finding

    return Finding._meta.get_field(name).verbose_name


def said(row, name) -> str:
    """One part of a wording as the journal and the pages tell it."""
    value = getattr(row, name)
    if name == "nature":
        return findings.NATURES[value]
    if name == "due_on":
        return short_date(value) if value else "sans délai"
    if name == "must_display":
        return "oui" if value else "non"
    text = " ".join(value.split())
    return f"«\u00a0{text[:EXCERPT]}{'…' if len(text) > EXCERPT else ''}\u00a0»" if text else "rien"
