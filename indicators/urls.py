from django.urls import path

from .entry.urls import urlpatterns as entry
from .importing.urls import urlpatterns as importing
from .views import (
    activity,
    budget,
    comparison,
    completeness,
    context,
    explaining,
    hours,
    house,
    overview,
    places,
    territory,
)

app_name = "indicators"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("comparaison/", comparison.comparison, name="comparison"),
    path("completude/", completeness.completeness, name="completeness"),
    path("territoires/<int:pk>/", territory.territory, name="territory"),
    path("territoires/<int:pk>/indicateurs.pdf", territory.territory_pdf, name="territory_pdf"),
    path("budget/", budget.budget, name="budget"),
    path("places/", places.vacant_places, name="places"),
    path("places/gelees/", places.frozen_places, name="frozen_places"),
    path("heures-libres/", hours.free_hours, name="free_hours"),
    path("contexte/", context.context, name="context"),
    path("expliquer/", explaining.rate_explain, name="explain"),
    path("etablissement/<int:pk>/", house.establishment_activity, name="establishment_activity"),
    path("etablissement/<int:pk>/heures/", hours.establishment_hours, name="establishment_hours"),
    path("etablissement/<int:pk>/mois/", activity.activity_edit, name="activity_edit"),
    path("etablissement/<int:pk>/psu/", house.establishment_psu, name="establishment_psu"),
    path("<int:pk>/soumettre/", activity.activity_submit, name="activity_submit"),
    path("<int:pk>/valider/", activity.activity_validate, name="activity_validate"),
    path("<int:pk>/clore/", activity.activity_close, name="activity_close"),
    path("<int:pk>/rouvrir/", activity.activity_reopen, name="activity_reopen"),
    *entry,
    *importing,
]
