from django.urls import path

from . import views, views_entry

app_name = "visits"
urlpatterns = [
    path("", views.visit_list, name="list"),
    path("a-visiter/", views.visit_due, name="due"),
    path("mois-par-mois/", views.visit_calendar, name="calendar"),
    path("saisir/", views_entry.visit_create, name="create"),
    path("planifier/", views_entry.visit_plan, name="plan"),
    path("etablissement/<int:pk>/", views.establishment_visits, name="establishment_visits"),
    path("<int:pk>/", views.visit_detail, name="detail"),
    path("<int:pk>/compte-rendu.pdf", views.report_pdf, name="report_pdf"),
    path("<int:pk>/saisir/", views_entry.visit_edit, name="edit"),
    path("<int:pk>/annuler/", views_entry.visit_cancel, name="cancel"),
    path("<int:pk>/reporter/", views_entry.visit_postpone, name="postpone"),
    path("<int:pk>/transmettre/", views_entry.visit_share, name="share"),
    path("<int:pk>/repondre/", views_entry.visit_answer, name="answer"),
    path("<int:pk>/valider/", views_entry.visit_validate, name="validate"),
]
