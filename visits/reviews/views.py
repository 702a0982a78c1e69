from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.french import counted
from core.jobs import mark_read
from core.pages import list_page
from core.pdf import pdf_response
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.door import can, get_visible_or_404, require_capability
from establishments.models import Capability, Establishment
from establishments.tabs import establishment_tabs
from establishments.vocabulary import said

from ..models import FunctioningReview
from . import page, planning
from .forms import MoveForm, OpinionForm, PlanForm, ReviewItemForm, ScheduleForm, SummaryForm
from .paper import review_file
from .plan import raise_action
from .scheduling import schedule_missing
from .tables import ReviewFilter, ReviewTable

READ, CONDUCT = Capability.READ_TRANSMITTED, Capability.CONDUCT_REVIEW


def _review(request, pk, capability=READ):
    """404 outside and before the contradictoire for those who only read what is transmitted."""
    return get_visible_or_404(FunctioningReview.objects.with_people(), request.user, capability, pk=pk)


@require_GET
def review_list(request):
    require_capability(request.user, READ)
    reviews = FunctioningReview.objects.visible_to(request.user, READ).select_related("establishment")
    actions = [("Campagne", reverse("visits:review_campaign"))] if _conducts(request.user) else []
    actions += [("Doubles cotations", reverse("visits:doubles"))] if actions else []
    return list_page(
        request,
        reviews,
        filterset_class=ReviewFilter,
        table_class=ReviewTable,
        title="Analyses de fonctionnement",
        intro=said("Tous les deux ans, pour chaque {establishment} en régie."),
        actions=[
            *actions,
            *([("Programmer", reverse("visits:review_create"))] if actions else []),
            ("Référentiels", reverse("visits:frameworks")),
        ],
    )


def _conducts(user):
    return Establishment.objects.visible_to(user, CONDUCT).exists()


@require_GET
def establishment_reviews(request, pk):
    house = get_visible_or_404(Establishment.objects.all(), request.user, READ, pk=pk)
    reviews = FunctioningReview.objects.visible_to(request.user, READ).of(house).select_related("establishment")
    return list_page(
        request,
        reviews.order_by("-due_on"),
        filterset_class=None,
        table_class=ReviewTable,
        template="visits/review_house.html",
        title=f"Analyses — {house.name}",
        establishment=house,
        tabs=establishment_tabs(house, request.user, "visits:establishment_reviews"),
        breadcrumb=establishment_breadcrumb(house, request.user),
        moves=page.moves_of_house(reviews),
        may_read_inside=can(request.user, Capability.VIEW, house),
        may_schedule=house.management_mode == "regie" and can(request.user, CONDUCT, house),
    )


@require_http_methods(["GET", "POST"])
def review_create(request):
    require_capability(request.user, CONDUCT)
    initial = {"establishment": request.GET.get("etablissement")}
    form = ScheduleForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        review = form.save(by=request.user)
        messages.success(request, "Analyse programmée.")
        return redirect(review)
    return TemplateResponse(request, "visits/review_form.html", {"form": form})


@require_GET
def review_detail(request, pk):
    review = _review(request, pk)
    mark_read(request.user, review.get_absolute_url())
    return TemplateResponse(
        request, "visits/review_detail.html", page.page_of(review, request.user, timezone.localdate())
    )


@require_http_methods(["GET", "POST"])
def review_write(request, pk):
    """Rate and comment every point of one section, or of all: one form, saved together or not at all."""
    review = _review(request, pk, CONDUCT)
    if not review.is_writable:
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    summary = SummaryForm(data, instance=review)
    forms = [ReviewItemForm(data, instance=item) for item in review.items.all()]
    valid = data is not None and all([summary.is_valid(), *(form.is_valid() for form in forms)])
    if valid and page.kept(review, summary, forms, by=request.user):
        messages.success(request, "Enregistré.")
        return redirect(review)
    context = {"review": review, "summary": summary, "sections": page.sections_to_write(review, forms)}
    return TemplateResponse(request, "visits/review_write.html", context)


