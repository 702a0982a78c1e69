"""Addresses that rates open on."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from core.french import month_name, sentence_list

from .months import written
from .thresholds import LABELS

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


def draft_action_url(establishment, found, month: date) -> str:
    """The form of a new action, filled in from the rates under their thresholds that call for it.

    A link: the actions are a room above.
    """
    period = f"douze mois jusqu’à {month_name(month)}"
    query = {
        "etablissement": establishment.pk,
        "titre": found[0].action,
        "origine": "indicator",
        "source": f"{sentence_list(LABELS[one.rate] for one in found)}, {period}",
        "precision": f"{reasons(found)} Période\u00a0: {period}.",
    }
    return f"{reverse('projects:action_create')}?{urlencode(query)}"


def reasons(found) -> str:
    """The sentences of the rates under their thresholds that call for one action."""
    return " ".join(one.sentence for one in found)
