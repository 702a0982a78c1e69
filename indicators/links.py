"""Addresses that rates open on."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from .months import written

LINKED = ("opening_rate", "admission_rate", "assiduity_rate", "attendance_rate")


def explain_url(rate: str, month: date, *, since=None, establishment=None, territory=None, tree=None) -> str:
    """The address that explains a rate of `month`, or of `since`–`month`, of a house, a territory (by their ids) or
    the whole perimeter. `tree`: the month whose attachments say which houses a territory holds (`month` unless told).
    """
    query = {"taux": rate, "mois": written(month)}
    if since is not None and since != month:
        query["depuis"] = written(since)
    if establishment is not None:
        query["etablissement"] = establishment
    if territory is not None:
        query["territoire"] = territory
    if tree is not None and tree != month:
        query["arbre"] = written(tree)
    return f"{reverse('indicators:explain')}?{urlencode(query)}"
