from django.urls import path

from . import views

urlpatterns = [
    path("equipes/imports/", views.import_list, name="import_list"),
    path("equipes/imports/<int:pk>/", views.import_detail, name="import_detail"),
    path("equipes/imports/<int:pk>/annuler/", views.import_undo, name="import_undo"),
]
