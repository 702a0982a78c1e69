from django.urls import path

from . import views

urlpatterns = [
    path("dossiers/", views.sensitive_list, name="sensitive_list"),
    path("dossiers/ouvrir/", views.sensitive_create, name="sensitive_create"),
    path("dossiers/<int:pk>/", views.sensitive_detail, name="sensitive"),
    path("dossiers/<int:pk>/noter/", views.sensitive_note, name="sensitive_note"),
    path("dossiers/<int:pk>/designer/", views.sensitive_reader_add, name="sensitive_reader_add"),
    path("dossiers/<int:pk>/lecteurs/<int:reader>/retirer/", views.sensitive_reader_end, name="sensitive_reader_end"),
    path("dossiers/<int:pk>/clore/", views.sensitive_close, name="sensitive_close"),
]
