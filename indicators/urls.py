from django.urls import path

from . import views

app_name = "indicators"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("etablissement/<int:pk>/", views.establishment_activity, name="establishment_activity"),
    path("etablissement/<int:pk>/mois/", views.activity_edit, name="activity_edit"),
    path("etablissement/<int:pk>/psu/", views.establishment_psu, name="establishment_psu"),
    path("<int:pk>/soumettre/", views.activity_submit, name="activity_submit"),
    path("<int:pk>/valider/", views.activity_validate, name="activity_validate"),
    path("<int:pk>/clore/", views.activity_close, name="activity_close"),
    path("<int:pk>/rouvrir/", views.activity_reopen, name="activity_reopen"),
]
