"""The steps of a CRA: drafted from the facts, kept up to date until it is sent, rewritten by its author, sent once."""

from django.db import transaction
from django.utils import timezone

from core import sources
from core.jobs import notify
from core.pdf import fingerprint
from core.sources import Source
from establishments.models import JournalHead, Mandate, Role
from establishments.vocabulary import words
from establishments.workflow import StaleVersion, TransitionRefused, transition

from .search import index_report
from .sentences import SECTIONS, Terms, sentences

ORDER = list(SECTIONS)
OWN = "libre"  # keys of the lines that somebody added


def terms() -> Terms:
    said = words()
    return Terms(said["establishment"], said["visit"], said["action"], said["leave"], said["report"])


class WeeklySteps:
    """Methods of `WeeklyReport`, kept apart from its columns."""

    def refresh(self):
        """Write again, from the facts of now, the sentences nobody rewrote; a sent report stays as it is.

        A sentence that its author rewrote keeps her text and its sources as they were quoted: it is then « périmée »
        when they moved.
        """
        from ..models import WeeklyLine

        with transaction.atomic():
            JournalHead.locked()  # the same first lock as the decisions, so that sending waits or goes first
            report = type(self).objects.select_for_update().get(pk=self.pk)
            if not report.is_editable:
                return
            facts, drafted = self._drafted()
            known = {line.key: line for line in report.lines.all()}
            cited = {}
            for place, sentence in enumerate(drafted):
                line = known.get(sentence.key)
                if line is None:
                    line = WeeklyLine(report=report, key=sentence.key, section=sentence.section)
                elif line.is_rewritten:
                    self._propose(line, sentence.text)
                    continue
                if (line.text, line.proposed) != (sentence.text, sentence.text) or line.pk is None:
                    line.text = line.proposed = sentence.text
                    line.position = 10 * (ORDER.index(sentence.section) * 10 + place)
                    line.save()
                cited[sentence.key] = self._sources(sentence)
            sources.cite(report.document, cited, facts)

    @staticmethod
    def _propose(line, text):
        if line.proposed != text:
            line.proposed = text
            line.save(update_fields=["proposed"])

    def _sources(self, sentence):
        return [Source(subject, self.week.key) for subject in sentence.subjects]

    def _drafted(self):
        """(facts by source, sentences) of the week as it is now."""
        from .facts import READINGS

        facts = sources.read(Source(subject, self.week.key) for subject in READINGS)
        by_subject = {source.subject: rows for source, rows in facts.items()}
        return facts, sentences(by_subject, terms())

    def rewrite(self, *, by, seen, texts, left_out, added):
        """Keep what the author typed: `texts` by key of sentence, keys `left_out`, `added` texts by section.

        `seen` is the version the page was drawn from: StaleVersion when somebody saved meanwhile, nothing is written.
        A text set back to the proposed one quotes its sources anew. Returns the number of sentences changed.
        """
        with transaction.atomic():
            JournalHead.locked()
            report = type(self).objects.select_for_update().get(pk=self.pk)
            if not report.is_editable:
                raise TransitionRefused("Ce CRA est déjà envoyé\u00a0: il ne change plus.")
            if report.version != seen:
                raise StaleVersion(report)
            changed, settled = 0, []
            for line in report.lines.all():
                text = texts.get(line.key, line.text).strip()
                if not text and line.author_id:
                    line.delete()
                    changed += 1
                    continue
                text = text or line.proposed
                if (text, line.key in left_out) != (line.text, line.is_left_out):
                    line.text, line.is_left_out = text, line.key in left_out
                    line.save(update_fields=["text", "is_left_out"])
                    settled.append(line.key)
                    changed += 1
            for section, text in added.items():
                self._add(report, section, text, by)
            changed += len(added)
            report.version += 1
            report.save(update_fields=["version"])
            self._quote_again(report, settled)
        self.version = report.version
        return changed

    @staticmethod
    def _add(report, section, text, by):
        number = report.lines.filter(key__startswith=OWN).count()
        report.lines.create(
            key=f"{OWN}-{report.version}-{number}-{section}",
            section=section,
            position=10 * (ORDER.index(section) * 10 + 9) + number,
            text=text,
            author=by,
        )

    def _quote_again(self, report, keys):
        """What the author has just read and kept is up to date: it quotes its sources as they are now."""
        facts, drafted = self._drafted()
        cited = {sentence.key: self._sources(sentence) for sentence in drafted if sentence.key in keys}
        sources.cite(report.document, cited, facts)

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
