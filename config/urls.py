from django.contrib import admin
from django.urls import include, path

from visits.views.worker import service_worker

urlpatterns = [
    path("", include("dashboard.urls")),
    path("", include("core.urls")),
    path("", include("core.account_urls")),
    path("etablissements/", include("establishments.urls")),
    path("indicateurs/", include("indicators.urls")),
    path("conges/", include("staffing.urls")),
    path("", include("projects.urls")),
    path("visites/", include("visits.urls")),
    path("sw.js", service_worker, name="service_worker"),  # at the root: it answers for the whole site
    path("administration/", admin.site.urls),
]
