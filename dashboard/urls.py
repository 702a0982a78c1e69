from django.urls import path

from . import views
from .warnings import views as warnings
from .weekly import views as weekly

app_name = "dashboard"
urlpatterns = [
    path("", views.home, name="home"),
    path("a-traiter/", views.attention_all, name="attention_all"),
    path("vu/", views.seen, name="seen"),
    path("territoires/<int:pk>/", views.territory, name="territory"),
    # The address of establishments:detail, met first: the summary of a house is composed at the roof.
    path("etablissements/<int:pk>/", views.establishment, name="establishment"),
    path("recherche/", views.search, name="search"),
    path("recherche/textes/", views.texts, name="texts"),
    path("vigilance/", warnings.warnings, name="warnings"),
    path("cra/", weekly.weekly_list, name="weekly_list"),
    path("cra/rediger/", weekly.weekly_draft, name="weekly_draft"),
    path("cra/<int:pk>/", weekly.weekly_detail, name="weekly"),
    path("cra/<int:pk>/modifier/", weekly.weekly_edit, name="weekly_edit"),
    path("cra/<int:pk>/actualiser/", weekly.weekly_refresh, name="weekly_refresh"),
    path("cra/<int:pk>/envoyer/", weekly.weekly_send, name="weekly_send"),
    path("cra/<int:pk>/pdf/", weekly.weekly_pdf, name="weekly_pdf"),
]
