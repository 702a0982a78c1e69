from django.urls import path

from . import views

urlpatterns = [
    path("saisie/", views.activity_grid, name="activity_grid"),
    path("saisie/<int:pk>/case/", views.activity_cell, name="activity_cell"),
]
