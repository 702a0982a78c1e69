from django.urls import path

from . import views

urlpatterns = [
    path("entretiens/", views.appraisal_list, name="appraisal_list"),
    path("entretiens/convoquer/", views.appraisal_create, name="appraisal_create"),
    path("entretiens/<int:pk>/", views.appraisal_detail, name="appraisal"),
    path("entretiens/<int:pk>/compte-rendu.pdf", views.appraisal_pdf, name="appraisal_pdf"),
    path("entretiens/<int:pk>/reporter/", views.appraisal_move, name="appraisal_move"),
    path("entretiens/<int:pk>/tenu/", views.appraisal_hold, name="appraisal_hold"),
    path("entretiens/<int:pk>/ecrire/", views.appraisal_write, name="appraisal_write"),
    path("entretiens/<int:pk>/objectif/", views.appraisal_objective, name="appraisal_objective"),
    path("entretiens/<int:pk>/objectif/<int:objective>/", views.appraisal_follow, name="appraisal_follow"),
    path("entretiens/<int:pk>/notifier/", views.appraisal_notify, name="appraisal_notify"),
    path("entretiens/<int:pk>/signer/", views.appraisal_sign, name="appraisal_sign"),
    path("entretiens/<int:pk>/annuler/", views.appraisal_cancel, name="appraisal_cancel"),
]
