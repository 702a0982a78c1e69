"""The watch on practices: what was observed, counted by theme or by item, and by year."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.pages import list_page
from establishments.door import can, get_visible_or_404, require_capability
from establishments.models import Capability

from ..cards import card_of, speaks_for
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
        template="visits/visit_list.html",
        title="Pratiques observées, par thème",
        intro="Ce que les visites ont relevé, thème par thème et année par année. « Non observé » est neutre.",
        actions=[
            ("Cartes de bonnes pratiques", reverse("projects:practice_list")),
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
        template="visits/visit_list.html",
        title="Pratiques observées, point par point",
        intro="Un point garde sa clé d’une version de la grille à l’autre : ses années se comparent.",
        actions=[("Par thème", reverse("visits:practices")), ("Toutes les visites", reverse("visits:list"))],
    )


@require_POST
def practice_card(request, pk):
    """One click: the observation becomes a card, agreed by the side of who clicks; the other one is asked."""
    observation = get_visible_or_404(
        Observation.objects.shareable().select_related("item__theme", "visit__establishment"),
        request.user,
        Capability.READ_TRANSMITTED,
        pk=pk,
    )
    side = speaks_for(request.user, observation, can)
    if side is None:
        raise PermissionDenied
    card, created = card_of(observation, side, by=request.user)
    if created:
        messages.success(request, "Carte proposée\u00a0: l’autre côté doit l’agréer.")
    return redirect(card)
