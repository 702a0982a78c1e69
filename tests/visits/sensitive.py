"""A sensitive file, opened as a coordinator opens it."""

import uuid

from visits.models import SensitiveFile


def opened(establishment, by, subject="Situation à suivre", kind=SensitiveFile.Kind.INTERVIEW):
    file = SensitiveFile(establishment=establishment, kind=kind)
    return file.start(by=by, subject=subject, client_uuid=uuid.uuid4())
