from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("dashboard.urls")),
    path("", include("core.urls")),
    path("", include("core.account_urls")),
    path("etablissements/", include("establishments.urls")),
    path("indicateurs/", include("indicators.urls")),
    path("conges/", include("staffing.urls")),
    path("", include("projects.urls")),
    path("visites/", include("visits.urls")),
    path("administration/", admin.site.urls),
]
