"""The watch: notices with their source, who read them, who did not."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.french import short_date
from core.jobs import mark_read
from core.pages import list_page
from establishments.context import held_capabilities
from establishments.door import can, get_visible_or_404, require_capability
from establishments.models import Capability, Establishment

from ..filters.watch import WatchFilter
from ..forms.watch import WatchForm
from ..history import history_of
from ..models import WatchNotice
from ..papers import Part, paper
from ..sections import sections
from ..stepping import offered, take, warn
from ..tables.watch import WatchTable
from ..watch_steps import STEPS

READ, PUBLISH = Capability.READ_TRANSMITTED, Capability.PUBLISH_WATCH
ACKNOWLEDGE = Capability.ACKNOWLEDGE_WATCH


def _notice(request, pk, capability=READ):
    people = ("territory", "published_by")
    return get_visible_or_404(WatchNotice.objects.select_related(*people), request.user, capability, pk=pk)


def watch_list(request):
    require_capability(request.user, READ)
    may_write = PUBLISH in held_capabilities(request)
    rows = WatchNotice.objects.visible_to(request.user).select_related("territory").with_readings()
    return list_page(
        request,
        rows.order_by("-source_on", "-pk"),
        filterset_class=WatchFilter,
        table_class=WatchTable,
        template="projects/list.html",
        title="Veille",
        intro="Ce qui change dans le droit, la santé et le métier\u00a0: la source, la date, qui l’a lu.",
        actions=[("Écrire une note", reverse("projects:watch_create"))] if may_write else [],
        tabs=sections(request, "projects:watch_list"),
    )


def watch_create(request):
    require_capability(request.user, PUBLISH)
    form = WatchForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        notice = form.instance.prepare(by=request.user)
        warn(request, notice.title, notice.text)
        messages.success(request, "Note préparée\u00a0: relisez-la, puis publiez-la.")
        return redirect(notice)
    context = {"form": form, "title": "Écrire une note de veille", "back_url": reverse("projects:watch_list")}
    return TemplateResponse(request, "projects/form.html", context)


def watch_edit(request, pk):
    notice = _notice(request, pk, PUBLISH)
    form = WatchForm(request.POST or None, instance=notice, user=request.user)
    if request.method == "POST" and form.is_valid() and form.amend(by=request.user):
        warn(request, notice.title, notice.text)
        messages.success(request, "Note modifiée.")
        return redirect(notice)
    context = {"form": form, "title": "Modifier une note de veille", "back_url": notice.get_absolute_url()}
    return TemplateResponse(request, "projects/form.html", context)


def _own_unread(request, notice, today):
    """The houses that the reader directs and where the notice is not read yet."""
    own = Establishment.objects.visible_to(request.user, ACKNOWLEDGE).order_by().values("pk")
    return notice.unread(today).filter(pk__in=own)


def _readings(request, notice, today):
    """(readings, houses where it is not read) among those that the reader knows."""
    known = Establishment.objects.visible_to(request.user, Capability.SUMMARY).order_by().values("pk")
    read = notice.readings.filter(establishment__in=known).select_related("establishment", "read_by")
    return list(read), list(notice.unread(today).filter(pk__in=known).order_by("name", "pk"))


def watch_detail(request, pk):
    notice, today = _notice(request, pk), timezone.localdate()
    mark_read(request.user, notice.get_absolute_url())
    is_published = notice.status == notice.Status.PUBLISHED
    follows = can(request.user, PUBLISH, notice)
    read, unread = _readings(request, notice, today) if follows and is_published else ([], [])
    context = {
        "notice": notice,
        "own": list(_own_unread(request, notice, today)) if is_published else [],
        "follows": follows and is_published,
        "read": read,
        "unread": unread,
        "n_houses": len(read) + len(unread),
        "may_write": follows and notice.status == notice.Status.DRAFT,
        "steps": offered(notice, request.user, STEPS),
        "history": history_of(notice, request.user),
    }
    return TemplateResponse(request, "projects/watch_detail.html", context)


@require_POST
def watch_acknowledge(request, pk):
    notice = _notice(request, pk)
    require_capability(request.user, ACKNOWLEDGE)
    notice.acknowledge(_own_unread(request, notice, timezone.localdate()), by=request.user)
    messages.success(request, "Lecture enregistrée.")
    return redirect(notice)


@require_POST
def watch_step(request, pk, step):
    return redirect(take(request, WatchNotice, pk, step, STEPS))


def watch_pdf(request, pk):
    notice, today = _notice(request, pk), timezone.localdate()
    facts = [
        ("Veille", notice.get_kind_display()),
        ("Territoire", notice.territory),
        ("Source", notice.source),
        ("Adresse", notice.source_url),
        ("Date de la source", short_date(notice.source_on)),
        ("S’applique le", short_date(notice.applies_on) if notice.applies_on else ""),
        ("Publiée", f"le {short_date(notice.published_on)}, par {notice.published_by}" if notice.published_on else ""),
    ]
    parts = [Part("Ce qui change", notice.text)]
    if can(request.user, PUBLISH, notice) and notice.status == notice.Status.PUBLISHED:
        read, unread = _readings(request, notice, today)
        rows = tuple((str(one.establishment), short_date(one.read_on), str(one.read_by or "—")) for one in read)
        parts.append(Part("Lue", headers=("Lieu", "Le", "Par"), rows=rows))
        parts.append(Part("Pas encore lue", lines=tuple(str(house) for house in unread)))
    draft = notice.status == notice.Status.DRAFT
    return paper(notice.title, subject="Note de veille", facts=facts, parts=parts, at=timezone.now(), draft=draft)
