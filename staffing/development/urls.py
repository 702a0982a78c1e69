from django.urls import path

from . import views

urlpatterns = [
    path("heures-dues/", views.hours_table, name="hours_due"),
    path("formations/", views.training_list, name="training_list"),
    path("formations/saisir/", views.training_create, name="training_create"),
    path("formations/<int:pk>/accorder/", views.training_agree, name="training_agree"),
    path("formations/<int:pk>/ne-pas-retenir/", views.training_refuse, name="training_refuse"),
    path("formations/<int:pk>/faite/", views.training_done, name="training_done"),
    path("interventions/", views.intervention_list, name="intervention_list"),
    path("interventions/saisir/", views.intervention_create, name="intervention_create"),
    path("interventions/<int:pk>/faite/", views.intervention_done, name="intervention_done"),
    path("interventions/<int:pk>/annuler/", views.intervention_cancel, name="intervention_cancel"),
    path("etablissement/<int:pk>/formations/", views.establishment_development, name="establishment_development"),
]
