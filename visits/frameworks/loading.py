"""Frameworks from files to the database: the same file a second time changes nothing, a used version never changes."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import transaction

from core.french import counted, normalise, short_date
from establishments.models import JournalHead, record

from ..models import Framework, FrameworkItem, FrameworkMapping
from .reading import FileRefused, Problem, ReadFramework, read_framework

SHIPPED = sorted((Path(__file__).parent / "shipped").glob("*.yaml"))
CREATED, WORDED, UNCHANGED = "importée", "textes officiels ajoutés", "déjà en place, rien n’a changé"


@dataclass(frozen=True)
class Outcome:
    """What an import did, or would do (`dry_run`)."""

    title: str
    state: str
    items: int
    mappings: int
    wordings: int = 0
    closed: str = ""  # the version that this one ends
    dry_run: bool = False

    def __str__(self) -> str:
        what = f"{counted(self.items, 'point')}, {counted(self.mappings, 'correspondance')}"
        worded = f", {counted(self.wordings, 'texte officiel', 'textes officiels')}" if self.wordings else ""
        trial = " (essai à blanc, rien n’est écrit)" if self.dry_run else ""
        return f"{self.title}\u00a0: {self.state}{trial}, {what}{worded}{f'. {self.closed}' if self.closed else ''}"


def import_framework(content: bytes, *, by=None, dry_run=False) -> Outcome:
    """Load a file. Raises FileRefused, with everything that is wrong, and then nothing is written."""
    wanted = read_framework(content)
    with transaction.atomic():
        JournalHead.locked()  # one import at a time, and the journal first as everywhere
        outcome = _loaded(wanted, by, dry_run)
        if dry_run:
            transaction.set_rollback(True)
    return outcome


def _loaded(wanted: ReadFramework, by, dry_run) -> Outcome:
    known = Framework.objects.select_for_update().filter(code=wanted.code, version=wanted.version).first()
    given = {"items": len(wanted.items), "mappings": len(wanted.mappings), "dry_run": dry_run}
    if known is not None:
        added = _worded(known, wanted)
        if added and not dry_run:
            record("textes officiels ajoutés au référentiel", known, by=by)
        return Outcome(str(known), WORDED if added else UNCHANGED, wordings=added, **given)
    _refuse_unknown_targets(wanted)
    closed = _close_previous(wanted)
    made = Framework.objects.create(
        code=wanted.code,
        version=wanted.version,
        title=wanted.title,
        publisher=wanted.publisher,
        source=wanted.source,
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
        search_text=normalise(f"{wanted.code} {wanted.title} {wanted.publisher}"),
    )
    FrameworkItem.objects.bulk_create(_items(made, wanted))
    FrameworkMapping.objects.bulk_create(
        FrameworkMapping(framework=made, key=one.key, other_code=one.code, other_key=one.to, relation=one.relation)
        for one in wanted.mappings
    )
    if not dry_run:
        record("référentiel importé", made, by=by)
    return Outcome(str(made), CREATED, wordings=sum(bool(one.wording) for one in wanted.items), closed=closed, **given)


def _items(made, wanted):
    return [
        FrameworkItem(
            framework=made,
            position=position,
            key=one.key,
            parent_key=one.parent,
            title=one.title,
            reference=one.reference,
            wording=one.wording,
            search_text=normalise(f"{one.title} {one.reference}"),
        )
        for position, one in enumerate(wanted.items, start=1)
    ]


def _worded(known, wanted) -> int:
    """How many official wordings a file adds to a version already there; any other difference is refused."""
    items = {item.key: item for item in known.items.all()}
    here = [(i.key, i.title, i.reference, i.parent_key) for i in items.values()]
    there = [(i.key, i.title, i.reference, i.parent) for i in wanted.items]
    heads = [(one.title, one.publisher, one.source, one.starts_on) for one in (known, wanted)]
    links = {(m.key, m.other_code, m.other_key, m.relation) for m in known.mappings.all()}
    changed = here != there or heads[0] != heads[1]
    changed |= links != {(m.key, m.code, m.to, m.relation) for m in wanted.mappings}
    changed |= any(
        one.wording and items[one.key].wording not in ("", one.wording) for one in wanted.items if not changed
    )
    if changed:
        _refuse("version", f"la version {known.version} est déjà là avec un autre contenu\u00a0: augmentez-la")
    added = [one for one in wanted.items if one.wording and not items[one.key].wording]
    for one in added:
        items[one.key].wording = one.wording
        items[one.key].save(update_fields=["wording"])
    return len(added)


def _refuse_unknown_targets(wanted):
    """Every point that a mapping names exists in the last version of its framework (or in this file)."""
    codes = {one.code for one in wanted.mappings} - {wanted.code}
    known = set(
        FrameworkItem.objects.filter(framework__code__in=codes).values_list("framework__code", "key").order_by()
    ) | {(wanted.code, one.key) for one in wanted.items}
    loaded = {code for code, _ in known}
    problems = []
    for rank, one in enumerate(wanted.mappings):
        if one.code not in loaded:
            text = f"le référentiel «\u00a0{one.code}\u00a0» n’est pas encore importé"
            problems.append(Problem(one.line, f"mappings[{rank}].framework", text))
        elif (one.code, one.to) not in known:
            text = f"«\u00a0{one.code}\u00a0» n’a pas de point «\u00a0{one.to}\u00a0»"
            problems.append(Problem(one.line, f"mappings[{rank}].to", text))
    if problems:
        raise FileRefused(problems)


def _close_previous(wanted) -> str:
    """A version that is still open ends the day before the new one starts; anything else that overlaps is refused."""
    versions = Framework.objects.select_for_update().filter(code=wanted.code)
    later = [one for one in versions if one.version > wanted.version]
    if later:
        _refuse("version", f"la version {later[0].version} est déjà importée\u00a0: donnez un numéro plus grand")
    last = max(versions, key=lambda one: one.starts_on, default=None)
    if last is None or (last.ends_on and last.ends_on < wanted.starts_on):
        return ""
    if last.starts_on >= wanted.starts_on:
        _refuse(
            "starts_on", f"la version {last.version} commence le {short_date(last.starts_on)}\u00a0: commencez après"
        )
    last.ends_on = wanted.starts_on - timedelta(days=1)
    last.save(update_fields=["ends_on"])
    return f"La version {last.version} s’arrête le {short_date(last.ends_on)}."


def _refuse(path, message):
    raise FileRefused([Problem(1, path, message)])
