from django.urls import path

from . import views
from .agenda import views as agenda
from .balance import views as balance
from .batches import views as batches
from .syntheses import views as syntheses
from .warnings import views as warnings
from .weekly import views as weekly

app_name = "dashboard"
urlpatterns = [
    path("", views.home, name="home"),
    path("a-traiter/", views.attention_all, name="attention_all"),
    path("vu/", views.seen, name="seen"),
    path("territoires/<int:pk>/", views.territory, name="territory"),
    # The address of establishments:detail, met first: the summary of a house is composed at the roof.
    path("etablissements/<int:pk>/", views.establishment, name="establishment"),
    # The address of projects:action_detail, met first: what raised it is held by the rooms above.
    path("actions/<int:pk>/", views.action, name="action"),
    # The address of projects:meeting_detail, met first: what is open elsewhere is suggested for the agenda.
    path("reunions/<int:pk>/", agenda.meeting, name="meeting"),
    path("reunions/<int:pk>/suggestion/<slug:step>/", agenda.suggestion_step, name="suggestion_step"),
    path("recherche/", views.search, name="search"),
    path("recherche/textes/", views.texts, name="texts"),
    path("vigilance/", warnings.warnings, name="warnings"),
    path("cra/", weekly.weekly_list, name="weekly_list"),
    path("cra/rediger/", weekly.weekly_draft, name="weekly_draft"),
    path("cra/<int:pk>/", weekly.weekly_detail, name="weekly"),
    path("cra/<int:pk>/modifier/", weekly.weekly_edit, name="weekly_edit"),
    path("cra/<int:pk>/actualiser/", weekly.weekly_refresh, name="weekly_refresh"),
    path("cra/<int:pk>/envoyer/", weekly.weekly_send, name="weekly_send"),
    path("cra/<int:pk>/pdf/", weekly.weekly_pdf, name="weekly_pdf"),
    path("lots/", batches.batch_create, name="batch_create"),
    path("lots/<int:pk>/", batches.batch_detail, name="batch"),
    path("lots/<int:pk>/reprendre/", batches.batch_resume, name="batch_resume"),
    path("lots/<int:pk>/livret/", batches.batch_booklet, name="batch_booklet"),
    path("bilan/", balance.balance, name="balance"),
    path("bilan/<int:pk>/", balance.balance_of_person, name="balance_of"),
    path("bilan/<int:pk>/pdf/", balance.balance_pdf, name="balance_pdf"),
    path("syntheses/", syntheses.synthesis_list, name="synthesis_list"),
    path("syntheses/rediger/", syntheses.synthesis_create, name="synthesis_create"),
    path("syntheses/<int:pk>/", syntheses.synthesis_detail, name="synthesis"),
    path("syntheses/<int:pk>/modifier/", syntheses.synthesis_edit, name="synthesis_edit"),
    path("syntheses/<int:pk>/actualiser/", syntheses.synthesis_refresh, name="synthesis_refresh"),
    path("syntheses/<int:pk>/soumettre/", syntheses.synthesis_submit, name="synthesis_submit"),
    path("syntheses/<int:pk>/rendre/", syntheses.synthesis_send_back, name="synthesis_send_back"),
    path("syntheses/<int:pk>/approuver/", syntheses.synthesis_approve, name="synthesis_approve"),
    path("syntheses/<int:pk>/reediter/", syntheses.synthesis_edit_again, name="synthesis_edit_again"),
    path("syntheses/<int:pk>/pdf/", syntheses.synthesis_pdf, name="synthesis_pdf"),
    path("syntheses/<int:pk>/odt/", syntheses.synthesis_odt, name="synthesis_odt"),
]
