"""The service worker and the page it shows where there is no network: they hold nothing of anybody."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from ..offline.worker import worker_script


@require_GET
@login_not_required
def service_worker(request):
    response = HttpResponse(worker_script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
@login_not_required
def offline_page(request):
    return TemplateResponse(request, "visits/offline.html")
