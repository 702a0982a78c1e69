from django.utils.html import format_html

from core.tables import ListColumn, ListTable
from core.templatetags.ui import tone_of
from establishments.vocabulary import said, titled

from .models import AgencyBooking, Interim, LeavePlan, LeaveRequest, Posting, StaffingNeed

BADGE = '<span class="badge tone-{}">{}</span>'
CHOICE = '<input type="checkbox" name="demandes" value="{}" form="{}" aria-label="Sélectionner {}">'
SELECTION = "selection-de-conges"  # the form of the page that the boxes belong to


class LeaveTable(ListTable):
    """Requests; `decidable` holds the houses whose pending requests the reader may grant together."""

    noun, noun_plural = "demande de congé", "demandes de congé"
    empty_title = "Aucune demande"
    empty_text = said("Les congés proposés par vos {establishment.plural} paraîtront ici.")

    employee = ListColumn(
        verbose_name=titled("{employee}"), header=True, order_by=("employee__last_name", "employee__first_name")
    )
    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name")
    starts_on = ListColumn(verbose_name="Du")
    ends_on = ListColumn(verbose_name="Au")
    days = ListColumn(verbose_name="Jours", numeric=True, orderable=False)
    part = ListColumn(verbose_name="Durée", export_only=True)
    kind = ListColumn(verbose_name="Type")
    status = ListColumn(verbose_name="Statut")
    proposed_at = ListColumn(verbose_name="Proposé le")
    refusal_reason = ListColumn(verbose_name="Motif de service", export_only=True)
    choice = ListColumn(verbose_name="Accorder", screen_only=True, orderable=False, empty_values=())

    class Meta:
        model = LeaveRequest
        fields = ["employee", "establishment", "starts_on", "ends_on", "days", "kind", "status", "proposed_at"]
        sequence = [*fields, "part", "refusal_reason", "choice"]

    def __init__(self, *args, decidable, user, **kwargs):
        self.decidable, self.user = decidable, user
        super().__init__(*args, exclude=() if decidable else ("choice",), **kwargs)

    def value_proposed_at(self, leave):
        return leave.proposed_at.date()

    def cell_status(self, leave):
        return format_html(BADGE, tone_of(leave.status, model="leaverequest"), leave.get_status_display())

    def cell_starts_on(self, leave):
        part = (
            ""
            if leave.part == leave.Part.DAY
            else format_html('<span class="sub">{}</span>', leave.get_part_display())
        )
        return format_html("{}{}", f"{leave.starts_on:%d/%m/%Y}", part)

    def cell_choice(self, leave):
        mine = leave.employee.user_id == self.user.pk
        if leave.status != leave.Status.PROPOSED or mine or leave.establishment_id not in self.decidable:
            return ""
        return format_html(CHOICE, leave.pk, SELECTION, leave)


class InterimTable(ListTable):
    noun, noun_plural = "intérim", "intérims"
    empty_title = "Aucun intérim"
    empty_text = "Les intérims confiés depuis la page de continuité paraîtront ici."

    employee = ListColumn(verbose_name=titled("{employee}"), header=True, order_by=("employee__last_name", "pk"))
    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name")
    starts_on = ListColumn(verbose_name="Du")
    ends_on = ListColumn(verbose_name="Au")
    status = ListColumn(verbose_name="Statut")
    appointed_by = ListColumn(verbose_name="Confié par", orderable=False)

    class Meta:
        model = Interim
        fields = ["employee", "establishment", "starts_on", "ends_on", "status", "appointed_by"]
        sequence = fields


class LeavePlanTable(ListTable):
    noun, noun_plural = said("{leave_plan}"), said("{leave_plan.plural}")
    empty_title = "Aucun planning"
    empty_text = said("Un planning rassemble les {leave.plural} d’une période, pour les décider ensemble.")

    title = ListColumn(verbose_name="Planning", header=True, order_by=("starts_on",))
    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name")
    starts_on = ListColumn(verbose_name="Du")
    ends_on = ListColumn(verbose_name="Au")
    status = ListColumn(verbose_name="Statut")
    asked = ListColumn(verbose_name="Demandes", numeric=True)
    pending = ListColumn(verbose_name="À décider", numeric=True)
    granted = ListColumn(verbose_name="Accordées", numeric=True)
    refused = ListColumn(verbose_name="Refusées", numeric=True)

    class Meta:
        model = LeavePlan
        fields = ["title", "establishment", "starts_on", "ends_on", "status", "asked", "pending", "granted", "refused"]
        sequence = fields

    def cell_status(self, plan):
        return format_html(BADGE, tone_of(plan.status, model="leaveplan"), plan.get_status_display())


class PostingTable(ListTable):
    noun, noun_plural = "affectation", "affectations"
    empty_title = "Aucune affectation"
    empty_text = "Importez un fichier, ou enregistrez les affectations dans l’administration."

    employee = ListColumn(verbose_name=titled("{employee}"), order_by=("employee__last_name", "employee__first_name"))
    staff_number = ListColumn(verbose_name="Matricule", accessor="employee__staff_number", export_only=True)
    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name")
    job = ListColumn(verbose_name="Métier")
    category = ListColumn(verbose_name="Catégorie", numeric=True)
    fte = ListColumn(verbose_name="ETP", numeric=True, decimals=2)
    weekly_days = ListColumn(verbose_name="Jours par semaine", numeric=True)
    starts_on = ListColumn(verbose_name="Depuis")
    ends_on = ListColumn(verbose_name="Jusqu’au", export_only=True)
    has_hours = ListColumn(verbose_name="Horaires enregistrés")

    class Meta:
        model = Posting
        fields = ["employee", "staff_number", "establishment", "job", "category", "fte", "weekly_days", "starts_on"]
        sequence = [*fields, "ends_on", "has_hours"]

    def value_category(self, posting):
        return posting.category

    def value_employee(self, posting):
        return str(posting.employee)


