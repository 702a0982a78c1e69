from django.urls import path

from . import views

urlpatterns = [
    path("referentiels/", views.framework_list, name="frameworks"),
    path("referentiels/<int:pk>/", views.framework_detail, name="framework"),
    path("referentiels/etablissement/<int:pk>/", views.establishment_evidence, name="establishment_evidence"),
]
