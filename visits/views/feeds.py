"""A person's own calendar, for the calendar she already uses: its secret address, and what is read there."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.feeds import MODES, NOTHING, calendar_bytes, events_of
from core.throttle import failed_too_often

from ..feed_addresses import feed_behind
from ..models import CalendarFeed

BEFORE, AFTER = timedelta(days=30), timedelta(days=180)
MOST_FAILURES, WITHIN = 20, 600


class FeedForm(forms.Form):
    mode = forms.ChoiceField(
        label="Ce qui se lit dans l’agenda", choices=list(MODES.items()), widget=forms.RadioSelect, initial=NOTHING
    )


@never_cache
def feed(request):
    """Her feed: a new address is shown in the answer that makes it, and never again."""
    known = CalendarFeed.objects.visible_to(request.user).first()
    form = FeedForm(request.POST or None, initial={"mode": known.mode if known else NOTHING})
    address = ""
    if request.method == "POST" and form.is_valid():
        known, token = CalendarFeed.renew(request.user, form.cleaned_data["mode"])
        address = request.build_absolute_uri(reverse("visits:feed_ics", args=[token]))
    return TemplateResponse(request, "visits/feed.html", {"feed": known, "form": form, "address": address})


@require_POST
def feed_mode(request):
    """Change what is read without changing the address."""
    form, known = FeedForm(request.POST), CalendarFeed.objects.visible_to(request.user).first()
    if known is not None and form.is_valid():
        known.mode = form.cleaned_data["mode"]
        known.save(update_fields=["mode"])
        messages.success(request, "C’est changé : l’agenda suivra à sa prochaine lecture.")
    return redirect("visits:feed")


@require_POST
def feed_revoke(request):
    CalendarFeed.objects.visible_to(request.user).delete()
    messages.success(request, "L’adresse est révoquée : plus rien ne s’y lit.")
    return redirect("visits:feed")


@require_safe
@login_not_required
def feed_ics(request, token):
    """The calendar behind a secret address: what its owner may see today, in the mode she chose."""
    known = feed_behind(token)
    if known is None:
        if failed_too_often(request, "ics", most=MOST_FAILURES, seconds=WITHIN):
            return HttpResponse("Trop d’essais.", status=429, content_type="text/plain; charset=utf-8")
        raise Http404
    today = timezone.localdate()
    if known.read_on != today:
        known.read_on = today
        known.save(update_fields=["read_on"])
    content = calendar_bytes(events_of(known.user, today - BEFORE, today + AFTER), known.mode, now=timezone.now())
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"},
    )
