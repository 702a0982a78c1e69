from django.urls import path

from .views import leaves, team

app_name = "staffing"
urlpatterns = [
    path("", leaves.leave_list, name="leave_list"),
    path("nouveau/", leaves.leave_create, name="leave_create"),
    path("accorder/", leaves.leave_bulk_grant, name="leave_bulk_grant"),
    path("<int:pk>/", leaves.leave_detail, name="leave_detail"),
    path("<int:pk>/accorder/", leaves.leave_grant, name="leave_grant"),
    path("<int:pk>/refuser/", leaves.leave_refuse, name="leave_refuse"),
    path("<int:pk>/annuler/", leaves.leave_cancel, name="leave_cancel"),
    path("etablissement/<int:pk>/", team.establishment_team, name="establishment_team"),
]
