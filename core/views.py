from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .choices import ChoicesForm
from .jobs import mark_read
from .list_paper import filename_of
from .models import Job, Notification

THEME_CHOICES = {"clair", "sombre", "auto"}


@require_GET
@login_not_required
def health(request):
    """For the proxy and the supervisor: the application answers and so does its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@require_GET
@login_not_required
def icon(request):
    """Where browsers look for it beside what has no head: a file, a PDF opened in its own tab."""
    return HttpResponseRedirect(static("icons/sprite.svg"))


def back(request):
    """The page the person came from, when it is one of ours."""
    target = request.POST.get("retour") or request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if safe else reverse("dashboard:home"))


@require_POST
@login_not_required
def theme_change(request):
    response = back(request)
    choice = request.POST.get("theme")
    if choice in THEME_CHOICES:
        response.set_cookie(
            "theme", choice, max_age=31536000, samesite="Lax", secure=request.is_secure(), httponly=True
        )
    return response


@require_GET
def notification_list(request):
    notifications = Notification.objects.visible_to(request.user)[:100]
    return TemplateResponse(request, "core/notification_list.html", {"notifications": notifications})


@require_http_methods(["GET", "POST"])
def notification_choices(request):
    """How the person wants to be told, kind by kind."""
    form = ChoicesForm(request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Réglages enregistrés\u00a0: ils valent dès la prochaine notification.")
        return redirect("core:notification_choices")
    return TemplateResponse(request, "core/notification_choices.html", {"form": form})


@require_POST
def notification_open(request, pk):
    """Read it, and go to what it is about."""
    notification = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    if notification.read_at is None:
        notification.read_at = timezone.now()
        notification.save(update_fields=["read_at"])
    return redirect(notification.url or reverse("core:notification_list"))


@require_POST
def notification_read_all(request):
    Notification.objects.visible_to(request.user).unread().update(read_at=timezone.now())
    return redirect("core:notification_list")


@require_GET
def job_detail(request, pk):
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if job.is_over:
        mark_read(request.user, job.get_absolute_url())
    return TemplateResponse(request, "core/job_detail.html", {"job": job})


@require_GET
def job_result(request, pk):
    """The file of a finished task, for its owner only, never shown inside the site."""
    job = get_object_or_404(Job.objects.visible_to(request.user).filter(status=Job.Status.DONE), pk=pk)
    if not job.result:
        raise Http404
    response = FileResponse(job.result.open("rb"), as_attachment=True, filename=filename_of(job))
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def job_stop(request, pk):
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    Job.objects.filter(pk=job.pk, finished_at__isnull=True).update(stop_requested=True)
    return redirect(job)
