from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from core.compiled import rows_once
from core.french import NNBSP, short_date
from core.tables import ListColumn, ListTable, badge, sub
from core.templatetags.ui import tone_of
from establishments.models import Establishment
from establishments.vocabulary import said, titled, words

from .bimesters import BIMESTERS, LABELS, label_of
from .freshness import TONES, due_on, standing, why
from .models import BusyPeriod, TourPlan, Visit

LISTED = [
    *("visited_on", "planned_on", "kind", "status", "report_status"),
    *("establishment__name", "coordinator__first_name", "coordinator__last_name", "coordinator__email"),
]


@rows_once
def listed(*visits):
    """Rows of VisitTable, of visits given by their keys: a list shows nine of their sixty columns."""
    return Visit.objects.filter(pk__in=visits).select_related("establishment", "coordinator").only(*LISTED)


class VisitTable(ListTable):
    noun, noun_plural = "visite", "visites"
    empty_title = "Aucune visite"
    empty_text = said("Les visites planifiées et réalisées de vos {establishment.plural} paraîtront ici.")

    visited_on = ListColumn(verbose_name="Date", order_by=("visited_on", "planned_on"))
    establishment = ListColumn(verbose_name=titled("{establishment}"), header=True, accessor="establishment__name")
    kind = ListColumn(verbose_name="Type")
    coordinator = ListColumn(verbose_name="Par", order_by=("coordinator__last_name",))
    status = ListColumn(verbose_name="Visite")
    status_reason = ListColumn(verbose_name="Motif", export_only=True)
    report_status = ListColumn(verbose_name="Compte rendu")
    answer_due_on = ListColumn(verbose_name="Réponse jusqu’au", export_only=True)

    class Meta:
        model = Visit
        fields = ["visited_on", "establishment", "kind", "coordinator", "status", "report_status"]
        sequence = [*fields, "status_reason", "answer_due_on"]

    def value_visited_on(self, visit):
        return visit.happens_on

    def value_coordinator(self, visit):
        return visit.coordinator.short_name

    def value_report_status(self, visit):
        return visit.get_report_status_display() if visit.status == Visit.Status.DONE else ""

    def cell_status(self, visit):
        return badge(visit.get_status_display(), tone_of(visit.status, model="visit"))

    def cell_report_status(self, visit):
        label = self.value_report_status(visit)
        return badge(label, tone_of(visit.report_status, model="visit")) if label else "—"


class DueTable(ListTable):
    """Houses by lateness: what is due, and the two ways to answer it. Rows of `views.due_rows`."""

    noun, noun_plural = said("{establishment}"), said("{establishment.plural}")
    empty_title = titled("{establishment.aucun}")
    empty_text = said("Votre mandat ne couvre {establishment.aucun} à visiter.")

    name = ListColumn(verbose_name=titled("{establishment}"), header=True)
    sector_name = ListColumn(verbose_name=titled("{sector}"))
    last_visit_on = ListColumn(verbose_name="Dernière visite", export_only=True)
    due_on = ListColumn(verbose_name="À faire avant le", accessor="last_visit_on", order_by=("last_visit_on",))
    freshness = ListColumn(verbose_name="Situation", order_by=("freshness", "last_visit_on"))
    next_planned_on = ListColumn(verbose_name="Prévue le", export_only=True)
    act = ListColumn(verbose_name="Agir", accessor="pk", screen_only=True, orderable=False)

    class Meta:
        model = Establishment
        fields = ["name", "sector_name", "last_visit_on", "due_on", "freshness", "next_planned_on", "act"]

    def __init__(self, *args, **kwargs):
        self.day = timezone.localdate()
        self.base_columns["sector_name"].verbose_name = words()["sector"].cap
        super().__init__(*args, **kwargs)

    def value_due_on(self, establishment):
        return due_on(establishment, self.day)

    def cell_due_on(self, establishment):
        if establishment.last_visit_on is None:
            first = due_on(establishment, self.day)
            if first is None:
                return "—"
            return sub(short_date(first), "première visite")
        reason = f"{NNBSP}; {why(establishment)}" if establishment.takes_office else ""
        last = f"dernière le {short_date(establishment.last_visit_on)}{reason}"
        return sub(short_date(due_on(establishment, self.day)), last)

    def value_freshness(self, establishment):
        return standing(establishment, self.day).label

    def cell_freshness(self, establishment):
        planned = establishment.next_planned_on
        state = badge(self.value_freshness(establishment), TONES[establishment.freshness])
        return sub(state, f"prévue le {short_date(planned)}" if planned else "")

    def cell_act(self, establishment):
        if not establishment.may_log:
            return "—"
        return format_html(
            '<a href="{0}?etablissement={2}">Saisir<span class="visually-hidden"> une visite, {3}</span></a>\u00a0· '
            '<a href="{1}?etablissement={2}">Planifier<span class="visually-hidden"> une visite, {3}</span></a>',
            reverse("visits:create"),
            reverse("visits:plan"),
            establishment.pk,
            establishment.name,
        )


