from django.urls import path

from . import correcting, views

urlpatterns = [
    path("controles/", views.inspection_list, name="inspections"),
    path("controles/constats/", views.finding_list, name="findings"),
    path("controles/enregistrer/", views.inspection_create, name="inspection_create"),
    path("controles/etablissement/<int:pk>/", views.establishment_inspections, name="establishment_inspections"),
    path("controles/<int:pk>/", views.inspection_detail, name="inspection"),
    path("controles/<int:pk>/controle.pdf", views.inspection_pdf, name="inspection_pdf"),
    path("controles/<int:pk>/reponse.pdf", views.answer_pdf, name="inspection_answer_pdf"),
    path("controles/<int:pk>/constat/", views.finding_add, name="finding_add"),
    path("controles/<int:pk>/repondre/", views.inspection_answer, name="inspection_answer"),
    path("controles/<int:pk>/clore/", views.inspection_close, name="inspection_close"),
    path("controles/constats/<int:pk>/", views.finding_detail, name="finding"),
    path("controles/constats/<int:pk>/corriger/", correcting.finding_correct, name="finding_correct"),
    path("controles/constats/<int:pk>/retirer/", correcting.finding_withdraw, name="finding_withdraw"),
    path("controles/constats/<int:pk>/mesure/", views.finding_action, name="finding_action"),
    path("controles/constats/<int:pk>/preuve/", views.finding_proof, name="finding_proof"),
    path("controles/constats/<int:pk>/affichage/", views.finding_display, name="finding_display"),
    path("controles/constats/<int:pk>/suite/", views.finding_check, name="finding_check"),
]
