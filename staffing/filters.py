import django_filters
from django.db.models import Q

from core.inputs import DayInput
from establishments.door import PerimeterFilterSet
from establishments.filters import TerritoryFilter
from establishments.models import Capability, Establishment
from establishments.vocabulary import titled

from .models import AgencyBooking, Interim, LeavePlan, LeaveRequest, Posting, StaffingNeed


class LeaveFilter(PerimeterFilterSet):
    capability = Capability.VIEW_STAFF
    search_columns = ("employee__search_name",)
    search_label = titled("{employee}")

    establishment = django_filters.ModelChoiceFilter(
        label=titled("{establishment}"), queryset=Establishment.objects.all()
    )
    territory = TerritoryFilter()
    status = django_filters.ChoiceFilter(label="Statut", choices=LeaveRequest.Status)
    since = django_filters.DateFilter(label="À partir du", field_name="ends_on", lookup_expr="gte", widget=DayInput())
    until = django_filters.DateFilter(label="Jusqu’au", field_name="starts_on", lookup_expr="lte", widget=DayInput())
    kind = django_filters.ChoiceFilter(label="Type", choices=LeaveRequest.Kind)

    class Meta:
        model = LeaveRequest
        fields = ["establishment", "territory", "status", "since", "until", "kind"]


class InterimFilter(PerimeterFilterSet):
    capability = Capability.VIEW_STAFF
    search_columns = ("employee__search_name",)
    search_label = titled("{employee}")

    establishment = django_filters.ModelChoiceFilter(
        label=titled("{establishment}"), queryset=Establishment.objects.all()
    )
    status = django_filters.ChoiceFilter(label="Statut", choices=Interim.Status)
    since = django_filters.DateFilter(label="À partir du", field_name="ends_on", lookup_expr="gte", widget=DayInput())

    class Meta:
        model = Interim
        fields = ["establishment", "status", "since"]


class LeavePlanFilter(PerimeterFilterSet):
    capability = Capability.VIEW_STAFF

    establishment = django_filters.ModelChoiceFilter(
        label=titled("{establishment}"), queryset=Establishment.objects.all()
    )
    territory = TerritoryFilter()
    status = django_filters.ChoiceFilter(label="Statut", choices=LeavePlan.Status)
    season = django_filters.ChoiceFilter(label="Période", choices=LeavePlan.Season)

    class Meta:
        model = LeavePlan
        fields = ["establishment", "territory", "status", "season"]


class PostingFilter(PerimeterFilterSet):
    capability = Capability.VIEW_STAFF
    search_columns = ("employee__search_name",)
    search_label = titled("{employee}")

    establishment = django_filters.ModelChoiceFilter(
        label=titled("{establishment}"), queryset=Establishment.objects.all()
    )
    territory = TerritoryFilter()
    job = django_filters.ChoiceFilter(label="Métier", choices=Posting.Job)
    has_hours = django_filters.BooleanFilter(label="Horaires enregistrés", field_name="has_hours")

    class Meta:
        model = Posting
        fields = ["establishment", "territory", "job"]


class NeedFilter(PerimeterFilterSet):
    capability = Capability.VIEW_STAFF

    establishment = django_filters.ModelChoiceFilter(
        label=titled("{establishment}"), queryset=Establishment.objects.all()
    )
    territory = TerritoryFilter()
    status = django_filters.ChoiceFilter(label="Statut", choices=StaffingNeed.Status)
    since = django_filters.DateFilter(label="À partir du", field_name="on", lookup_expr="gte", widget=DayInput())
    until = django_filters.DateFilter(label="Jusqu’au", field_name="on", lookup_expr="lte", widget=DayInput())
    alone = django_filters.BooleanFilter(label="Sans réponse", method="without_answer")

    class Meta:
        model = StaffingNeed
        fields = ["establishment", "territory", "status", "since", "until", "alone"]

    def without_answer(self, needs, name, value):
        """Still to be covered, or covered: neither float agent nor agency."""
        nobody = Q(has_float=False, has_agency=False)
        return needs.filter(nobody, status__in=StaffingNeed.OPEN) if value else needs.exclude(nobody)


class BookingFilter(PerimeterFilterSet):
    capability = Capability.VIEW_STAFF
    establishment = django_filters.ModelChoiceFilter(
        label=titled("{establishment}"), field_name="need__establishment", queryset=Establishment.objects.all()
    )
    status = django_filters.ChoiceFilter(label="Statut", choices=AgencyBooking.Status)
    provider = django_filters.CharFilter(label="Prestataire", lookup_expr="icontains", max_length=120)
    since = django_filters.DateFilter(label="À partir du", field_name="need__on", lookup_expr="gte", widget=DayInput())
    until = django_filters.DateFilter(label="Jusqu’au", field_name="need__on", lookup_expr="lte", widget=DayInput())

    class Meta:
        model = AgencyBooking
        fields = ["establishment", "status", "provider", "since", "until"]
