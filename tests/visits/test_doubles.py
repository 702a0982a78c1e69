"""Double rating: blind until both sheets are in, in every page and file; then agreement, kappa, one value retained."""

import datetime
import uuid
from fractions import Fraction

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import Notification
from core.pdf import engine
from establishments.models import JournalEntry
from establishments.workflow import TransitionRefused
from tests.visits.access_doubles import handed_in, opened
from tests.visits.factories import GridFactory, ObservationFactory, VisitFactory
from tests.visits.reviews import opened as opened_review
from visits.doubles.comparison import by_item, honest, lines_of, of_one, overall
from visits.models import DoubleAnswer, DoubleRating, FunctioningReview, Observation, Visit
from visits.reviews.agreement import agreement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

CANARY = "zzcotation"


@pytest.fixture
def people(coordinator, colleague, pole_head):
    return coordinator, colleague, pole_head


@pytest.fixture
def double(request):
    return opened(request)


def rate(double, by, *ratings, note=""):
    answers = {f"item-{n}": (rating, note) for n, rating in enumerate(ratings, start=1)}
    double.keep(by=by, answers=answers)


def text_of(response):
    content = b"".join(response) if response.streaming else response.content
    return content.decode("utf-8", "replace")


# --- blind


def test_nobody_reads_the_other_sheet_before_both_are_in(
    client, double, coordinator, colleague, pole_head, monkeypatch
):
    monkeypatch.setattr(engine, "write", lambda html, **_: b"%PDF-" + html.encode())
    rate(double, coordinator, "acquired", "to_build", note=CANARY)
    double.hand_in(by=coordinator)
    lists = [reverse(f"visits:{name}") for name in ("doubles", "double_agreement", "practices", "list", "reviews")]
    urls = [double.get_absolute_url(), *lists, reverse("dashboard:home"), reverse("dashboard:search") + "?q=cotation"]
    urls += [f"{url}?export={kind}" for url in lists for kind in ("csv", "pdf")]
    urls += [reverse("core:notification_list"), reverse("establishments:history", args=[double.establishment_id])]
    for reader in (colleague, pole_head):
        client.force_login(reader)
        assert client.get(reverse("visits:double_pdf", args=[double.pk])).status_code == 404
        for url in urls:
            assert CANARY not in text_of(client.get(url)), url
    assert not DoubleAnswer.objects.readable_by(colleague).exists()
    client.force_login(colleague)
    rate(double, colleague, "acquired", "acquired")
    double.hand_in(by=colleague)
    assert CANARY in text_of(client.get(double.get_absolute_url()))
    assert CANARY in text_of(client.get(reverse("visits:double_pdf", args=[double.pk])))


def test_one_reads_ones_own_sheet_all_along(client, double, coordinator):
    rate(double, coordinator, "acquired", "", note=CANARY)
    client.force_login(coordinator)
    assert CANARY in text_of(client.get(double.get_absolute_url()))


def test_the_second_rater_does_not_open_what_the_first_one_writes(client, creche, coordinator, pole_head):
    """The head of the pôle reads every draft of it: not this one, until both sheets are in."""
    visit = VisitFactory(establishment=creche, coordinator=coordinator, grid=GridFactory(items=2))
    double = DoubleRating(establishment=creche, visit=visit, second=pole_head)
    double.start(by=coordinator, client_uuid=uuid.uuid4())
    ObservationFactory(visit=visit, item=visit.grid.items.first(), fact=CANARY)
    client.force_login(pole_head)
    for name in ("detail", "report_pdf", "edit"):
        assert client.get(reverse(f"visits:{name}", args=[visit.pk])).status_code == 404
    assert client.get(reverse("visits:practices")).context["list"]["count"] == 0
    assert visit not in Visit.objects.visible_to(pole_head)
    assert visit in Visit.objects.visible_to(coordinator)
    for user in (coordinator, pole_head):
        rate(double, user, "acquired", "acquired")
        double.hand_in(by=user)
    assert client.get(reverse("visits:detail", args=[visit.pk])).status_code == 200


