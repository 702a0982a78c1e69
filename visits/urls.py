from django.urls import path

from .offline.urls import urlpatterns as offline_urls
from .views import entry, practices, reading

app_name = "visits"
urlpatterns = [
    path("", reading.visit_list, name="list"),
    path("a-visiter/", reading.visit_due, name="due"),
    path("mois-par-mois/", reading.visit_calendar, name="calendar"),
    path("bimestres/", reading.visit_bimesters, name="bimesters"),
    path("pratiques/", practices.practice_themes, name="practices"),
    path("pratiques/points/", practices.practice_items, name="practice_items"),
    path("saisir/", entry.visit_create, name="create"),
    path("planifier/", entry.visit_plan, name="plan"),
    path("etablissement/<int:pk>/", reading.establishment_visits, name="establishment_visits"),
    path("<int:pk>/", reading.visit_detail, name="detail"),
    path("<int:pk>/compte-rendu.pdf", reading.report_pdf, name="report_pdf"),
    path("<int:pk>/saisir/", entry.visit_edit, name="edit"),
    path("<int:pk>/annuler/", entry.visit_cancel, name="cancel"),
    path("<int:pk>/reporter/", entry.visit_postpone, name="postpone"),
    path("<int:pk>/transmettre/", entry.visit_share, name="share"),
    path("<int:pk>/repondre/", entry.visit_answer, name="answer"),
    path("<int:pk>/valider/", entry.visit_validate, name="validate"),
    *offline_urls,
]
