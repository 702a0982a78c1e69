"""Three readings of a visit: a word of its own in each paragraph, and where each may be heard (M15)."""

import datetime
import random
import re
from io import BytesIO

import pikepdf
import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.urls import reverse

from core.models import Notification
from core.pdf import render_pdf
from establishments.vocabulary import current_pack, words
from tests.pdf_reading import streams
from visits import reports
from visits.printing import level_marks

LEVELS = ("public", "etablissement", "pole")
WORD = re.compile(r"kanari[a-z]+x\d+x")
ROUNDS, PRINTED = 1000, 30
# Between the coordination and the house: never on a sheet for elected members, whatever its level.
HOUSE_ONLY = "etablissement"


class Canaries:
    """A text that holds a word seen nowhere else, and what each word may be heard by."""

    def __init__(self, seed):
        self.chance, self.level_of = random.Random(seed), {}

    def word(self, level):
        name = f"kanari{level}x{len(self.level_of) + 1}x"
        self.level_of[name] = level
        return name

    def text(self, level):
        return f"Vu à 9 h 50 {self.word(level)}, « noté » & <suivi>."

    def paragraph(self):
        if self.chance.random() < 0.15:
            return None
        level = self.chance.choice(LEVELS)
        return reports.Paragraph(self.text(level), level)

    def observation(self):
        level = self.chance.choice(LEVELS)
        return reports.ObservationLine(
            "charte 1", self.word(level), "acquired", "acquis", "strength", "point fort",
            self.text(level), self.text(level), level,
        )  # fmt: skip

    def check(self):
        level = self.chance.choice(LEVELS)
        due = datetime.date(2026, 4, 1)
        return reports.CheckLine(self.word(level), "Alice Roux", due, "done", "réalisée", self.text(level), level)

    def action(self):
        level = self.chance.choice(LEVELS)
        due = datetime.date(2026, 4, 1)
        return reports.ActionLine(self.word(level), self.text(level), "Alice Roux", due, "Point 1", level)

    def report(self):
        some = range(self.chance.randrange(1, 4))
        remark = self.text(HOUSE_ONLY)
        answer = reports.RemarkLine(self.text(HOUSE_ONLY), "refused", "refusée", self.text(HOUSE_ONLY))
        moment = datetime.datetime(2026, 3, 12, 9, tzinfo=datetime.UTC)
        return reports.VisitReport(
            reading="interne", establishment="Crèche Les Lilas", address="12 rue des Lilas", category="crèche",
            places=40, kind_label="visite régulière", is_announced=True, is_on_site=True,
            visited_on=datetime.date(2026, 3, 10), starts_at=datetime.time(9), ends_at=datetime.time(11),
            coordinator="Samira Benali", grid="Grille", context=self._context(), context_note=self.paragraph(),
            checks=tuple(self.check() for _ in some),
            themes=tuple(reports.ThemeBlock(f"Thème {n}", tuple(self.observation() for _ in some)) for n in some),
            interview=self.paragraph(), decisions=self.paragraph(),
            new_actions=tuple(self.action() for _ in some), summary=self.paragraph(), next_visit_on=None,
            progress=reports.Progress(
                "validated", "validé", 4, "Samira Benali", moment, datetime.date(2026, 3, 23), remark, "Alice Roux",
                moment, False, "Samira Benali", moment, (answer,),
            ),
        )  # fmt: skip

    def _context(self):
        return reports.Context(
            self.word(HOUSE_ONLY),
            self.word(HOUSE_ONLY),
            1,
            2,
            1,
            2,
            3,
            4,
            5,
            ("un", "deux"),
            3,
            "Suffisant.",
            True,
            False,
        )

    def allowed(self, reading):
        return {word for word, level in self.level_of.items() if level in reports.READINGS[reading]}


def heard(text):
    return set(WORD.findall(text))


def html_of(template, cut):
    context = {"report": cut, "words": words(), "pack": current_pack(), "level_marks": level_marks(), "images": {}}
    shell = {"pdf": {"collectivite": "", "title": "", "subject": "", "level": "", "version": "", "draft": False}}
    shell["pdf"] |= {"fingerprint": "", "language": "fr", "author": "", "created_at": None}
    return render_to_string(template, {**context, **shell, "verify_url": ""})


