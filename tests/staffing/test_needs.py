"""A need of staff carries its proof, takes two agreements, and an order of an agency keeps its gaps."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import Notification
from establishments.models import Closure, JournalEntry
from establishments.workflow import TransitionRefused
from staffing.attention import attention
from staffing.models import AgencyBooking, LeaveRequest, StaffingNeed
from staffing.need_proof import Proof, proof_of
from tests.factories import TODAY
from tests.pdf_reading import extract_text
from tests.staffing.factories import LeaveFactory, NeedFactory, approved, expect, short_staffed, worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
D, T = datetime.date, datetime.time
DAY = D(2026, 3, 24)


def wanted(house, **given):
    return StaffingNeed(**{"establishment": house, "on": DAY, "starts_at": T(8), "ends_at": T(17)} | given)


class TestProof:
    def test_every_half_hour_under_the_ratio_is_proved_with_its_article(self, creche):
        short_staffed(creche)
        proof = proof_of(creche, DAY)
        assert (proof.half_hours, proof.children, proof.bounds) == (22, 13, (450, 1110))
        ((message, article), *_) = proof.stretches[0].broken
        assert "13 enfants" in message
        assert article.startswith("CSP R. 2324-4")
        assert [str(step.option) for step in proof.steps][0] == "agent volant"

    def test_only_the_hours_asked_are_counted(self, creche):
        short_staffed(creche)
        assert proof_of(creche, DAY, between=(600, 690)).half_hours == 3

    def test_a_second_professional_leaves_nothing_to_prove(self, creche):
        short_staffed(creche)
        worker(creche, 9, 18.5)
        assert proof_of(creche, DAY).half_hours == 3

    def test_what_is_stored_reads_back_the_same(self, creche):
        short_staffed(creche)
        proof = proof_of(creche, DAY)
        assert Proof.read(proof.stored()) == proof

    def test_a_leave_that_waits_is_supposed_granted(self, creche):
        short_staffed(creche)
        other = worker(creche)
        leave = LeaveFactory(person=other, starts_on=DAY, ends_on=DAY)
        assert proof_of(creche, DAY).half_hours == 0
        proof = proof_of(creche, DAY, leave=leave)
        assert (proof.half_hours, proof.supposed) == (22, "si le congé demandé est accordé")

    def test_a_closed_day_and_unknown_hours_are_said(self, creche):
        expect(creche, 5, 8)
        with pytest.raises(TransitionRefused, match="horaires de travail"):
            proof_of(creche, DAY)
        Closure.objects.create(establishment=creche, cause="works", starts_on=DAY, ends_on=DAY)
        with pytest.raises(TransitionRefused, match="pas d’accueil"):
            proof_of(creche, DAY)


class TestSteps:
    def test_asking_writes_the_proof_tells_the_coordination_and_is_journaled(self, creche, director, coordinator):
        short_staffed(creche)
        need = wanted(creche, starts_at=T(8), ends_at=T(10)).ask(by=director)
        assert (need.half_hours, need.children, need.status) == (4, 13, "asked")
        assert JournalEntry.objects.about(need).get().verb == "renfort demandé"
        assert Notification.objects.get(user=coordinator).url == need.get_absolute_url()

    def test_without_a_half_hour_under_the_ratio_nothing_is_asked(self, creche, director):
        short_staffed(creche)
        worker(creche)
        with pytest.raises(TransitionRefused, match="rien ne prouve"):
            wanted(creche).ask(by=director)
        assert not StaffingNeed.objects.exists()

    def test_the_same_form_sent_twice_is_one_need(self, creche, director, coordinator):
        short_staffed(creche)
        key = uuid.uuid4()
        first, second = (wanted(creche, client_uuid=key).ask(by=director) for _ in range(2))
        assert first.pk == second.pk
        with pytest.raises(TransitionRefused, match="déjà servi"):
            wanted(creche, client_uuid=key).ask(by=coordinator)

    def test_two_people_agree_one_after_the_other(self, creche, coordinator, pole_head):
        need = NeedFactory(establishment=creche)
        with pytest.raises(TransitionRefused, match="Déjà traité"):
            need.approve(by=pole_head)
        need.agree(by=coordinator)
        with pytest.raises(TransitionRefused, match="Déjà traité"):
            need.agree(by=coordinator)
        need.approve(by=pole_head)
        assert (need.status, need.agreed_by, need.decided_by) == ("approved", coordinator, pole_head)

    def test_nobody_gives_both_agreements(self, creche, pole_head):
        need = NeedFactory(establishment=creche)
        need.agree(by=pole_head)
        with pytest.raises(TransitionRefused, match="premier accord"):
            need.approve(by=pole_head)
        stamp = {"decided_by": pole_head, "decided_at": timezone.now()}
        with pytest.raises(IntegrityError), transaction.atomic():
            StaffingNeed.objects.filter(pk=need.pk).update(status="approved", **stamp)

    def test_a_refusal_keeps_its_reason_and_tells_who_asked(self, creche, coordinator, director):
        need = NeedFactory(establishment=creche, asked_by=director)
        need.refuse(by=coordinator, reason="Une collègue revient")
        assert need.refusal == "Une collègue revient"
        assert "Une collègue revient" in Notification.objects.get(user=director).body
        with pytest.raises(TransitionRefused, match="Déjà traité"):
            need.withdraw(by=director)

    @pytest.mark.parametrize(
        "change", [{"half_hours": 0}, {"ends_at": T(7)}, {"status": "agreed"}, {"status": "refused"}]
    )
    def test_the_database_keeps_the_rules(self, creche, change):
        need = NeedFactory(establishment=creche)
        with pytest.raises(IntegrityError), transaction.atomic():
            StaffingNeed.objects.filter(pk=need.pk).update(**change)


class TestAgency:
    def test_hours_are_ordered_delivered_and_invoiced_with_their_gaps(self, creche, coordinator, pole_head):
        need = approved(NeedFactory(establishment=creche), coordinator, pole_head)
        booking = AgencyBooking(need=need, provider="Agence du Parc", hours_ordered=11).order(by=coordinator)
        with pytest.raises(TransitionRefused, match="Déjà traité"):
            booking.invoice(by=coordinator, hours_invoiced=Decimal(11))
        booking.deliver(by=coordinator, hours_delivered=Decimal("9.5"))
        booking.invoice(by=coordinator, hours_invoiced=Decimal(11))
        row = AgencyBooking.objects.with_gaps().get()
        assert (row.delivery_gap, row.invoice_gap) == (Decimal("-1.5"), Decimal("1.5"))
        with pytest.raises(TransitionRefused, match="Déjà traité"):
            booking.cancel(by=coordinator)

    def test_nothing_is_ordered_before_the_second_agreement(self, creche, coordinator):
        need = NeedFactory(establishment=creche)
        need.agree(by=coordinator)
        with pytest.raises(TransitionRefused, match="deux accords"):
            AgencyBooking(need=need, provider="Agence du Parc", hours_ordered=11).order(by=coordinator)

    def test_a_need_with_hours_ordered_is_not_withdrawn(self, creche, coordinator, pole_head):
        need = approved(NeedFactory(establishment=creche), coordinator, pole_head)
        booking = AgencyBooking(need=need, provider="Agence du Parc", hours_ordered=11).order(by=coordinator)
        with pytest.raises(TransitionRefused, match="annulez d’abord"):
            need.withdraw(by=coordinator)
        booking.cancel(by=coordinator)
        need.withdraw(by=coordinator)
        assert need.status == "withdrawn"

    def test_the_list_shows_totals_and_the_gap(self, client, creche, coordinator, pole_head):
        need = approved(NeedFactory(establishment=creche), coordinator, pole_head)
        booking = AgencyBooking(need=need, provider="Agence du Parc", hours_ordered=11).order(by=coordinator)
        booking.deliver(by=coordinator, hours_delivered=Decimal("9.5"))
        client.force_login(coordinator)
        page = client.get(reverse("staffing:agency_list")).content.decode()
        assert "11\u00a0h commandées, 9\u00a0h\u00a030 effectuées, 0\u00a0h facturées" in page
        csv = client.get(reverse("staffing:agency_list"), {"export": "csv"})
        assert "Agence du Parc" in b"".join(csv).decode("utf-8-sig")


class TestPages:
    def address(self, house, **given):
        asked = {"etablissement": house.pk, "jour": DAY.isoformat()} | given
        return reverse("staffing:need_create"), asked

    def test_the_short_staff_page_links_to_the_form_already_filled_in(self, client, creche, director):
        short_staffed(creche)
        client.force_login(director)
        team = client.get(reverse("staffing:establishment_team", args=[creche.pk])).content.decode()
        url = f"{reverse('staffing:need_create')}?etablissement={creche.pk}&amp;jour={TODAY.isoformat()}"
        assert url in team
        page = client.get(url.replace("&amp;", "&"))
        initial = page.context["form"].initial
        assert (initial["starts_at"], initial["ends_at"]) == (T(7, 30), T(17, 30))  # ten hours a day at most
        assert "22 demi-heures sous le taux" in page.content.decode()

    def test_a_leave_that_breaks_the_ratio_links_to_it_too(self, client, creche, coordinator):
        short_staffed(creche)
        leave = LeaveFactory(person=worker(creche), starts_on=DAY, ends_on=DAY)
        client.force_login(coordinator)
        page = client.get(leave.get_absolute_url()).content.decode()
        assert f"jour={DAY.isoformat()}&amp;conge={leave.pk}" in page
        form = client.get(*self.address(creche, conge=leave.pk))
        assert form.context["form"].initial["leave"] == LeaveRequest.objects.get(pk=leave.pk)

    def test_what_is_filled_in_is_asked_by_one_click_even_twice(self, client, creche, director):
        short_staffed(creche)
        client.force_login(director)
        form = client.get(*self.address(creche)).context["form"]
        data = {name: form[name].value() for name in form.fields} | {
            "establishment": creche.pk,
            "leave": "",
            "note": "",
        }
        data = {name: value for name, value in data.items() if value is not False}
        for _ in range(2):
            answer = client.post(reverse("staffing:need_create"), data)
        need = StaffingNeed.objects.get()
        assert answer.url == need.get_absolute_url()
        page = client.get(answer.url).content.decode()
        assert "La preuve, le jour de la demande" in page
        assert "Accepter" not in page

    def test_a_child_named_in_the_note_is_refused_and_the_text_kept(self, client, creche, director):
        short_staffed(creche)
        client.force_login(director)
        data = {"establishment": creche.pk, "on": DAY, "starts_at": "08:00", "ends_at": "10:00"}
        data |= {"note": "Le petit Léo Martin est malade", "client_uuid": uuid.uuid4()}
        page = client.post(reverse("staffing:need_create"), data)
        assert page.status_code == 200
        assert "Léo Martin" in page.content.decode()
        assert not StaffingNeed.objects.exists()

    def test_the_paper_says_the_proof_and_both_agreements(self, client, creche, coordinator, pole_head):
        need = approved(NeedFactory(establishment=creche), coordinator, pole_head)
        client.force_login(coordinator)
        answer = client.get(reverse("staffing:need_pdf", args=[need.pk]))
        said = " ".join(extract_text(answer.content).split())
        assert "18 demi-heures sous le taux" in said.replace("\u00a0", " ").replace("\u202f", " ")
        assert "Samira Benali" in said
        assert "Hélène Marchand" in said

    @pytest.mark.parametrize("rows", [1, 30])
    def test_the_list_asks_as_many_queries_for_thirty_needs(
        self, client, creche, coordinator, django_assert_max_num_queries, rows
    ):
        for _ in range(rows):
            NeedFactory(establishment=creche)
        client.force_login(coordinator)
        with django_assert_max_num_queries(12):
            page = client.get(reverse("staffing:need_list"), {"alone": "true"})
        assert page.context["list"]["count"] == rows


def test_home_says_what_waits_to_whom(creche, coordinator, pole_head, director):
    need = NeedFactory(establishment=creche)

    def keys(user):
        return [item.key for item in attention(user, TODAY) if item.key.startswith("need-")]

    assert keys(coordinator) == keys(pole_head) == [f"need-agree-{need.pk}"]
    need.agree(by=coordinator)
    assert (keys(coordinator), keys(pole_head)) == ([], [f"need-approve-{need.pk}"])
    need.approve(by=pole_head)
    assert keys(coordinator) == [f"need-alone-{need.pk}"]
    assert keys(director) == []
    AgencyBooking(need=need, provider="Agence du Parc", hours_ordered=11).order(by=coordinator)
    assert keys(coordinator) == []
