"""What the scripts of the visit page talk to: a draft field by field, its files, the session of the person."""

import json
import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability, Establishment
from establishments.workflow import TransitionRefused

from ..events.alerts import told
from ..models import FieldChange, Visit, VisitAttachment
from ..offline import alerts
from ..offline.files import attach, remove
from ..offline.kept import kept_of, settle, value_of
from ..offline.names import Malformed, read_changes
from ..offline.receiving import KeyTaken, grid_for, receive
from ..offline.sessions import for_scripts, keys_of, tag_of
from ..report_facts import ratio_of

UNREADABLE = "Cet envoi est illisible\u00a0: la saisie reste gardée sur l’appareil."


@for_scripts
@require_GET
def offline_session(request):
    """Who is signed in, for the scripts: the token of the next posts and the key of what is kept on the device."""
    require_capability(request.user, Capability.LOG_VISIT)
    return JsonResponse({"user": tag_of(request.user), "csrf": get_token(request), "keys": keys_of(request.user)})


def _draft(request, key):
    """The visit of this key, or a new one of the house that is named; through the door either way."""
    visit = Visit.objects.visible_to(request.user, Capability.LOG_VISIT).with_people().filter(client_uuid=key).first()
    if visit is not None:
        return visit
    number = request.POST.get("etablissement", "")
    number = int(number) if number.isdecimal() and len(number) < 10 else 0
    house = get_visible_or_404(Establishment.objects.all(), request.user, Capability.LOG_VISIT, pk=number)
    return Visit(establishment=house, coordinator=request.user, client_uuid=key)


@for_scripts
@require_POST
def draft_save(request, key):
    """Changes of some fields of a visit, each once; the answer says the end of each and what waits for a person."""
    visit = _draft(request, key)
    grid = request.POST.get("grid", "")
    try:
        changes = read_changes(json.loads(request.POST.get("changes", "")))
        grid = grid_for(int(grid)) if grid.isdecimal() and len(grid) < 10 else None
        visit, rows = receive(visit, changes, by=request.user, grid=grid)
    except (Malformed, ValueError):
        return JsonResponse({"error": UNREADABLE}, status=400)
    except KeyTaken as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    return JsonResponse(_state(visit, request.user) | {"results": {str(k): row.outcome for k, row in rows.items()}})


def _state(visit, user):
    ratio = ratio_of(visit) if visit.status == Visit.Status.DONE else None
    return {
        "ratio": ratio.told if ratio else "",
        "visit": visit.pk,
        "edit": reverse("visits:edit", args=[visit.pk]) if visit.is_editable else "",
        "detail": visit.get_absolute_url(),
        "kept": [
            {
                "id": kept.row.pk,
                "name": kept.row.name,
                "outcome": kept.row.outcome,
                "value": kept.row.value,
                "theirs": kept.row.theirs,
                "label": kept.label,
                "why": kept.why,
            }
            for kept in kept_of(visit, user)
        ],
    }


@for_scripts
@require_POST
def alert_raise(request, key):
    """An alert kept on a device: the same key twice is the same alert, and people are told once."""
    number = request.POST.get("etablissement", "")
    number = int(number) if number.isdecimal() and len(number) < 10 else 0
    house = get_visible_or_404(Establishment.objects.all(), request.user, Capability.REPORT_EVENT, pk=number)
    form = alerts.AlertForm(request.POST, user=request.user)
    if not form.is_valid():
        return JsonResponse({"error": " ".join(text for row in form.errors.values() for text in row)}, status=422)
    try:
        event = alerts.report(form, house, key, request.POST.get("releve", ""), by=request.user)
    except TransitionRefused as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    return JsonResponse({"url": event.get_absolute_url(), "message": f"L’alerte est partie. {told(event)}"})


@for_scripts
@require_POST
def draft_attach(request, key):
    """One file of a draft. 409 while the visit is not there, or no longer takes any: the device keeps the file."""
    visits = Visit.objects.visible_to(request.user, Capability.LOG_VISIT).with_people()
    visit = visits.filter(client_uuid=key).first()
    if visit is None:
        return JsonResponse({"error": "La visite n’est pas encore arrivée."}, status=409)
    number = request.POST.get("point", "")
    item = visit.grid.items.filter(pk=int(number)).first() if visit.grid and number.isdecimal() else None
    try:
        file_key = uuid.UUID(request.POST.get("client_uuid", ""))
        sent = attach(visit, file_key, request.FILES["fichier"], by=request.user, item=item, **_caption(request))
    except (ValueError, KeyError):
        return JsonResponse({"error": UNREADABLE}, status=400)
    except ValidationError as refusal:
        return JsonResponse({"error": refusal.messages[0]}, status=422)
    except TransitionRefused as refusal:
        return JsonResponse({"error": str(refusal)}, status=423)
    return JsonResponse({"id": sent.pk, "url": sent.get_absolute_url()})


def _caption(request):
    return {"caption": request.POST.get("legende", "").replace("\x00", "")}


@require_POST
def attachment_add(request, pk):
    """The same, from the page without a script."""
    visit = get_visible_or_404(Visit.objects.with_people(), request.user, Capability.LOG_VISIT, pk=pk)
    try:
        key = uuid.UUID(request.POST.get("client_uuid", ""))
        attach(visit, key, request.FILES["fichier"], by=request.user, **_caption(request))
        messages.success(request, "La pièce est jointe.")
    except (ValueError, KeyError):
        messages.error(request, "Choisissez un fichier à joindre.")
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect(visit)


def _attachment(request, pk, capability):
    return get_visible_or_404(VisitAttachment.objects.select_related("visit"), request.user, capability, pk=pk)


@require_GET
def attachment_download(request, pk):
    attachment = _attachment(request, pk, Capability.VIEW)
    response = FileResponse(
        attachment.file.open("rb"),
        as_attachment=True,
        filename=attachment.filename,
        content_type=attachment.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def attachment_remove(request, pk):
    attachment = _attachment(request, pk, Capability.LOG_VISIT)
    visit = attachment.visit
    remove(attachment, by=request.user)
    messages.success(request, "La pièce est retirée.")
    return redirect(visit)


@for_scripts
@require_POST
def change_settle(request, pk):
    """A person chooses between two texts, or says that she has read one that came too late."""
    change = get_visible_or_404(
        FieldChange.objects.select_related("visit__establishment"), request.user, Capability.LOG_VISIT, pk=pk
    )
    settle(change, request.POST.get("choix", ""), by=request.user)
    if "application/json" in request.headers.get("Accept", ""):
        visit = Visit.objects.visible_to(request.user, Capability.LOG_VISIT).with_people().get(pk=change.visit_id)
        return JsonResponse(_state(visit, request.user) | {"value": value_of(visit, change.name, request.user)})
    messages.success(request, "C’est réglé.")
    return redirect("visits:edit" if change.visit.is_editable else "visits:detail", change.visit_id)
