from django.urls import path

from . import views

app_name = "core"
urlpatterns = [
    path("favicon.ico", views.icon, name="icon"),
    path("sante/", views.health, name="health"),
    path("theme/", views.theme_change, name="theme_change"),
    path("notifications/", views.notification_list, name="notification_list"),
    path("notifications/reglages/", views.notification_choices, name="notification_choices"),
    path("notifications/tout-lire/", views.notification_read_all, name="notification_read_all"),
    path("notifications/<int:pk>/ouvrir/", views.notification_open, name="notification_open"),
    path("taches/<int:pk>/", views.job_detail, name="job_detail"),
    path("taches/<int:pk>/fichier/", views.job_result, name="job_result"),
    path("taches/<int:pk>/arreter/", views.job_stop, name="job_stop"),
]
