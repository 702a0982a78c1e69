"""The collectivité's colour and logo, for every page, the way in included."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from ..charter import charter_of
from ..vocabulary import current_pack

FOR_EVER = "public, max-age=31536000, immutable"  # the address carries the version


@require_GET
@login_not_required
def charter_css(request):
    content = charter_of(current_pack()).css
    return HttpResponse(content, content_type="text/css; charset=utf-8", headers={"Cache-Control": FOR_EVER})


@require_GET
@login_not_required
def charter_logo(request):
    charter = charter_of(current_pack())
    if charter.logo is None:
        raise Http404
    return HttpResponse(charter.logo, content_type=charter.logo_type, headers={"Cache-Control": FOR_EVER})
