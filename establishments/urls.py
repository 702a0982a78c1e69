from django.urls import path

from .views import calendar, charter, documents, record, register, taking_office

app_name = "establishments"
urlpatterns = [
    path("", register.establishment_list, name="list"),
    path("charte.css", charter.charter_css, name="charter_css"),
    path("charte/logo", charter.charter_logo, name="charter_logo"),
    path("carte/", register.establishment_map, name="map"),
    path("ouvertures/", register.pipeline, name="pipeline"),
    path("echeances/", register.expiring, name="expiring"),
    path("contacts/<int:pk>/", register.territory_contacts, name="contacts"),
    path("<int:pk>/", record.establishment_detail, name="detail"),
    path("<int:pk>/fiche.pdf", record.establishment_pdf, name="detail_pdf"),
    path("<int:pk>/autorisation/", record.establishment_authorisation, name="authorisation"),
    path("<int:pk>/historique/", record.establishment_history, name="history"),
    path("<int:pk>/fermetures/", calendar.establishment_calendar, name="calendar"),
    path("<int:pk>/fermetures/ajouter/", calendar.closure_add, name="closure_add"),
    path("fermetures/<int:pk>/modifier/", calendar.closure_edit, name="closure_edit"),
    path("fermetures/<int:pk>/supprimer/", calendar.closure_delete, name="closure_delete"),
    path("<int:pk>/gels/ajouter/", calendar.freeze_add, name="freeze_add"),
    path("gels/<int:pk>/modifier/", calendar.freeze_edit, name="freeze_edit"),
    path("gels/<int:pk>/supprimer/", calendar.freeze_delete, name="freeze_delete"),
    path("<int:pk>/obligations/", calendar.establishment_obligations, name="obligations"),
    path("<int:pk>/obligations/<slug:kind>/", calendar.obligation_edit, name="obligation_edit"),
    path("<int:pk>/documents/", documents.establishment_documents, name="documents"),
    path("<int:pk>/documents/deposer/", documents.document_add, name="document_add"),
    path("documents/<int:pk>/", documents.document_download, name="document_download"),
    path("prises-de-fonction/<int:pk>/", taking_office.taking_office, name="taking_office"),
    path("prises-de-fonction/etapes/<int:pk>/faite/", taking_office.step_done, name="taking_office_done"),
    path("prises-de-fonction/etapes/<int:pk>/rouvrir/", taking_office.step_undo, name="taking_office_undo"),
]
