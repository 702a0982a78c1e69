"""Files and photographs that arrive after the visit they were taken at: once each, judged by their content."""

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from establishments.models import JournalHead, record
from establishments.uploads import MEGABYTE, read_upload
from establishments.workflow import TransitionRefused
from visits.models import Visit, VisitAttachment

MOST_BYTES = 8 * MEGABYTE
MOST_FILES = 40
TOO_MANY = f"Une visite porte au plus {MOST_FILES} pièces jointes."


def attach(visit, key, file, *, by, caption="", item=None):
    """The attachment of this key, kept if it is not there yet. Raises ValidationError or TransitionRefused."""
    if file.size > MOST_BYTES:
        raise ValidationError("Ce fichier dépasse 8\u00a0Mo.", code="size")
    upload = read_upload(file)
    with transaction.atomic():
        JournalHead.locked()
        known = VisitAttachment.objects.filter(key=key).first()
        if known is not None:
            if known.visit_id != visit.pk:
                raise TransitionRefused("Ce fichier a déjà été envoyé ailleurs.")
            return known
        visit = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
        if not visit.is_editable:
            raise TransitionRefused("Le compte rendu est parti\u00a0: aucune pièce ne s’y ajoute.")
        if visit.attachments.count() >= MOST_FILES:
            raise ValidationError(TOO_MANY, code="many")
        attachment = VisitAttachment(
            visit=visit,
            key=key,
            item=item,
            caption=caption[:200],
            filename=upload.filename,
            content_type=upload.content_type,
            size=upload.size,
            digest=upload.digest,
            uploaded_by=by,
        )
        attachment.file = ContentFile(upload.content, name=f"piece.{upload.extension}")
        attachment.save()
        record("pièce jointe à la visite", visit, by=by, establishment=visit.establishment)
    return attachment


def remove(attachment, *, by):
    """Take a file out of a draft; the journal keeps that it was there."""
    with transaction.atomic():
        JournalHead.locked()
        visit = Visit.objects.select_for_update(of=("self",)).get(pk=attachment.visit_id)
        if not visit.is_editable:
            raise TransitionRefused("Le compte rendu est parti\u00a0: ses pièces y restent.")
        record("pièce retirée de la visite", visit, by=by, establishment=visit.establishment)
        attachment.file.delete(save=False)
        attachment.delete()
