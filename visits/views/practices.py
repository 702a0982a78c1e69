"""The watch on practices: what was observed, counted by theme or by item, and by year."""

from django.urls import reverse

from core.pages import list_page
from establishments.door import require_capability
from establishments.models import Capability

from ..filters import ItemPracticeFilter, PracticeFilter
from ..models import Observation
from ..practice_tables import ItemPracticeTable, PracticeTable


def practice_themes(request):
    require_capability(request.user, Capability.VIEW)
    return list_page(
        request,
        Observation.objects.visible_to(request.user),
        filterset_class=PracticeFilter,
        table_class=PracticeTable,
        title="Pratiques observées, par thème",
        intro="Ce que les visites ont relevé, thème par thème et année par année. « Non observé » est neutre.",
        actions=[
            ("Point par point", reverse("visits:practice_items")),
            ("Toutes les visites", reverse("visits:list")),
        ],
    )


def practice_items(request):
    require_capability(request.user, Capability.VIEW)
    return list_page(
        request,
        Observation.objects.visible_to(request.user),
        filterset_class=ItemPracticeFilter,
        table_class=ItemPracticeTable,
        title="Pratiques observées, point par point",
        intro="Un point garde sa clé d’une version de la grille à l’autre : ses années se comparent.",
        actions=[("Par thème", reverse("visits:practices")), ("Toutes les visites", reverse("visits:list"))],
    )
