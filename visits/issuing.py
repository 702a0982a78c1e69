"""Papers that leave Ronde, and how anybody checks one: by its file, or by the fingerprint printed on it (M16).

The answer says what the paper is, never what it tells: no house, no person, no date of visit.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.pdf.fingerprints import SHORT_LENGTH

from .models import IssuedReport
from .printing import report_file_and_digest

MOST_BYTES = 20_000_000
HEXADECIMAL = re.compile(rf"[0-9a-f]{{{SHORT_LENGTH}}}")


@dataclass(frozen=True)
class Verdict:
    """What is said of a paper; `found` is False when Ronde never issued it, or when one byte of it changed."""

    found: bool
    version: int = 0
    reading: str = ""
    is_draft: bool = False
    issued_at: datetime | None = None
    is_latest: bool = False
    is_chained: bool = False


def issue(visit, reading):
    """(bytes, file name) of a report; one that was transmitted is written in the register, once."""
    content, name, digest = report_file_and_digest(visit, reading)
    register_paper(visit, reading, content, digest)
    return content, name


def register_paper(visit, reading, content, digest):
    """Note that these bytes left Ronde, once, when the report was transmitted."""
    if visit.is_transmitted:
        _register(visit, reading, content, digest)


@transaction.atomic
def _register(visit, reading, content, digest):
    sha256 = hashlib.sha256(content).hexdigest()
    if IssuedReport.objects.filter(sha256=sha256).exists():
        return
    type(visit)._base_manager.select_for_update(of=("self",)).get(pk=visit.pk)  # one link at a time
    paper = IssuedReport(
        visit=visit,
        reading=reading,
        version=visit.version,
        is_draft=visit.report_status != visit.ReportStatus.VALIDATED,
        sha256=sha256,
        fingerprint=digest[:SHORT_LENGTH],
        previous=IssuedReport.objects.of(visit, reading).first(),
    )
    if not IssuedReport.objects.filter(sha256=sha256).exists():
        paper.chain = paper.link()
        paper.save()


def verdict_on_file(upload):
    """The verdict on the bytes of an uploaded file."""
    digest = hashlib.sha256()
    for part in upload.chunks():
        digest.update(part)
    return _verdict(IssuedReport.objects.filter(sha256=digest.hexdigest()).first())


def verdict_on_fingerprint(typed):
    """The verdict on a fingerprint as it is printed, spaces and capitals indifferent."""
    plain = re.sub(r"\s", "", typed).lower()
    if not HEXADECIMAL.fullmatch(plain):
        return Verdict(found=False)
    return _verdict(IssuedReport.objects.filter(fingerprint=plain).order_by("-pk").first())


def _verdict(paper):
    if paper is None:
        return Verdict(found=False)
    latest = IssuedReport.objects.of(paper.visit, paper.reading).first()
    return Verdict(
        found=True,
        version=paper.version,
        reading=paper.get_reading_display(),
        is_draft=paper.is_draft,
        issued_at=paper.issued_at,
        is_latest=latest.version == paper.version == paper.visit.version,
        is_chained=latest.is_chained,
    )