def test_a_thousand_random_visits_say_to_each_reading_what_it_may_hear():
    for seed in range(ROUNDS):
        canaries = Canaries(seed)
        internal = canaries.report()
        for reading in ("etablissement", "elu"):
            cut = reports.reading_of(internal, reading)
            assert heard(repr(cut)) <= canaries.allowed(reading), (seed, reading)
            assert heard(repr(reports.to_json(cut))) <= canaries.allowed(reading), (seed, reading)
        assert heard(repr(internal)) == set(canaries.level_of), seed
        # The house hears everything that is for it: cutting is no excuse for losing (C29).
        assert heard(repr(reports.reading_of(internal, "etablissement"))) == canaries.allowed("etablissement"), seed


def test_a_thousand_pages_of_lower_readings_hold_no_word_above_them():
    spoken = 0
    for seed in range(ROUNDS):
        canaries, reading = Canaries(seed), ("etablissement", "elu")[seed % 2]
        cut = reports.reading_of(canaries.report(), reading)
        template = ("visits/_report.html", "visits/pdf/report.html")[seed // 2 % 2]
        said = heard(html_of(template, cut))
        assert said <= canaries.allowed(reading), (seed, template)
        spoken += bool(said)
    assert spoken > ROUNDS * 0.9  # a sheet for elected members may have nothing to say


def everything_in(content):
    """Streams decompressed, metadata, outlines, attachments, names: every text a file could hold a word in."""
    pdf = pikepdf.open(BytesIO(content))
    parts = [stream.decode("latin-1") for stream in streams(content)]
    with pdf.open_outline() as outline:
        parts += [str(item.title) for item in outline.root]
    parts += [str(name) for name in pdf.attachments]
    parts += [str(value) for value in pdf.docinfo.values()]
    parts += [str(obj) for obj in pdf.objects if isinstance(obj, pikepdf.String)]
    parts += [repr(obj) for obj in pdf.objects if isinstance(obj, (pikepdf.Dictionary, pikepdf.Array))]
    return "\n".join(parts)


def test_thirty_papers_hold_no_word_above_them_in_any_byte():
    from tests.pdf_reading import extract_text

    for seed in range(PRINTED):
        canaries, reading = Canaries(seed), ("etablissement", "elu")[seed % 2]
        cut = reports.reading_of(canaries.report(), reading)
        context = {"report": cut, "words": words(), "pack": current_pack(), "level_marks": level_marks(), "images": {}}
        content = render_pdf(
            "visits/pdf/report.html", {**context, "verify_url": ""}, title="Compte rendu", level=reading, version=4
        )
        flat = re.sub(r"\s", "", extract_text(content))
        above = set(canaries.level_of) - canaries.allowed(reading)
        assert not [word for word in above if word in flat], seed
        assert not heard(everything_in(content)) & above, seed
        assert [word for word in canaries.allowed(reading) if word in flat], seed


@pytest.mark.django_db
def test_exports_lists_notifications_and_mails_say_nothing_above_their_reader(
    client, visit, coordinator, director, central, django_capture_on_commit_callbacks
):
    canaries = Canaries(7)
    for name, level in zip(visit.PARAGRAPHS, ("pole", "etablissement", "pole", "public"), strict=True):
        setattr(visit, name, canaries.text(level))
        setattr(visit, f"{name}_level", level)
    visit.save()
    row = visit.observations.last()
    row.fact, row.appreciation, row.level = canaries.text("pole"), canaries.text("pole"), "pole"
    row.save()
    with django_capture_on_commit_callbacks(execute=True):
        visit.share(by=coordinator)
        visit.answer(by=director, remark="D’accord.")
    told = [f"{one.title} {one.body}" for one in Notification.objects.all()]
    told += [f"{one.subject} {one.body}" for one in mail.outbox]
    assert mail.outbox
    assert heard(" ".join(told)) == set()
    allowed = canaries.allowed("etablissement")
    for reader in (director, central):
        client.force_login(reader)
        for url in _pages(visit):
            assert heard(_read(client.get(url))) <= allowed, (reader, url)
    client.force_login(director)
    assert heard(_read(client.get(visit.get_absolute_url()))) == allowed


def _pages(visit):
    lists = [reverse("visits:list"), reverse("visits:establishment_visits", args=[visit.establishment_id])]
    words_asked = [f"{reverse('dashboard:search')}?q=kanaripolex{n}x" for n in (1, 3, 5)]
    detail = [visit.get_absolute_url(), reverse("establishments:history", args=[visit.establishment_id])]
    return [*lists, *(f"{url}?export={kind}" for url in lists for kind in ("csv", "ods")), *detail, *words_asked]


def _read(response):
    content = b"".join(response) if response.streaming else response.content
    # What was typed in the search box comes back in the box.
    return re.sub(r'value="[^"]*"|«[^»]*»|<title>.*?</title>', "", content.decode("utf-8", "replace"))