def test_the_second_rater_of_a_review_does_not_open_it_either(client, creche, coordinator, pole_head):
    review = opened_review(creche, coordinator)
    double = DoubleRating(establishment=creche, review=review, second=pole_head)
    double.start(by=coordinator, client_uuid=uuid.uuid4())
    client.force_login(pole_head)
    assert client.get(reverse("visits:review", args=[review.pk])).status_code == 404
    assert not FunctioningReview.objects.visible_to(pole_head).exists()
    double.cancel(by=coordinator)
    assert client.get(reverse("visits:review", args=[review.pk])).status_code == 200


def test_a_text_already_rated_is_not_blind(creche, coordinator, colleague):
    visit = VisitFactory(establishment=creche, coordinator=coordinator, grid=GridFactory(items=2))
    ObservationFactory(visit=visit, item=visit.grid.items.first())
    with pytest.raises(TransitionRefused, match="à l’aveugle"):
        DoubleRating(establishment=creche, visit=visit, second=colleague).start(
            by=coordinator, client_uuid=uuid.uuid4()
        )


# --- training


def test_training_shows_the_transmitted_facts_of_a_closed_report_and_no_rating(client, creche, coordinator, colleague):
    visit = VisitFactory(establishment=creche, coordinator=coordinator, grid=GridFactory(items=2))
    first, second = visit.grid.items.all()
    ObservationFactory(visit=visit, item=first, fact="Les bacs sont ouverts.", rating="strength")
    ObservationFactory(visit=visit, item=second, fact="Note interne.", level="pole")
    new = DoubleRating(establishment=creche, visit=visit, second=colleague, training=True)
    with pytest.raises(TransitionRefused, match="validés"):
        new.start(by=coordinator, client_uuid=uuid.uuid4())
    closed = {
        "report_status": "validated",
        "fingerprint": "0" * 64,
        "shared_by": coordinator,
        "validated_by": coordinator,
    }
    moments = dict.fromkeys(["shared_at", "validated_at"], datetime.datetime(2026, 3, 16, 9, tzinfo=datetime.UTC))
    Visit.objects.filter(pk=visit.pk).update(answer_due_on="2026-03-13", **closed, **moments)
    new.visit.refresh_from_db()
    new.start(by=coordinator, client_uuid=uuid.uuid4())
    assert [point.fact for point in new.points.all()] == ["Les bacs sont ouverts.", ""]
    client.force_login(colleague)
    page = text_of(client.get(new.get_absolute_url()))
    assert "Les bacs sont ouverts." in page
    assert "entraînement" in page
    for user in (coordinator, colleague):
        rate(new, user, "to_build", "not_observed")
        new.hand_in(by=user)
    new.settle(by=coordinator, retained={})
    assert Observation.objects.get(item=first).rating == "strength", "a closed report never changes"


# --- steps


def test_agreement_is_retained_and_each_difference_takes_a_value_and_a_reason(request, coordinator, colleague):
    double = handed_in(request)
    assert [point.retained for point in double.points.all()] == ["acquired", ""]
    for retained in ({}, {"item-2": ("acquired", " ")}):
        with pytest.raises(TransitionRefused, match="dites pourquoi"):
            double.settle(by=coordinator, retained=retained)
    double.settle(by=colleague, retained={"item-2": ("in_progress", "Vu ensemble.")})
    assert [(p.retained, p.reason) for p in double.points.all()][1] == ("in_progress", "Vu ensemble.")
    with pytest.raises(TransitionRefused, match="Déjà traité"):
        double.settle(by=coordinator, retained={"item-2": ("acquired", "Autre.")})


def test_what_is_retained_goes_into_a_review_still_being_written(creche, coordinator, pole_head):
    review = opened_review(creche, coordinator)
    double = DoubleRating(establishment=creche, review=review, second=pole_head)
    double.start(by=coordinator, client_uuid=uuid.uuid4())
    for user in (coordinator, pole_head):
        double.keep(by=user, answers={point.key: ("acquired", "") for point in double.points.all()})
        double.hand_in(by=user)
    double.settle(by=coordinator, retained={})
    assert set(review.items.values_list("rating", flat=True)) == {"acquired"}


