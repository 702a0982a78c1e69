from django.urls import path

from . import views

app_name = "projects"
urlpatterns = [
    path("", views.action_list, name="action_list"),
    path("nouvelle/", views.action_create, name="action_create"),
    path("<int:pk>/", views.action_detail, name="action_detail"),
    path("<int:pk>/modifier/", views.action_edit, name="action_edit"),
    path("<int:pk>/lancer/", views.action_start, name="action_start"),
    path("<int:pk>/declarer/", views.action_declare, name="action_declare"),
    path("<int:pk>/verifier/", views.action_verify, name="action_verify"),
    path("<int:pk>/reprendre/", views.action_reopen, name="action_reopen"),
    path("<int:pk>/abandonner/", views.action_abandon, name="action_abandon"),
    path("etablissement/<int:pk>/", views.establishment_actions, name="establishment_actions"),
    path("etablissement/<int:pk>/plan.pdf", views.action_plan_pdf, name="action_plan_pdf"),
]
