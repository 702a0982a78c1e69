from django.utils import timezone
from django.views.decorators.http import require_GET

from core.pages import list_page, readable_query
from core.tables import ListColumn, ListTable
from establishments.asof import as_of
from establishments.door import require_capability
from establishments.models import Capability
from establishments.vocabulary import said, titled

from .facts import warned_houses
from .rules import RULES


class WarningTable(ListTable):
    noun, noun_plural = said("{establishment} à regarder"), said("{establishment.plural} à regarder")
    empty_title = "Aucun signal"
    empty_text = titled("{establishment.aucun} n’allume deux signaux aujourd’hui.")

    name = ListColumn(verbose_name=titled("{establishment}"), header=True, accessor="house__name", orderable=False)
    count = ListColumn(verbose_name="Signaux", numeric=True, empty_values=(), orderable=False)
    reasons = ListColumn(verbose_name="Pourquoi", empty_values=(), orderable=False)

    class Meta:
        fields = ["name", "count", "reasons"]

    def value_count(self, warned):
        return len(warned.lit)

    def value_reasons(self, warned):
        return " ".join(signal.sentence for signal in warned.lit)


@require_GET
def warnings(request):
    """Houses to look at, each with the sentences of its signals; the rules are printed under the list."""
    require_capability(request.user, Capability.VIEW)
    request.GET = readable_query(request.GET)
    when = as_of(request.GET, timezone.localdate())
    return list_page(
        request,
        warned_houses(request.user, min(when.day, when.today)),
        filterset_class=None,
        table_class=WarningTable,
        template="dashboard/warnings.html",
        title="Signaux de vigilance",
        intro="Des signaux lisibles, chacun avec sa règle. Aucune note, aucun classement de personnes.",
        rules=RULES,
        when=when,
    )
