from django.urls import path

from . import views

urlpatterns = [
    path("imports/", views.import_list, name="import_list"),
    path("imports/nouveau/", views.import_create, name="import_create"),
    path("imports/<int:pk>/", views.import_detail, name="import_detail"),
    path("imports/<int:pk>/colonnes/", views.import_columns, name="import_columns"),
    path("imports/<int:pk>/importer/", views.import_confirm, name="import_confirm"),
    path("imports/<int:pk>/abandonner/", views.import_abandon, name="import_abandon"),
    path("imports/<int:pk>/annuler/", views.import_undo, name="import_undo"),
    path("imports/<int:pk>/<slug:what>.csv", views.import_lines, name="import_lines"),
]
