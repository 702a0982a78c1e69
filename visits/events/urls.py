from django.urls import path

from . import views

urlpatterns = [
    path("evenements/", views.event_list, name="events"),
    path("evenements/signaler/", views.event_create, name="event_create"),
    path("evenements/alertes/", views.alerts_now, name="alerts_now"),
    path("evenements/etablissement/<int:pk>/", views.establishment_events, name="establishment_events"),
    path("evenements/<int:pk>/", views.event_detail, name="event"),
    path("evenements/<int:pk>/evenement.pdf", views.event_pdf, name="event_pdf"),
    path("evenements/<int:pk>/prendre/", views.event_acknowledge, name="event_acknowledge"),
    path("evenements/<int:pk>/mesures/", views.event_measures, name="event_measures"),
    path("evenements/<int:pk>/prevenir/", views.event_tell, name="event_tell"),
    path("evenements/<int:pk>/mesure-corrective/", views.event_action, name="event_action"),
    path("evenements/<int:pk>/clore/", views.event_close, name="event_close"),
]
