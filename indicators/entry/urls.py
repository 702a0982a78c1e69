from django.urls import path

from .views import attendance, grid

urlpatterns = [
    path("saisie/", grid.activity_grid, name="activity_grid"),
    path("saisie/<int:pk>/case/", grid.activity_cell, name="activity_cell"),
    path("etablissement/<int:pk>/presences/", attendance.establishment_days, name="establishment_days"),
    path("etablissement/<int:pk>/presences/jour/", attendance.day_edit, name="day_edit"),
    path("etablissement/<int:pk>/attendus/", attendance.expected_attendance, name="expected_attendance"),
    path("etablissement/<int:pk>/attendus/saisir/", attendance.expected_edit, name="expected_edit"),
    path("etablissement/<int:pk>/attendus/proposer/", attendance.expected_derive, name="expected_derive"),
]