class NeedTable(ListTable):
    noun, noun_plural = "besoin de renfort", "besoins de renfort"
    empty_title = "Aucun besoin de renfort"
    empty_text = "Quand le taux ne tient pas, la page de l’équipe et celle d’un congé proposent d’en demander un."

    on = ListColumn(verbose_name="Jour", header=True)
    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="establishment__name")
    starts_at = ListColumn(verbose_name="De")
    ends_at = ListColumn(verbose_name="À")
    half_hours = ListColumn(verbose_name="Demi-heures", numeric=True)
    children = ListColumn(verbose_name="Enfants", numeric=True)
    status = ListColumn(verbose_name="Statut")
    answer = ListColumn(verbose_name="Réponse", orderable=False, empty_values=())
    asked_at = ListColumn(verbose_name="Demandé le")

    class Meta:
        model = StaffingNeed
        fields = ["on", "establishment", "starts_at", "ends_at", "half_hours", "children", "status", "answer"]
        sequence = [*fields, "asked_at"]

    def value_asked_at(self, need):
        return need.asked_at.date()

    def value_answer(self, need):
        """What was found: somebody of the pool, an agency, or nobody yet."""
        found = [text for text, is_so in (("pool volant", need.has_float), ("intérim", need.has_agency)) if is_so]
        return ", ".join(found) or ("personne" if need.status in need.OPEN else "—")

    def cell_status(self, need):
        return format_html(BADGE, tone_of(need.status, model="staffingneed"), need.get_status_display())


class BookingTable(ListTable):
    """For the finance service: what was ordered, delivered and invoiced, and the two gaps."""

    noun, noun_plural = "commande d’intérim", "commandes d’intérim"
    empty_title = "Aucune commande"
    empty_text = "Des heures se commandent depuis la page d’un besoin validé par deux accords."

    provider = ListColumn(verbose_name="Prestataire", header=True)
    establishment = ListColumn(verbose_name=titled("{establishment}"), accessor="need__establishment__name")
    on = ListColumn(verbose_name="Jour", accessor="need__on")
    hours_ordered = ListColumn(verbose_name="Commandées (h)", numeric=True, decimals=2)
    hours_delivered = ListColumn(verbose_name="Effectuées (h)", numeric=True, decimals=2)
    hours_invoiced = ListColumn(verbose_name="Facturées (h)", numeric=True, decimals=2)
    delivery_gap = ListColumn(verbose_name="Écart effectué – commandé", numeric=True, decimals=2)
    invoice_gap = ListColumn(verbose_name="Écart facturé – effectué", numeric=True, decimals=2)
    status = ListColumn(verbose_name="Statut")

    class Meta:
        model = AgencyBooking
        fields = ["provider", "establishment", "on", "hours_ordered", "hours_delivered", "hours_invoiced"]
        sequence = [*fields, "delivery_gap", "invoice_gap", "status"]

    def cell_status(self, booking):
        return format_html(BADGE, tone_of(booking.status, model="agencybooking"), booking.get_status_display())


class AdmissionTable(ListTable):
    """Houses for a simulated place, the best first; each name draws its half-hours."""

    noun, noun_plural = said("{establishment}"), said("{establishment.plural}")
    empty_title = "Rien à comparer"
    empty_text = "Aucune maison n’est ouverte à cette date dans votre périmètre, ou la demande est à corriger."

    name = ListColumn(verbose_name=titled("{establishment}"))
    verdict = ListColumn(verbose_name="Résultat")
    broken = ListColumn(verbose_name="Demi-heures en plus", numeric=True)
    weeks = ListColumn(verbose_name="Semaines", numeric=True)
    room = ListColumn(verbose_name="Places restantes", numeric=True)
    reason = ListColumn(verbose_name="Raison", orderable=False)

    def cell_verdict(self, row):
        return format_html(BADGE, row.tone, row.verdict)

    def cell_name(self, row):
        query = self.request.GET.copy()
        query["voir"] = row.pk
        return format_html('<a href="?{}#demi-heures">{}</a>', query.urlencode(), row.name)


def admission_table(rows, request=None):
    return AdmissionTable(rows, request=request)


class WeekTable(ListTable):
    """Weeks of a month against their hours."""

    noun, noun_plural = "semaine", "semaines"
    empty_title = "Aucune semaine jugée"
    empty_text = "Les places autorisées ne sont pas connues, ou ce type d’accueil n’a pas de limite à la semaine."

    dates = ListColumn(verbose_name="Semaine", orderable=False)
    presence = ListColumn(verbose_name="Heures de présence", numeric=True, orderable=False)
    capacity = ListColumn(verbose_name="Capacité en heures", numeric=True, orderable=False)
    rate = ListColumn(verbose_name="Taux (100\u202f% au plus)", numeric=True, orderable=False)
    over = ListColumn(verbose_name="Demi-heures au-delà de 115\u202f%", numeric=True)
    state = ListColumn(verbose_name="État")
    article = ListColumn(verbose_name="Article", orderable=False)

    def cell_state(self, week):
        return format_html(BADGE, "good" if week.is_met else "alert", week.state)


def week_table(rows, request=None):
    return WeekTable(rows, request=request)
