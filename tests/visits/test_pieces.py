"""Files joined to a visit are on its report: listed with their fingerprint, photographs printed at a bounded size."""

import io
import uuid

import pikepdf
import pytest
from django.core.files.base import ContentFile
from PIL import Image

from tests.pdf_reading import extract_text, words_of
from tests.pdf_structure import faults
from tests.visits.factories import VisitFactory
from visits.models import Visit, VisitAttachment
from visits.pieces import LONGEST_SIDE, images_of, lines_of
from visits.printing import report_file
from visits.report_facts import report_of
from visits.reports import from_json, reading_of, to_json

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def photo(mode="RGB", size=(2400, 1600), kind="JPEG"):
    made = io.BytesIO()
    Image.new(mode, size, (200, 40, 90, 128)[: len(mode)]).save(made, kind)
    return made.getvalue()


def join(visit, content, name="cour.jpg", content_type="image/jpeg", level="etablissement", caption="", digest=None):
    piece = VisitAttachment(
        visit=visit,
        key=uuid.uuid4(),
        filename=name,
        content_type=content_type,
        size=len(content),
        digest=digest or uuid.uuid4().hex * 2,
        level=level,
        caption=caption,
        uploaded_by=visit.coordinator,
    )
    piece.file = ContentFile(content, name=name)
    piece.save()
    return piece


@pytest.fixture
def visit(creche, coordinator):
    return VisitFactory(establishment=creche, coordinator=coordinator)


def test_each_file_is_listed_with_its_name_its_size_and_its_fingerprint(visit):
    join(visit, b"%PDF-1.7", name="plan.pdf", content_type="application/pdf", digest="ab" * 32, caption="Le plan")
    text = words_of(extract_text(report_file(visit, "interne")[0]))
    for said in ("Pièces jointes", "plan.pdf", "Le plan", "8 octets"):
        assert said in text
    assert "ab" * 32 in text.replace(" ", "")


@pytest.mark.parametrize(("mode", "kind"), [("RGB", "JPEG"), ("RGBA", "PNG"), ("L", "PNG")])
def test_a_photograph_is_printed_bounded_plain_and_the_file_is_still_archivable(visit, mode, kind):
    join(visit, photo(mode, kind=kind), content_type=f"image/{kind.lower()}", caption="La cour")
    content = report_file(visit, "interne")[0]
    assert faults(content) == []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        images = [image for page in pdf.pages for image in page.get_images().values()]
        assert {max(image.Width, image.Height) for image in images} == {LONGEST_SIDE}
        assert all("/SMask" not in image for image in images)


def test_the_same_bytes_twice_with_photographs(visit):
    for number in range(3):
        join(visit, photo(size=(800 + number, 600)), caption=f"Vue {number}")
    assert report_file(visit, "interne")[0] == report_file(Visit.objects.get(pk=visit.pk), "interne")[0]


def test_a_lower_reading_holds_neither_the_name_nor_the_picture_of_a_higher_one(visit):
    join(visit, photo(), name="zz-su.jpg", caption="zz-su-legende", level="pole")
    join(visit, photo(size=(400, 300)), name="cour.jpg")
    content = report_file(visit, "etablissement")[0]
    text = extract_text(content)
    assert "cour.jpg" in text
    assert "zz-su" not in text
    with pikepdf.open(io.BytesIO(content)) as pdf:
        images = [image for page in pdf.pages for image in page.get_images().values()]
        assert {(image.Width, image.Height) for image in images} == {(400, 300)}
    assert reading_of(report_of(visit), "elu").pieces == ()


def test_a_file_that_is_gone_or_is_no_picture_is_listed_all_the_same(visit):
    gone = join(visit, photo(), name="partie.jpg")
    gone.file.storage.delete(gone.file.name)
    join(visit, b"pas une image", name="cassee.jpg")
    assert images_of(visit, lines_of(visit)) == {}
    text = extract_text(report_file(visit, "interne")[0])
    assert "partie.jpg" in text
    assert "cassee.jpg" in text


def test_the_list_is_frozen_with_the_report_and_older_reports_are_still_read(visit):
    join(visit, photo(), name="cour.jpg")
    stored = to_json(report_of(visit))
    assert from_json(stored).pieces == lines_of(visit)
    stored.pop("pieces")
    assert from_json(stored).pieces == ()


def test_typing_moves_the_count_of_entries_and_handing_over_the_version(creche, coordinator, director):
    visit = VisitFactory(establishment=creche, coordinator=coordinator, shared=True)
    Visit.objects.filter(pk=visit.pk).update(edition=40, answer_due_on="2026-03-23")
    visit.refresh_from_db()
    before = visit.version
    visit.answer(by=director, remark="D’accord.")
    assert (visit.version, visit.edition) == (before + 1, 40)
