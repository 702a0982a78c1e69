from django.urls import path

from .doubles.urls import urlpatterns as double_urls
from .events.urls import urlpatterns as event_urls
from .frameworks.urls import urlpatterns as framework_urls
from .inspections.urls import urlpatterns as inspection_urls
from .offline.urls import urlpatterns as offline_urls
from .reviews.urls import urlpatterns as review_urls
from .sensitive.urls import urlpatterns as sensitive_urls
from .views import agenda, entry, feeds, practices, reading, remarks, tours, verification
from .watch.urls import urlpatterns as watch_urls

app_name = "visits"
urlpatterns = [
    path("", reading.visit_list, name="list"),
    path("a-visiter/", reading.visit_due, name="due"),
    path("mois-par-mois/", reading.visit_calendar, name="calendar"),
    path("mois-par-mois/visites.pdf", reading.calendar_pdf, name="calendar_pdf"),
    path("calendrier/", agenda.visit_agenda, name="agenda"),
    path("calendrier/calendrier.pdf", agenda.agenda_pdf, name="agenda_pdf"),
    path("bimestres/", reading.visit_bimesters, name="bimesters"),
    path("pratiques/", practices.practice_themes, name="practices"),
    path("observations/<int:pk>/bonne-pratique/", practices.practice_card, name="practice_card"),
    path("pratiques/points/", practices.practice_items, name="practice_items"),
    path("tournees/", tours.tour_list, name="tours"),
    path("tournees/<int:pk>/", tours.tour_detail, name="tour"),
    path("tournees/<int:pk>/tournee.pdf", tours.tour_pdf, name="tour_pdf"),
    path("tournees/<int:pk>/accepter/", tours.tour_accept, name="tour_accept"),
    path("tournees/<int:pk>/abandonner/", tours.tour_drop, name="tour_drop"),
    path("tournees/<int:pk>/recalculer/", tours.tour_again, name="tour_again"),
    path("tournees/<int:pk>/reprendre/", tours.tour_revise, name="tour_revise"),
    path("tournees/<int:pk>/urgence/", tours.tour_urgent, name="tour_urgent"),
    path("tournees/etapes/<int:pk>/deplacer/", tours.tour_move, name="tour_move"),
    path("tournees/etapes/<int:pk>/garder/", tours.tour_hold, name="tour_hold"),
    path("verifier/", verification.verify, name="verify"),
    path("agenda/", feeds.feed, name="feed"),
    path("agenda/lecture/", feeds.feed_mode, name="feed_mode"),
    path("agenda/revoquer/", feeds.feed_revoke, name="feed_revoke"),
    path("agenda/<str:token>.ics", feeds.feed_ics, name="feed_ics"),
    path("indisponibilites/", tours.busy_list, name="busy"),
    path("indisponibilites/<int:pk>/retirer/", tours.busy_delete, name="busy_delete"),
    path("saisir/", entry.visit_create, name="create"),
    path("planifier/", entry.visit_plan, name="plan"),
    path("etablissement/<int:pk>/", reading.establishment_visits, name="establishment_visits"),
    path("<int:pk>/", reading.visit_detail, name="detail"),
    path("<int:pk>/compte-rendu.pdf", reading.report_pdf, name="report_pdf"),
    path("<int:pk>/saisir/", entry.visit_edit, name="edit"),
    path("<int:pk>/annuler/", entry.visit_cancel, name="cancel"),
    path("<int:pk>/reporter/", entry.visit_postpone, name="postpone"),
    path("<int:pk>/transmettre/", entry.visit_share, name="share"),
    path("<int:pk>/repondre/", entry.visit_answer, name="answer"),
    path("observations/<int:pk>/decider/", remarks.remark_decide, name="remark_decide"),
    path("<int:pk>/valider/", entry.visit_validate, name="validate"),
    *offline_urls,
    *sensitive_urls,
    *review_urls,
    *event_urls,
    *framework_urls,
    *double_urls,
    *watch_urls,
    *inspection_urls,
]
