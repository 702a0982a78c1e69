"""allauth's views under French paths: sign-in, password, reset; nothing that opens an account."""

from allauth.account import views
from django.urls import path, re_path

urlpatterns = [
    path("connexion/", views.login, name="account_login"),
    path("deconnexion/", views.logout, name="account_logout"),
    path("compte/inactif/", views.account_inactive, name="account_inactive"),
    path("compte/inscription/", views.signup, name="account_signup"),
    path("compte/confirmer/", views.reauthenticate, name="account_reauthenticate"),
    path("compte/adresse/", views.email, name="account_email"),
    path("compte/adresse/envoyee/", views.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^compte/adresse/(?P<key>[-:\w]+)/$", views.confirm_email, name="account_confirm_email"),
    path("compte/mot-de-passe/", views.password_change, name="account_change_password"),
    path("compte/mot-de-passe/choisir/", views.password_set, name="account_set_password"),
    path("mot-de-passe-oublie/", views.password_reset, name="account_reset_password"),
    path("mot-de-passe-oublie/envoye/", views.password_reset_done, name="account_reset_password_done"),
    path(
        "mot-de-passe-oublie/change/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^mot-de-passe-oublie/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]
