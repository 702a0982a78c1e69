"""A place simulated for the allocation committee: where it would break, which houses would hold. No family's data."""

from django.utils import timezone

from core.french import counted
from core.pages import list_page, readable_query
from establishments.door import require_capability
from establishments.models import Capability, Establishment
from establishments.vocabulary import words
from indicators.sections import sections

from ..admission_page import answer_of
from ..forms.admissions import AdmissionForm, admission_of
from ..tables import admission_table

READ = Capability.VIEW_AGGREGATES
MOST_HOUSES = 80
ASKED = ["age", "jours"]


def admission(request):
    require_capability(request.user, READ)
    request.GET, today = readable_query(request.GET), timezone.localdate()
    data = request.GET if any(name in request.GET for name in ASKED) else None
    form = AdmissionForm(data, user=request.user, today=today)
    asked = form.asked
    houses = _houses(request, asked) if asked else []
    found = asked and answer_of(
        houses, admission_of(asked), asked["des_le"], asked["semaines"], today, _chosen(request, asked)
    )
    return list_page(
        request,
        list(found.houses) if found else [],
        filterset_class=None,
        table_class=admission_table,
        template="staffing/admission.html",
        title="Simuler une place",
        narrowing=form,
        found=found,
        sentence=_sentence(found),
        most=MOST_HOUSES if len(houses) == MOST_HOUSES else 0,
        tabs=sections(request, "staffing:admission"),
    )


def _houses(request, asked):
    mine = Establishment.objects.visible_to(request.user, READ).open_on(asked["des_le"])
    mine = mine.within(asked["territoire"]) if asked["territoire"] else mine
    if asked["etablissement"]:
        mine = mine.filter(pk=asked["etablissement"].pk)
    return list(mine.order_by("name", "pk").values_list("pk", flat=True)[:MOST_HOUSES])


def _chosen(request, asked):
    """The house whose half-hours are drawn: asked for by a link of the table."""
    text = request.GET.get("voir", "")
    return int(text) if text.isdecimal() and len(text) < 18 else None


def _sentence(found):
    if not found:
        return "Corrigez ce qui est signalé\u00a0: rien n’est calculé."
    holding = sum(row.tone == "good" for row in found.houses)
    return f"{words()['establishment'].counted(holding)} sur {len(found.houses)} où tout tiendrait{_seats(found)}."


def _seats(found):
    room = [row.found.room for row in found.houses if row.tone == "good" and row.found.room is not None]
    return f", {counted(max(room), 'place libre', 'places libres')} au mieux" if room and max(room) > 0 else ""