def test_a_sheet_handed_in_does_not_change_even_in_the_database(double, coordinator, pole_head):
    with pytest.raises(TransitionRefused, match="pas coté"):
        double.hand_in(by=coordinator)
    rate(double, coordinator, "acquired", "to_build")
    double.hand_in(by=coordinator)
    with pytest.raises(TransitionRefused, match="ne change plus"):
        rate(double, coordinator, "strength", "strength")
    with pytest.raises(IntegrityError), transaction.atomic():
        DoubleAnswer.objects.filter(rater=coordinator).update(rating="strength")
    with pytest.raises(TransitionRefused, match="deux autres"):
        rate(double, pole_head, "acquired", "acquired")
    with pytest.raises(IntegrityError), transaction.atomic():
        DoubleRating.objects.filter(pk=double.pk).update(second=pole_head)


def test_the_same_form_twice_opens_one_rating_and_tells_once(client, creche, coordinator, colleague):
    visit = VisitFactory(establishment=creche, coordinator=coordinator, grid=GridFactory(items=2))
    client.force_login(coordinator)
    data = {"client_uuid": uuid.uuid4(), "text": f"visite-{visit.pk}", "second": colleague.pk}
    for _ in range(2):
        assert client.post(reverse("visits:double_create"), data).status_code == 302
    assert DoubleRating.objects.count() == 1
    assert Notification.objects.filter(user=colleague, title="Double cotation").count() == 1
    assert JournalEntry.objects.filter(verb="double cotation ouverte").count() == 1


def test_handing_in_twice_is_told_and_counts_once(client, double, coordinator):
    client.force_login(coordinator)
    data = {"item-1-rating": "acquired", "item-2-rating": "to_build", "remettre": "1"}
    assert client.post(double.get_absolute_url(), data).status_code == 302
    again = client.post(double.get_absolute_url(), data, follow=True)
    assert again.status_code == 200
    assert JournalEntry.objects.filter(verb="cotation remise").count() == 1


def test_a_rater_from_outside_the_pole_is_not_on_offer(client, creche, coordinator, neighbour, director):
    visit = VisitFactory(establishment=creche, coordinator=coordinator, grid=GridFactory(items=2))
    client.force_login(coordinator)
    for stranger in (neighbour, director, coordinator):
        data = {"client_uuid": uuid.uuid4(), "text": f"visite-{visit.pk}", "second": stranger.pk}
        assert client.post(reverse("visits:double_create"), data).status_code == 200
    assert not DoubleRating.objects.exists()


def test_a_colleague_is_not_offered_the_internal_facts_of_a_review(client, creche, coordinator, colleague):
    review = opened_review(creche, coordinator)
    client.force_login(coordinator)
    data = {"client_uuid": uuid.uuid4(), "text": f"analyse-{review.pk}", "second": colleague.pk}
    assert "n’a pas accès" in text_of(client.post(reverse("visits:double_create"), data))


# --- figures


def test_agreement_and_kappa_leave_out_what_was_not_observed(request, coordinator, colleague):
    double = handed_in(request)
    one = of_one(lines_of(double, coordinator))
    assert (one.n, one.observed) == (2, Fraction(1, 2))
    assert "κ" in honest(one)
    assert "pas une mesure" in honest(one)
    assert "rien à mesurer" in honest(agreement([]))
    assert "ne se calcule pas" in honest(agreement([("acquired", "acquired")]))
    assert "hasard" in honest(agreement([("a", "a"), ("b", "b")] * 20))


def test_by_item_gathers_the_compared_ratings_of_the_perimeter(client, request, coordinator, neighbour):
    handed_in(request)
    handed_in(request)
    opened(request)
    items = by_item(DoubleRating.objects.visible_to(coordinator))
    assert [(item.key, item.n, item.observed) for item in items] == [("item-2", 2, 0), ("item-1", 2, 1)]
    assert [item.to_discuss for item in items] == [True, False]
    assert overall(DoubleRating.objects.visible_to(coordinator)).n == 4
    assert by_item(DoubleRating.objects.visible_to(neighbour)) == []
    client.force_login(coordinator)
    page = client.get(reverse("visits:double_agreement"))
    assert page.context["figure"].rows == [["Point 2", "2", "0\u202f%", "0,00"]]


@pytest.mark.parametrize("name", ["doubles", "double_agreement"])
def test_the_lists_cost_the_same_queries_with_1_and_30_rows(client, request, coordinator, name):
    client.force_login(coordinator)
    counts = []
    for more in (1, 29):
        for _ in range(more):
            handed_in(request)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"visits:{name}")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