@require_POST
def review_open(request, pk):
    return _done(request, pk, "open", "Les faits sont arrêtés\u00a0: à vous de lire, de corriger et d’apprécier.")


@require_POST
def review_visit(request, pk):
    return _done(request, pk, "start_visiting", "Visite d’analyse commencée.")


@require_POST
def review_draft(request, pk):
    return _done(request, pk, "finish_draft", "Le projet est prêt à être transmis.")


@require_POST
def review_share(request, pk):
    return _done(request, pk, "share", "Analyse transmise pour avis.")


@require_POST
def review_follow(request, pk):
    return _done(request, pk, "follow", "Suivi ouvert.")


def _done(request, pk, step, message):
    review = _review(request, pk, CONDUCT)
    getattr(review, step)(by=request.user)
    messages.success(request, message)
    return redirect(review)


@require_POST
def review_answer(request, pk):
    return _opinion(request, pk, Capability.ANSWER_REPORT, "answer", "Votre avis est transmis.")


@require_POST
def review_validate(request, pk):
    return _opinion(
        request, pk, Capability.VALIDATE_REVIEW, "validate", "Analyse validée\u00a0: la prochaine est programmée."
    )


def _opinion(request, pk, capability, step, message):
    review, form = _review(request, pk, capability), OpinionForm(request.POST)
    if not form.is_valid():
        context = page.page_of(review, request.user, timezone.localdate(), opinion=form)
        return TemplateResponse(request, "visits/review_detail.html", context)
    getattr(review, step)(by=request.user, **form.cleaned_data)
    messages.success(request, message)
    return redirect(review)


@require_POST
def review_action(request, pk):
    """One more action of the plan."""
    review, today = _review(request, pk, CONDUCT), timezone.localdate()
    if not review.is_writable:
        raise PermissionDenied
    form = PlanForm(review, today, request.POST)
    if not form.is_valid():
        context = page.page_of(review, request.user, today, plan_form=form)
        return TemplateResponse(request, "visits/review_detail.html", context)
    raise_action(review, by=request.user, **form.wanted())
    messages.success(request, "Action ajoutée au plan.")
    return redirect(f"{review.get_absolute_url()}#plan")


@require_GET
def review_pdf(request, pk):
    review = _review(request, pk)
    if not review.is_open or review.purged_at:
        raise Http404
    content, name = review_file(review)
    return pdf_response(content, name, level="etablissement" if review.is_transmitted else "interne")


@require_http_methods(["GET", "POST"])
def review_campaign(request):
    """The months of each coordinator; a review asked for (?analyse=, ?mois=) shows the effect of moving it."""
    require_capability(request.user, CONDUCT)
    today = timezone.localdate()
    if request.method == "POST":
        houses = Establishment.objects.visible_to(request.user, CONDUCT)
        count = schedule_missing(houses, by=request.user, today=today)
        messages.success(request, f"{counted(count, 'analyse programmée', 'analyses programmées')}.")
        return redirect("visits:review_campaign")
    context = {"plan": planning.plan_for(request.user, today)}
    return TemplateResponse(request, "visits/review_campaign.html", context)


@require_http_methods(["GET", "POST"])
def review_move(request, pk):
    """Choose the month of one review: the effect is shown first, and written only when accepted."""
    review, today = _review(request, pk, CONDUCT), timezone.localdate()
    if review.is_open:
        raise PermissionDenied
    form = MoveForm(request.POST if request.method == "POST" else request.GET)
    month = form.cleaned_data["month"] if form.is_valid() else None
    if request.method == "POST":
        planning.choose_month(review, month, by=request.user)
        messages.success(request, "Le mois de l’analyse est changé." if month else "Le plan choisit de nouveau.")
        return redirect("visits:review_campaign")
    effect = planning.effect_of(request.user, review, month, today) if month else None
    context = {"review": review, "effect": effect, "months": planning.months_ahead(today), "chosen": month}
    return TemplateResponse(request, "visits/review_move.html", context)
