"""The agents of the houses: their list, and a file of them."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from core.pages import list_page
from core.spreadsheets import UnreadableFile
from establishments.context import held_capabilities
from establishments.door import require_capability
from establishments.importing import deposits
from establishments.models import Capability
from establishments.vocabulary import words

from ..filters import PostingFilter
from ..forms.team import StaffFileForm
from ..models import Posting
from ..staff_file import carry_out, plan_people, read_people
from ..tables import PostingTable

MANAGE = Capability.MANAGE_STAFF
MAX_BYTES = 20 * 1024 * 1024
MOVED = "Les équipes ont changé depuis l’aperçu\u00a0: voici ce que l’import ferait maintenant."
GONE = "Ce fichier n’est plus en attente\u00a0: l’import est déjà fait, ou il a été abandonné."


def employee_list(request):
    require_capability(request.user, Capability.VIEW_STAFF)
    postings = (
        Posting.objects.visible_to(request.user).active_on(timezone.localdate()).with_hours(timezone.localdate())
    )
    may_import = MANAGE in held_capabilities(request)
    return list_page(
        request,
        postings.select_related("employee", "establishment").order_by("employee__last_name", "employee__first_name"),
        filterset_class=PostingFilter,
        table_class=PostingTable,
        title=words()["employee"].caps,
        intro="Les affectations d’aujourd’hui, et les horaires qui manquent pour calculer le taux d’encadrement.",
        actions=[
            *([("Importer un fichier", reverse("staffing:staff_import"))] if may_import else []),
            ("Conformité", reverse("staffing:compliance")),
            ("Postes et vacances", reverse("staffing:vacancies")),
            ("Formations et heures dues", reverse("staffing:hours_due")),
        ],
    )


def staff_import(request):
    """A file, what it would do, one button; POST sends, confirms or gives up."""
    require_capability(request.user, MANAGE)
    if request.method == "POST":
        return {"confirm": _confirm, "cancel": _cancel}.get(request.POST.get("step"), _send)(request)
    waiting = deposits.current(request) if "apercu" in request.GET else None
    if waiting is None:
        return TemplateResponse(request, "staffing/staff_import.html", {"form": StaffFileForm(), "plan": None})
    deposit, content = waiting
    plan = plan_people(*read_people(content, deposit.filename, request.user), request.user)
    context = {"plan": plan, "deposit": deposit, "form": StaffFileForm()}
    return TemplateResponse(request, "staffing/staff_import.html", context)


def _send(request):
    form = StaffFileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > MAX_BYTES:
                raise UnreadableFile("Ce fichier dépasse 20\u00a0Mo.")
            content = file.read(MAX_BYTES + 1)
            read_people(content, file.name, request.user)
        except UnreadableFile as error:
            form.add_error("file", str(error))
        else:
            deposits.keep(request, content, file.name, {})
            return HttpResponseRedirect(f"{request.path}?apercu=1")
    return TemplateResponse(request, "staffing/staff_import.html", {"form": form, "plan": None})


def _confirm(request):
    waiting = deposits.current(request)
    if waiting is None:
        messages.warning(request, GONE)
        return redirect("staffing:staff_import")
    deposit, content = waiting
    plan, run = carry_out(content, deposit.filename, request.POST.get("print", ""), by=request.user)
    if plan.print != request.POST.get("print", ""):
        messages.warning(
            request, "Les équipes ont changé depuis l’aperçu\u00a0: voici ce que l’import ferait maintenant."
        )
        return HttpResponseRedirect(f"{request.path}?apercu=1")
    deposits.forget(request)
    messages.success(request, f"Import terminé\u00a0: {plan.counts}.")
    return redirect(run or "staffing:employee_list")


def _cancel(request):
    deposits.forget(request)
    messages.info(request, "Import abandonné\u00a0: rien n’a été écrit.")
    return redirect("staffing:staff_import")
