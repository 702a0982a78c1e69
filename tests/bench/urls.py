"""The product's addresses, and beside them the floors and the peers, served by the same stack."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import include, path

from . import floors, peers


def empty(request):
    return HttpResponse(f"<!doctype html><title>{request.user.pk}</title>")


def base(request):
    return TemplateResponse(request, "base.html", {})


def floor(request, name):
    return HttpResponse(floors.PAGES[name](request.user.pk))


urlpatterns = [
    path("bench/vide/", empty),
    path("bench/base/", base),
    path("bench/tables2/", peers.StockList.as_view()),
    path("bench/<slug:name>/", floor),
    path("", include("config.urls")),
]
