from django.urls import path

from . import views

urlpatterns = [
    path("analyses/", views.review_list, name="reviews"),
    path("analyses/campagne/", views.review_campaign, name="review_campaign"),
    path("analyses/programmer/", views.review_create, name="review_create"),
    path("analyses/etablissement/<int:pk>/", views.establishment_reviews, name="establishment_reviews"),
    path("analyses/<int:pk>/", views.review_detail, name="review"),
    path("analyses/<int:pk>/analyse.pdf", views.review_pdf, name="review_pdf"),
    path("analyses/<int:pk>/ecrire/", views.review_write, name="review_write"),
    path("analyses/<int:pk>/deplacer/", views.review_move, name="review_move"),
    path("analyses/<int:pk>/ouvrir/", views.review_open, name="review_open"),
    path("analyses/<int:pk>/visiter/", views.review_visit, name="review_visit"),
    path("analyses/<int:pk>/projet/", views.review_draft, name="review_draft"),
    path("analyses/<int:pk>/transmettre/", views.review_share, name="review_share"),
    path("analyses/<int:pk>/avis/", views.review_answer, name="review_answer"),
    path("analyses/<int:pk>/valider/", views.review_validate, name="review_validate"),
    path("analyses/<int:pk>/suivre/", views.review_follow, name="review_follow"),
    path("analyses/<int:pk>/plan/", views.review_action, name="review_action"),
]
