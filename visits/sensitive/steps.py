"""What may happen to a sensitive file: opened, told, opened to somebody, closed, purged.

The journal of decisions keeps a line without house nor territory: it proves the order of the acts and no page shows
it. The log of the openings is the file's own.
"""

from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from core.jobs import notify
from core.sealing import seal
from establishments.models import JournalHead, record
from establishments.workflow import TransitionRefused

from . import retention


class SensitiveSteps:
    """Methods of `SensitiveFile`, kept apart from its columns."""

    def start(self, *, by, subject, client_uuid):
        """Open the file, its author being its first reader; the same form twice gives the same file."""
        from ..models.sensitive import SensitiveReader

        with transaction.atomic():
            JournalHead.locked()
            known = type(self).objects.filter(client_uuid=client_uuid).first()
            if known is not None:
                if known.opened_by_id != by.pk:
                    raise TransitionRefused("Ce formulaire a déjà servi\u00a0: ouvrez-en un nouveau.")
                return known
            self.client_uuid, self.opened_by, self.subject = client_uuid, by, subject
            self.save()
            SensitiveReader.objects.create(file=self, user=by, named_by=by)
            self._record("dossier ouvert", by)
        return self

    def add_note(self, *, by, text, client_uuid):
        """One more entry; the same form twice gives one entry."""
        from ..models.sensitive import SensitiveNote

        with self._still_open() as file:
            note, created = SensitiveNote.objects.get_or_create(
                client_uuid=client_uuid, defaults={"file": file, "sealed": seal(text), "author": by}
            )
            if created:
                file._record("note ajoutée", by)
        return note

    def name_reader(self, user, *, by):
        """Open the file to one more person, who is told that a file awaits her and nothing of what it says."""
        from ..models.sensitive import SensitiveReader

        with self._still_open() as file:
            reader, created = SensitiveReader.objects.get_or_create(
                file=file, user=user, ended_at=None, defaults={"named_by": by}
            )
            if created:
                file._record("lecteur désigné", by)
                notify(
                    [user],
                    event=f"sensitive-{file.pk}-{reader.pk}",
                    title="Un dossier vous est ouvert",
                    body=f"Référence {file.reference}.",
                    url=file.get_absolute_url(),
                )
        return reader

    def end_reader(self, reader, *, by):
        """Close the file to one person; whoever opened it, and the heads of the pôle, keep reading it."""
        with self._still_open() as file:
            if reader.user_id == file.opened_by_id:
                raise TransitionRefused("La personne qui a ouvert le dossier le lit jusqu’à sa clôture.")
            if reader.ended_at is None:
                reader.ended_at = timezone.now()
                reader.save(update_fields=["ended_at"])
                file._record("lecteur retiré", by)

    def close(self, *, by, today):
        """No more entries; kept until the day of the rule, then purged."""
        with self._still_open() as file:
            file.closed_at, file.keep_until = timezone.now(), retention.keep_until(today)
            file.save(update_fields=["closed_at", "keep_until"])
            file._record("dossier clos", by)
        self.closed_at, self.keep_until = file.closed_at, file.keep_until

    def log_reading(self, *, by, way="page"):
        """Note that somebody opened the file; called before anything of it is shown."""
        from ..models.sensitive import SensitiveReading

        return SensitiveReading.objects.create(file=self, user=by, way=way)

    def purge(self):
        """Erase what the file says once its time is over; the certificate remains, and the log of the openings."""
        from ..models.sensitive import PurgeCertificate

        with transaction.atomic():
            JournalHead.locked()
            file = type(self).objects.select_for_update().get(pk=self.pk)
            if file.purged_at is not None or file.keep_until is None or file.keep_until >= timezone.localdate():
                return None
            erased, _ = file.notes.all().delete()
            file.sealed, file.purged_at = None, timezone.now()
            file.save(update_fields=["sealed", "purged_at"])
            file._record("dossier purgé", None)
            return PurgeCertificate.objects.create(
                reference=file.reference,
                kind=file.kind,
                opened_on=timezone.localdate(file.opened_at),
                closed_on=timezone.localdate(file.closed_at),
                kept_until=file.keep_until,
                rule=retention.RULE,
                notes=erased,
            )

    @contextmanager
    def _still_open(self):
        """The file locked for one step, refused when it is closed; the journal first, as for every decision."""
        with transaction.atomic():
            JournalHead.locked()
            file = type(self).objects.select_for_update().get(pk=self.pk)
            if not file.is_open:
                raise TransitionRefused("Ce dossier est clos\u00a0: il se lit, il ne change plus.")
            yield file

    def _record(self, verb, by):
        record(verb, self, by=by)
