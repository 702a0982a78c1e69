"""Posts, vacancies, recruitment, risks at work, disciplinary dates."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.french import counted
from core.pages import list_page
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.context import held_capabilities
from establishments.door import can, get_visible_or_404, require_capability
from establishments.models import Capability, Establishment, JournalHead
from establishments.tabs import establishment_tabs

from ..models import DisciplinaryMeeting, OccupationalRisk, Post, Recruitment
from ..models.development import keep
from . import forms, tables
from .facts import accidents_of, freed_in_all, posts_of
from .steps import change, remove

READ, MANAGE, POSTS = Capability.VIEW_STAFF, Capability.MANAGE_STAFF, Capability.MANAGE_POSTS


@require_GET
def vacancy_list(request):
    require_capability(request.user, READ)
    today = timezone.localdate()
    mine = Establishment.objects.visible_to(request.user, READ).open_on(today)
    houses = tables.VacancyFilter(request.GET, queryset=mine, request=request)
    lines = posts_of(houses.qs, today)
    vacant = [line for line in lines if line.vacant]
    freed = counted(freed_in_all(vacant), "place")
    return list_page(
        request,
        vacant if houses.only_vacant else lines,
        filterset_class=None,
        table_class=tables.post_table,
        template="staffing/vacancy_list.html",
        title="Postes et vacances",
        narrowing=houses.form,
        sentence=f"{counted(len(vacant), 'poste vacant', 'postes vacants')}\u202f; {freed} à rouvrir.",
        actions=[
            *_may(request, POSTS, "Saisir un poste", "staffing:post_create"),
            ("Recrutements", reverse("staffing:recruitment_list")),
            ("Risques professionnels", reverse("staffing:risk_list")),
            *_may(request, Capability.APPRAISE, "Entretiens disciplinaires", "staffing:discipline_list"),
        ],
    )


def _may(request, capability, label, name):
    return [(label, reverse(name))] if capability in held_capabilities(request) else []


@require_GET
def establishment_posts(request, pk):
    house = get_visible_or_404(Establishment.objects, request.user, READ, pk=pk)
    today, user = timezone.localdate(), request.user
    only = Establishment.objects.visible_to(user, READ).filter(pk=house.pk)
    context = {
        "establishment": house,
        "lines": posts_of(only, today),
        "posts": house.posts.order_by("job", "starts_on"),
        "recruitments": house.recruitments.all()[:20],
        "risks": house.occupationalrisks.all(),
        "accidents": accidents_of(only, today),
        "may_post": can(user, POSTS, house),
        "may_manage": can(user, MANAGE, house),
        "tabs": establishment_tabs(house, user, "staffing:establishment_team"),
        "trail": establishment_breadcrumb(house, user),
    }
    return TemplateResponse(request, "staffing/establishment_posts.html", context)


@require_GET
def recruitment_list(request):
    return _list(
        request, Recruitment, tables.RecruitmentFilter, tables.RecruitmentTable, "Recrutements", "recruitment"
    )


@require_GET
def risk_list(request):
    return _list(request, OccupationalRisk, tables.RiskFilter, tables.RiskTable, "Risques professionnels", "risk")


def _list(request, model, filterset_class, table_class, title, stem):
    require_capability(request.user, READ)
    needed = POSTS if model is Recruitment else MANAGE
    return list_page(
        request,
        model.objects.visible_to(request.user).select_related("establishment"),
        filterset_class=filterset_class,
        table_class=table_class,
        title=title,
        actions=[
            *_may(request, needed, "Ajouter", f"staffing:{stem}_create"),
            ("Accidents du travail", reverse("staffing:accident_list")),
            ("Postes et vacances", reverse("staffing:vacancies")),
        ],
    )


@require_GET
def accident_list(request):
    require_capability(request.user, READ)
    houses = Establishment.objects.visible_to(request.user, READ)
    return list_page(
        request,
        accidents_of(houses, timezone.localdate()),
        filterset_class=None,
        table_class=tables.accident_table,
        title="Accidents du travail",
        intro="En nombre, sans personne. Le taux ne se montre pas au-dessous de cinq personnes.",
        actions=_may(request, MANAGE, "Saisir une année", "staffing:accident_create"),
    )


@require_GET
@never_cache
def discipline_list(request):
    require_capability(request.user, Capability.APPRAISE)
    return list_page(
        request,
        DisciplinaryMeeting.objects.visible_to(request.user).select_related("establishment"),
        filterset_class=None,
        table_class=tables.DisciplineTable,
        title="Entretiens disciplinaires",
        intro="Des dates seulement, effacées trois ans après la convocation.",
        actions=[("Noter des dates", reverse("staffing:discipline_create"))],
    )


@require_http_methods(["GET", "POST"])
def post_create(request):
    return _create(request, forms.PostForm, POSTS, "poste budgété", "Saisir un poste budgété")


@require_http_methods(["GET", "POST"])
def recruitment_create(request):
    return _create(request, forms.RecruitmentForm, POSTS, "recrutement ouvert", "Suivre un recrutement")


@require_http_methods(["GET", "POST"])
def risk_create(request):
    return _create(request, forms.RiskForm, MANAGE, "risque professionnel noté", "Noter un risque")


@require_http_methods(["GET", "POST"])
def accident_create(request):
    return _create(request, forms.AccidentForm, MANAGE, "accidents du travail saisis", "Saisir une année d’accidents")


@require_http_methods(["GET", "POST"])
def discipline_create(request):
    verb, title = "entretien disciplinaire noté", "Noter un entretien disciplinaire"
    return _create(request, forms.DisciplineForm, Capability.APPRAISE, verb, title, is_told=False)


def _create(request, form_class, capability, verb, title, *, is_told=True):
    require_capability(request.user, capability)
    today = timezone.localdate()
    initial = dict.fromkeys(["starts_on", "asked_on", "convened_on"], today) | {"year": today.year}
    initial["establishment"] = request.GET.get("etablissement", "")[:18]
    form = form_class(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        row = keep(form.instance, form.cleaned_data["client_uuid"], verb, by=request.user, is_told=is_told)
        messages.success(request, "Enregistré.")
        return redirect(row)
    return TemplateResponse(request, "staffing/post_form.html", {"form": form, "title": title})


@require_http_methods(["GET", "POST"])
def recruitment_edit(request, pk):
    return _edit(request, pk, forms.RecruitmentForm, "recrutement suivi", "staffing:recruitment_list")


@require_http_methods(["GET", "POST"])
@never_cache
def discipline_edit(request, pk):
    return _edit(request, pk, forms.DisciplineForm, "dates d’entretien disciplinaire", "staffing:discipline_list")


def _edit(request, pk, form_class, verb, back):
    with transaction.atomic():
        if request.method == "POST":
            JournalHead.locked()  # the row read is the row written: two people at once lose nothing
        row = get_visible_or_404(
            form_class.Meta.model.objects.select_related("establishment"), request.user, form_class.capability, pk=pk
        )
        title = str(row)
        form = form_class(request.POST or None, user=request.user, instance=row)
        if request.method == "POST" and form.is_valid():
            change(form.instance, verb, by=request.user)
            messages.success(request, "Enregistré.")
            return redirect(back)
    return TemplateResponse(request, "staffing/post_form.html", {"form": form, "title": title})


@require_POST
def post_remove(request, pk):
    row = get_visible_or_404(Post.objects.select_related("establishment"), request.user, POSTS, pk=pk)
    remove(row, "poste budgété retiré", by=request.user)
    messages.success(request, "Poste retiré.")
    return redirect("staffing:establishment_posts", row.establishment_id)


@require_POST
def risk_remove(request, pk):
    row = get_visible_or_404(OccupationalRisk.objects.select_related("establishment"), request.user, MANAGE, pk=pk)
    remove(row, "risque professionnel retiré", by=request.user)
    messages.success(request, "Risque retiré.")
    return redirect("staffing:establishment_posts", row.establishment_id)
