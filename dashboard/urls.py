from django.urls import path

from . import views

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
]
