from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from core.pages import readable_query
from core.pdf import pdf_response, render_pdf
from establishments.door import require_capability
from establishments.models import Capability
from establishments.vocabulary import current_pack, words

from .page import balance_of, month_asked, months_to_choose, readable_person, team_of


@require_GET
def balance(request):
    """One's own month."""
    require_capability(request.user, Capability.HAVE_BALANCE)
    return _page(request, request.user)


@require_GET
def balance_of_person(request, pk):
    """The month of somebody of the team, word for word what she reads."""
    return _page(request, readable_person(request.user, pk))


def _page(request, person):
    today = timezone.localdate()
    context = {
        "balance": balance_of(person, month_asked(readable_query(request.GET), person, today)),
        "months": months_to_choose(today),
        "team": team_of(request.user),
    }
    return TemplateResponse(request, "dashboard/balance.html", context)


@require_GET
def balance_pdf(request, pk):
    person = readable_person(request.user, pk)
    told = balance_of(person, month_asked(readable_query(request.GET), person, timezone.localdate()))
    context = {"balance": told, "words": words(), "pack": current_pack()}
    content = render_pdf(
        "dashboard/pdf/balance.html",
        context,
        title=f"Bilan de {person}",
        subject=told.title,
        created_at=told.month.last,
    )
    return pdf_response(content, f"{slugify(f'bilan {person} {told.value}')}.pdf")
