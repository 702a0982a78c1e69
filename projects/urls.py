from django.urls import path

from .views import actions, boards, versions

app_name = "projects"
urlpatterns = [
    path("actions/", actions.action_list, name="action_list"),
    path("actions/tableau/", boards.action_board, name="action_board"),
    path("actions/par/<slug:axis>/", boards.action_pivot, name="action_pivot"),
    path("actions/en-lot/", boards.action_bulk, name="action_bulk"),
    path("actions/nouvelle/", actions.action_create, name="action_create"),
    path("actions/<int:pk>/", actions.action_detail, name="action_detail"),
    path("actions/<int:pk>/modifier/", actions.action_edit, name="action_edit"),
    path("actions/<int:pk>/lancer/", actions.action_start, name="action_start"),
    path("actions/<int:pk>/declarer/", actions.action_declare, name="action_declare"),
    path("actions/<int:pk>/verifier/", actions.action_verify, name="action_verify"),
    path("actions/<int:pk>/reprendre/", actions.action_reopen, name="action_reopen"),
    path("actions/<int:pk>/abandonner/", actions.action_abandon, name="action_abandon"),
    path("actions/<int:pk>/efficacite/", actions.action_assess, name="action_assess"),
    path("actions/etablissement/<int:pk>/", actions.establishment_actions, name="establishment_actions"),
    path("actions/etablissement/<int:pk>/plan.pdf", actions.action_plan_pdf, name="action_plan_pdf"),
    path("projets/", versions.project_list, name="project_list"),
    path("projets/<int:pk>/", versions.project_detail, name="project_detail"),
    path("projets/<int:pk>/ecrire/", versions.project_edit, name="project_edit"),
    path("projets/<int:pk>/joindre/", versions.project_attach, name="project_attach"),
    path("projets/<int:pk>/projet.pdf", versions.project_pdf, name="project_pdf"),
    path("projets/<int:pk>/differences/<int:other>/", versions.project_differences, name="project_differences"),
    path("projets/<int:pk>/etape/<slug:step>/", versions.project_step, name="project_step"),
    path("projets/etablissement/<int:pk>/", versions.establishment_projects, name="establishment_projects"),
    path("projets/etablissement/<int:pk>/nouvelle/<slug:document>/", versions.project_begin, name="project_begin"),
]
