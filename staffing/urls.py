from django.urls import path

from .views import compliance, continuity, leaves, people, plans, summer, team

app_name = "staffing"
urlpatterns = [
    path("", leaves.leave_list, name="leave_list"),
    path("nouveau/", leaves.leave_create, name="leave_create"),
    path("accorder/", leaves.leave_bulk_grant, name="leave_bulk_grant"),
    path("<int:pk>/", leaves.leave_detail, name="leave_detail"),
    path("<int:pk>/accorder/", leaves.leave_grant, name="leave_grant"),
    path("<int:pk>/refuser/", leaves.leave_refuse, name="leave_refuse"),
    path("<int:pk>/annuler/", leaves.leave_cancel, name="leave_cancel"),
    path("plannings/", plans.plan_list, name="plan_list"),
    path("plannings/ouvrir/", plans.plan_create, name="plan_create"),
    path("plannings/<int:pk>/", plans.plan_detail, name="plan_detail"),
    path("plannings/<int:pk>/planning.pdf", plans.plan_pdf, name="plan_pdf"),
    path("plannings/<int:pk>/ajouter/", plans.plan_line_add, name="plan_line_add"),
    path("plannings/<int:pk>/transmettre/", plans.plan_submit, name="plan_submit"),
    path("plannings/<int:pk>/renvoyer/", plans.plan_send_back, name="plan_send_back"),
    path("plannings/<int:pk>/clore/", plans.plan_close, name="plan_close"),
    path("equipes/", people.employee_list, name="employee_list"),
    path("equipes/importer/", people.staff_import, name="staff_import"),
    path("conformite/", compliance.compliance, name="compliance"),
    path("ete/", summer.summer, name="summer"),
    path("continuite/", continuity.continuity, name="continuity"),
    path("interims/", continuity.interim_list, name="interim_list"),
    path("interims/confier/", continuity.interim_create, name="interim_create"),
    path("interims/<int:pk>/", continuity.interim_detail, name="interim_detail"),
    path("interims/<int:pk>/retirer/", continuity.interim_withdraw, name="interim_withdraw"),
    path("etablissement/<int:pk>/relais/", team.relay_add, name="relay_add"),
    path("etablissement/<int:pk>/absence/", team.absence_add, name="absence_add"),
    path("relais/<int:pk>/retirer/", team.relay_end, name="relay_end"),
    path("horaires/<int:pk>/", team.roster_edit, name="roster_edit"),
    path("etablissement/<int:pk>/", team.establishment_team, name="establishment_team"),
]
