"""The steps of a synthesis: drafted from the facts, rewritten, submitted, sent back or approved, edited anew."""

from django.db import transaction
from django.utils import timezone

from core.jobs import notify
from core.pdf import fingerprint
from establishments.models import Capability, JournalHead, Mandate, Territory, record, roles_with
from establishments.workflow import TransitionRefused, transition

from ..telling.steps import ToldSteps
from .composing import compose, wanted
from .search import index_synthesis

EMPTY = "Tous les blocs sont retirés\u00a0: il n’y a rien à transmettre."


class SynthesisSteps(ToldSteps):
    """Methods of `Synthesis`, kept apart from its columns."""

    CLOSED = "Cette synthèse est soumise ou approuvée\u00a0: elle ne change plus."

    def _order(self):
        return self.model.order

    def _sources(self, sentence):
        return wanted(self.span, sentence.subjects, sentence.compared)

    def _drafted(self):
        """(facts by source, sentences) of the period as it is now."""
        return compose(self.model, self.span, self.level)

    def open(self, *, by):
        """Save a new document and draft it; the same form sent twice, or the same document, gives the one there."""
        with transaction.atomic():
            JournalHead.locked()
            same = type(self).objects.filter(client_uuid=self.client_uuid).first() or self._same()
            if same is not None:
                return same
            self.author = by
            self.save()
            self._follow()
            place = {"territory": self.territory, "establishment": self.establishment}
            record("synthèse rédigée", self, by=by, **place)
        return self

    def _same(self):
        """The document in hand about the same thing: two drafts of it would part."""
        named = ("variant", "level", "territory_id", "establishment_id", "starts_on", "ends_on")
        rows = type(self).objects.exclude(status=self.Status.APPROVED)
        return rows.filter(**{name: getattr(self, name) for name in named}).first()

    def submit(self, *, by):
        """Hold every block still and ask for the approval; those who approve over the place are told."""
        self.refresh()
        with transition(self, by=by, verb="synthèse soumise", from_status=[self.Status.DRAFT]) as document:
            if not document.lines.filter(is_left_out=False).exists():
                raise TransitionRefused(EMPTY)
            document.status, document.submitted_at = self.Status.SUBMITTED, timezone.now()
            title = f"Synthèse à approuver\u00a0: {document}"
            stamp = document.submitted_at.isoformat()
            self._tell(document, self._approvers(document) - {by}, f"submitted-{stamp}", title)

    def send_back(self, *, by, reason):
        """Give it back to its author, who is told why; its live blocks follow the facts again."""
        with transition(
            self, by=by, verb="synthèse rendue à son auteur", from_status=[self.Status.SUBMITTED], note=reason
        ) as document:
            stamp = document.submitted_at.isoformat()
            document.status, document.submitted_at = self.Status.DRAFT, None
            self._tell(document, {document.author} - {by}, f"back-{stamp}", f"Synthèse à reprendre\u00a0: {document}")

    def approve(self, *, by):
        """Freeze the document with its fingerprint: it no longer changes, and its level decides who reads it."""
        with transition(self, by=by, verb="synthèse approuvée", from_status=[self.Status.SUBMITTED]) as document:
            document.status, document.approved_by, document.approved_at = self.Status.APPROVED, by, timezone.now()
            kept = [[line.section, line.text] for line in document.lines.filter(is_left_out=False)]
            document.fingerprint = fingerprint([document.variant, document.level, document.span.key, kept])
            self._tell(document, {document.author} - {by}, "approved", f"Synthèse approuvée\u00a0: {document}")
            index_synthesis(document)

    def edit_again(self, *, by):
        """The next edition of an approved document, drafted from the facts of now; the one there already, if any."""
        with transaction.atomic():
            JournalHead.locked()
            if self.status != self.Status.APPROVED:
                raise TransitionRefused("Seule une synthèse approuvée se réédite.")
            known = type(self).objects.filter(replaces=self).first()
            if known is not None:
                return known
            named = ("variant", "level", "territory_id", "establishment_id", "starts_on", "ends_on")
            again = type(self)(**{name: getattr(self, name) for name in named}, replaces=self, author=by)
            again.edition = self.edition + 1
            again.save()
            again._follow()
            record("synthèse rééditée", again, by=by, territory=self.territory, establishment=self.establishment)
        return again

    @staticmethod
    def _tell(document, people, event, title):
        notify(people, event=f"synthesis-{document.pk}-{event}", title=title, url=document.get_absolute_url())

    @staticmethod
    def _approvers(document):
        """Whoever approves over the place itself; those above are not told of every sector."""
        held = Mandate.objects.active_on(timezone.localdate()).filter(
            role__in=roles_with(Capability.APPROVE_SYNTHESIS), user__is_active=True
        )
        above = approving_places(document)
        nearest = next((found for place in above if (found := list(held.filter(territory=place)))), [])
        return {mandate.user for mandate in nearest}


def approving_places(document):
    """Territories from the place of the document up: the nearest that is held approves."""
    place = document.territory or document.establishment.sector_on(document.ends_on)
    return reversed(list(Territory.objects.above(place))) if place else []
