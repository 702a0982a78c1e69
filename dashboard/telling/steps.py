"""How a text that tells facts is kept up to date, rewritten and quoted: what the CRA and the syntheses share."""

from django.db import transaction

from core import sources
from establishments.models import JournalHead
from establishments.workflow import StaleVersion, TransitionRefused

OWN = "libre"  # keys of the lines that somebody added
LAST = 90  # after any place that a drafted line has


class ToldSteps:
    """Methods of a text made of `lines`.

    The text gives `_drafted()` → (facts by source, sentences), `_sources(sentence)`, `_order()` of its sections, its
    `document`, `is_editable`, and `CLOSED`, what is said when it no longer changes.
    """

    CLOSED = ""

    def refresh(self):
        """Write again, from the facts of now, the sentences nobody rewrote; a closed text stays as it is.

        A sentence that its author rewrote or froze keeps its text and its sources as they were quoted: it is then
        « périmée » when they moved.
        """
        with transaction.atomic():
            JournalHead.locked()  # the same first lock as the decisions, so that closing waits or goes first
            text = type(self).objects.select_for_update().get(pk=self.pk)
            if text.is_editable:
                text._follow()

    def _follow(self):
        facts, drafted = self._drafted()
        known = {line.key: line for line in self.lines.all()}
        cited = {}
        for place, sentence in enumerate(drafted):
            line = known.get(sentence.key)
            if line is None:
                line = self.lines.model(**{self.lines.field.name: self}, key=sentence.key, section=sentence.section)
            elif line.is_kept:
                self._propose(line, sentence.text)
                continue
            position = self._position(sentence.section, place)
            if (line.text, line.proposed, line.position) != (sentence.text, sentence.text, position):
                line.text = line.proposed = sentence.text
                line.position = position
                line.save()
            cited[sentence.key] = self._sources(sentence)
        sources.cite(self.document, cited, facts)

    def _position(self, section, place):
        """`place` counts over the whole text: the lines that somebody adds come after them all, in their section."""
        return 1_000 * self._order().index(section) + 10 * place

    @staticmethod
    def _propose(line, text):
        if line.proposed != text:
            line.proposed = text
            line.save(update_fields=["proposed"])

    def rewrite(self, *, by, seen, texts, left_out, added, frozen=frozenset()):
        """Keep what the author typed: `texts` by key of sentence, keys `left_out` and `frozen`, `added` by section.

        `seen` is the version the page was drawn from: StaleVersion when somebody saved meanwhile, nothing is written.
        A text set back to the proposed one quotes its sources anew. Returns the number of sentences changed.
        """
        with transaction.atomic():
            JournalHead.locked()
            text = type(self).objects.select_for_update().get(pk=self.pk)
            if not text.is_editable:
                raise TransitionRefused(self.CLOSED)
            if text.version != seen:
                raise StaleVersion(text)
            changed, settled = 0, []
            for line in text.lines.all():
                verdict = line.settle(texts.get(line.key, line.text).strip(), line.key in left_out, line.key in frozen)
                changed += verdict is not None
                settled += [line.key] if verdict else []
            for section, added_text in added.items():
                self._add(text, section, added_text, by)
            changed += len(added)
            text.version += 1
            text.save(update_fields=["version"])
            self._quote_again(text, settled)
        self.version = text.version
        return changed

    @staticmethod
    def _add(text, section, added, by):
        number = text.lines.filter(key__startswith=OWN).count()
        text.lines.create(
            key=f"{OWN}-{text.version}-{number}-{section}",
            section=section,
            position=text._position(section, LAST) + number,
            text=added,
            author=by,
        )

    def _quote_again(self, text, keys):
        """What the author has just read and kept is up to date: it quotes its sources as they are now."""
        facts, drafted = text._drafted()
        cited = {sentence.key: self._sources(sentence) for sentence in drafted if sentence.key in keys}
        sources.cite(text.document, cited, facts)


class ToldLine:
    """Methods of a line: `is_kept` when the facts no longer write it."""

    FREEZES = False  # whether its author may hold it still
    is_frozen = False

    @property
    def is_rewritten(self) -> bool:
        return self.author_id is None and self.text != self.proposed

    @property
    def is_kept(self) -> bool:
        return self.is_rewritten or self.is_frozen

    def settle(self, text, is_left_out, is_frozen):
        """Save what was typed over it: True when it now stands as read, False when it is gone, None when unchanged."""
        if not text and self.author_id:
            self.delete()
            return False
        text = text or self.proposed
        said = {"text": text, "is_left_out": is_left_out} | ({"is_frozen": is_frozen} if self.FREEZES else {})
        if all(getattr(self, name) == value for name, value in said.items()):
            return None
        for name, value in said.items():
            setattr(self, name, value)
        self.save(update_fields=list(said))
        return True
