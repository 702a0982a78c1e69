from django.urls import path

from . import views

urlpatterns = [
    path("postes/", views.vacancy_list, name="vacancies"),
    path("postes/saisir/", views.post_create, name="post_create"),
    path("postes/<int:pk>/retirer/", views.post_remove, name="post_remove"),
    path("recrutements/", views.recruitment_list, name="recruitment_list"),
    path("recrutements/suivre/", views.recruitment_create, name="recruitment_create"),
    path("recrutements/<int:pk>/", views.recruitment_edit, name="recruitment_edit"),
    path("risques/", views.risk_list, name="risk_list"),
    path("risques/noter/", views.risk_create, name="risk_create"),
    path("risques/<int:pk>/retirer/", views.risk_remove, name="risk_remove"),
    path("accidents/", views.accident_list, name="accident_list"),
    path("accidents/saisir/", views.accident_create, name="accident_create"),
    path("disciplinaire/", views.discipline_list, name="discipline_list"),
    path("disciplinaire/noter/", views.discipline_create, name="discipline_create"),
    path("disciplinaire/<int:pk>/", views.discipline_edit, name="discipline_edit"),
    path("etablissement/<int:pk>/postes/", views.establishment_posts, name="establishment_posts"),
]
