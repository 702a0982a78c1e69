"""Addresses of what is typed out of reach; included by visits/urls.py."""

from django.urls import path

from ..views import mallette, offline, worker

urlpatterns = [
    path("mallette/", mallette.mallette_list, name="mallette"),
    path("mallette/<int:pk>/", mallette.briefing, name="briefing"),
    path("mallette/<int:pk>/preparation.pdf", mallette.briefing_pdf, name="briefing_pdf"),
    path("hors-ligne/", worker.offline_page, name="offline_page"),
    path("hors-ligne/session/", offline.offline_session, name="offline_session"),
    path("hors-ligne/alerte/<uuid:key>/", offline.alert_raise, name="alert_raise"),
    path("hors-ligne/<uuid:key>/", offline.draft_save, name="draft_save"),
    path("hors-ligne/<uuid:key>/piece/", offline.draft_attach, name="draft_attach"),
    path("<int:pk>/pieces/", offline.attachment_add, name="attachment_add"),
    path("pieces/<int:pk>/", offline.attachment_download, name="attachment_download"),
    path("pieces/<int:pk>/retirer/", offline.attachment_remove, name="attachment_remove"),
    path("textes/<int:pk>/departager/", offline.change_settle, name="change_settle"),
]
