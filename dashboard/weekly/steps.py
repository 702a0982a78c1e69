"""The steps of a CRA: drafted from the facts, kept up to date until it is sent, rewritten by its author, sent once."""

from django.utils import timezone

from core import sources
from core.jobs import notify
from core.pdf import fingerprint
from core.sources import Source
from establishments.models import Mandate, Role
from establishments.workflow import TransitionRefused, transition

from ..telling.steps import ToldSteps
from ..telling.terms import terms
from .search import index_report
from .sentences import SECTIONS, sentences

ORDER = list(SECTIONS)


class WeeklySteps(ToldSteps):
    """Methods of `WeeklyReport`, kept apart from its columns."""

    CLOSED = "Ce CRA est déjà envoyé\u00a0: il ne change plus."

    @staticmethod
    def _order():
        return ORDER

    def _sources(self, sentence):
        return [Source(subject, self.week.key) for subject in sentence.subjects]

    def _drafted(self):
        """(facts by source, sentences) of the week as it is now."""
        from .facts import SUBJECTS

        facts = sources.read(Source(subject, self.week.key) for subject in SUBJECTS)
        by_subject = {source.subject: rows for source, rows in facts.items()}
        return facts, sentences(by_subject, terms())

    def send(self, *, by):
        """Close the report: its sentences are frozen with their sources, and those above are told."""
        self.refresh()
        with transition(self, by=by, verb="CRA envoyé", from_status=[self.Status.DRAFT]) as report:
            if not report.lines.filter(is_left_out=False).exists():
                raise TransitionRefused("Toutes les phrases sont retirées\u00a0: il n’y a rien à envoyer.")
            report.status, report.sent_by, report.sent_at = self.Status.SENT, by, timezone.now()
            kept = report.lines.filter(is_left_out=False)
            report.fingerprint = fingerprint([report.territory_id, report.last_on, [line.text for line in kept]])
            notify(
                {mandate.user for mandate in self._readers(report)} - {by},
                event=f"weekly-{report.pk}-sent",
                title=f"CRA {report.territory.name}",
                body=f"Semaine {report.title_days}.",
                url=report.get_absolute_url(),
            )
            index_report(report, [line.text for line in kept])

    @staticmethod
    def _readers(report):
        """Central services and heads above: those who consolidate."""
        above = type(report.territory).objects.above(report.territory).order_by().values("pk")
        held = Mandate.objects.active_on(timezone.localdate()).filter(territory__in=above)
        return held.filter(role__in=[Role.CENTRAL, Role.DIVISION_HEAD], user__is_active=True).select_related("user")
