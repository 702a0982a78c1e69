from django.urls import path

from . import views

urlpatterns = [
    path("veille/", views.change_list, name="rule_changes"),
    path("veille/enregistrer/", views.change_choose, name="rule_choose"),
    path("veille/enregistrer/<str:rule_id>/", views.change_create, name="rule_create"),
    path("veille/<int:pk>/", views.change_detail, name="rule_change"),
    path("veille/<int:pk>/prendre-en-compte/<int:house>/", views.change_acknowledge, name="rule_acknowledge"),
    path("veille/<int:pk>/annuler/", views.change_cancel, name="rule_cancel"),
]
