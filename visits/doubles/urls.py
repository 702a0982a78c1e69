from django.urls import path

from . import views

urlpatterns = [
    path("doubles-cotations/", views.double_list, name="doubles"),
    path("doubles-cotations/accord/", views.double_agreement, name="double_agreement"),
    path("doubles-cotations/ouvrir/", views.double_create, name="double_create"),
    path("doubles-cotations/<int:pk>/", views.double_detail, name="double"),
    path("doubles-cotations/<int:pk>/comparaison.pdf", views.double_pdf, name="double_pdf"),
    path("doubles-cotations/<int:pk>/concerter/", views.double_settle, name="double_settle"),
    path("doubles-cotations/<int:pk>/abandonner/", views.double_cancel, name="double_cancel"),
]