class BimesterTable(ListTable):
    """« 6 bimestres sur 6 », house by house. Rows of `bimesters.with_bimesters`."""

    noun, noun_plural = said("{establishment}"), said("{establishment.plural}")
    empty_title = titled("{establishment.aucun}")
    empty_text = said("Votre mandat ne couvre {establishment.aucun} à visiter.")

    name = ListColumn(verbose_name=titled("{establishment}"), header=True)
    sector_name = ListColumn(verbose_name="Secteur")
    bimester_1 = ListColumn(verbose_name=LABELS[0])
    bimester_2 = ListColumn(verbose_name=LABELS[1])
    bimester_3 = ListColumn(verbose_name=LABELS[2])
    bimester_4 = ListColumn(verbose_name=LABELS[3])
    bimester_5 = ListColumn(verbose_name=LABELS[4])
    bimester_6 = ListColumn(verbose_name=LABELS[5])
    total = ListColumn(verbose_name="Sur l’année", accessor="pk", orderable=False)

    class Meta:
        model = Establishment
        fields = ["name", "sector_name", *[f"bimester_{index}" for index in BIMESTERS], "total"]

    def __init__(self, *args, **kwargs):
        self.base_columns["sector_name"].verbose_name = words()["sector"].cap
        super().__init__(*args, **kwargs)

    def value_total(self, house):
        return label_of(house)


class TourTable(ListTable):
    noun, noun_plural = "tournée", "tournées"
    empty_title = "Aucune tournée"
    empty_text = "La première se demande ci-dessus : elle propose, vous décidez."

    name = ListColumn(verbose_name="Tournée", header=True, accessor="starts_on")
    owner = ListColumn(verbose_name=titled("{coordinator}"))
    territory = ListColumn(verbose_name="Territoire")
    status = ListColumn(verbose_name="État")
    outcome = ListColumn(verbose_name="Bilan")
    distance_km = ListColumn(verbose_name="Kilomètres", numeric=True, decimals=1)
    created_at = ListColumn(verbose_name="Demandée le")

    class Meta:
        model = TourPlan
        fields = ["name", "owner", "territory", "status", "outcome", "distance_km", "created_at"]

    def value_name(self, plan):
        return str(plan)

    def value_owner(self, plan):
        return str(plan.owner)

    def value_territory(self, plan):
        return str(plan.territory or "Tous")


class BusyTable(ListTable):
    noun, noun_plural = "indisponibilité", "indisponibilités"
    empty_title = "Aucune indisponibilité"
    empty_text = "Les tournées vous croient libre tous les jours ouvrés."

    starts_on = ListColumn(verbose_name="Du")
    ends_on = ListColumn(verbose_name="Au")
    half_day = ListColumn(verbose_name="Moment")
    act = ListColumn(verbose_name="Retirer", accessor="pk", screen_only=True, orderable=False)

    class Meta:
        model = BusyPeriod
        fields = ["starts_on", "ends_on", "half_day", "act"]

    def cell_act(self, busy):
        return format_html(
            '<button class="btn quiet small" form="retirer" formaction="{}">Retirer'
            '<span class="visually-hidden"> l’indisponibilité du {}</span></button>',
            reverse("visits:busy_delete", args=[busy.pk]),
            short_date(busy.starts_on),
        )
