from django.urls import path

from . import views

app_name = "staffing"
urlpatterns = [
    path("", views.leave_list, name="leave_list"),
    path("nouveau/", views.leave_create, name="leave_create"),
    path("accorder/", views.leave_bulk_grant, name="leave_bulk_grant"),
    path("<int:pk>/", views.leave_detail, name="leave_detail"),
    path("<int:pk>/accorder/", views.leave_grant, name="leave_grant"),
    path("<int:pk>/refuser/", views.leave_refuse, name="leave_refuse"),
    path("<int:pk>/annuler/", views.leave_cancel, name="leave_cancel"),
    path("etablissement/<int:pk>/", views.establishment_team, name="establishment_team"),
]
