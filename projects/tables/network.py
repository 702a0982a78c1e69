from django.utils.html import format_html

from core.french import period
from core.tables import ListColumn, ListTable
from core.templatetags.ui import tone_of
from establishments.vocabulary import said, titled

from ..models import LocalAction, NetworkEvent, Partner, TraineePlace, TransversalProject
from .actions import BADGE


class StatusTable(ListTable):
    """Base of the lists whose rows have a status and a period."""

    def cell_status(self, row):
        return format_html(BADGE, tone_of(row.status, model=row._meta.model_name), row.get_status_display())

    def cell_starts_on(self, row):
        return period(row.starts_on, row.ends_on)


class TransversalTable(StatusTable):
    noun, noun_plural = "projet", "projets"
    empty_title = "Aucun projet transversal"
    empty_text = said("Les projets qui descendent dans vos {establishment.plural} paraîtront ici.")

    title = ListColumn(verbose_name="Projet", header=True)
    territory = ListColumn(verbose_name="Territoire", accessor="territory__name")
    status = ListColumn(verbose_name="Statut")
    starts_on = ListColumn(verbose_name="Période")
    n_houses = ListColumn(verbose_name=titled("{establishment.plural}"), numeric=True)
    share = ListColumn(verbose_name="Déployé (%)", numeric=True, orderable=False, empty_values=())
    ends_on = ListColumn(verbose_name="Fin", export_only=True)

    class Meta:
        model = TransversalProject
        fields = ["title", "territory", "status", "starts_on", "n_houses", "share"]
        sequence = [*fields, "ends_on"]

    def value_share(self, project):
        pairs = project.n_houses * project.n_milestones
        return round(100 * project.n_reached / pairs) if pairs else None


class PartnerTable(ListTable):
    noun, noun_plural = "partenaire", "partenaires"
    empty_title = "Aucun partenaire"
    empty_text = "L’annuaire est vide\u00a0: ajoutez la PMI, la CAF, les écoles, la bibliothèque…"

    name = ListColumn(verbose_name="Partenaire", header=True)
    kind = ListColumn(verbose_name="Type")
    territory = ListColumn(verbose_name="Territoire", accessor="territory__name")
    last_on = ListColumn(verbose_name="Dernier échange")
    n_open = ListColumn(verbose_name="Engagements en attente", numeric=True)

    class Meta:
        model = Partner
        fields = ["name", "kind", "territory", "last_on", "n_open"]


class LocalActionTable(StatusTable):
    noun, noun_plural = "action locale", "actions locales"
    empty_title = "Aucune action locale"
    empty_text = "Les actions menées avec les partenaires paraîtront ici."

    title = ListColumn(verbose_name="Action locale", header=True)
    territory = ListColumn(verbose_name="Territoire", accessor="territory__name")
    status = ListColumn(verbose_name="Statut")
    starts_on = ListColumn(verbose_name="Période")
    families_reached = ListColumn(verbose_name="Familles touchées", numeric=True)
    ends_on = ListColumn(verbose_name="Fin", export_only=True)
    balance = ListColumn(verbose_name="Bilan", export_only=True, orderable=False)

    class Meta:
        model = LocalAction
        fields = ["title", "territory", "status", "starts_on", "families_reached"]
        sequence = [*fields, "ends_on", "balance"]


class EventTable(StatusTable):
    noun, noun_plural = "événement", "événements"
    empty_title = "Aucun événement"
    empty_text = "Semaines à thème, séminaires et journées du réseau paraîtront ici."

    title = ListColumn(verbose_name="Titre", header=True)
    kind = ListColumn(verbose_name="Type")
    territory = ListColumn(verbose_name="Territoire", accessor="territory__name")
    starts_on = ListColumn(verbose_name="Période")
    status = ListColumn(verbose_name="Statut")
    n_houses = ListColumn(verbose_name=titled("{establishment.plural}"), numeric=True)
    balance = ListColumn(verbose_name="Bilan", export_only=True, orderable=False)

    class Meta:
        model = NetworkEvent
        fields = ["title", "kind", "territory", "starts_on", "status", "n_houses"]
        sequence = [*fields, "balance"]


class TraineeTable(ListTable):
    noun, noun_plural = "offre", "offres"
    empty_title = "Aucune place de stage"
    empty_text = said("Les places de stage de vos {establishment.plural} paraîtront ici.")

    diploma = ListColumn(verbose_name="Formation", header=True)
    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name")
    school = ListColumn(verbose_name="École")
    starts_on = ListColumn(verbose_name="Du")
    ends_on = ListColumn(verbose_name="Au")
    offered = ListColumn(verbose_name="Offertes", numeric=True)
    taken = ListColumn(verbose_name="Prises", numeric=True)

    class Meta:
        model = TraineePlace
        fields = ["diploma", "establishment", "school", "starts_on", "ends_on", "offered", "taken"]


class ReadTraineeTable(TraineeTable):
    """For who reads the places and changes none: a row opens nothing."""

    diploma = ListColumn(verbose_name="Formation")

    class Meta(TraineeTable.Meta):
        pass
