"""Changes of rules: known to whoever knows a house, recorded by central services, acknowledged by directors."""

import datetime
import uuid

from establishments.models import RuleChange

DAY = datetime.date(2026, 7, 1)


def change(request, **more):
    """From 1 July 2026 a very large crèche needs a full deputy; the house has sixty places."""
    by = request.getfixturevalue("central")
    wanted = {
        "rule_id": "DIRECTION-ETP",
        "title": "Temps de direction",
        "article": "CSP R. 2324-46-1",
        "statement": "Adjoint à temps plein dès soixante places.",
        "numbers": {"deputy.tres_grande": "1"},
        "starts_on": DAY,
    }
    return RuleChange(**wanted | more).record_once(by=by, client_uuid=uuid.uuid4())


def rows(anywhere, nothing, inside, outside):
    knowing = [*inside, "neighbour", "far_director"]

    def known(status):
        return {who: status if who in knowing else 403 for who in [*inside, *outside]}

    def pk(request):
        request.getfixturevalue("creche")
        return (change(request).pk,)

    def of_the_house(request):
        return (*pk(request), request.getfixturevalue("creche").pk), {}

    def cancelling(request):
        return pk(request), {"reason": "Texte retiré."}

    def rule(request):
        return (*nothing(request), "DIRECTION-ETP")

    answering = dict.fromkeys(inside, 403) | dict.fromkeys(outside, 403) | {"director": 302}
    return [
        ("visits:rule_changes", "get", nothing, known(200)),
        ("visits:rule_change", "get", pk, known(200)),
        ("visits:rule_choose", "get", nothing, anywhere(["central"])),
        ("visits:rule_create", "get", rule, anywhere(["central"])),
        ("visits:rule_create", "post", lambda request: (rule(request), {}), anywhere(["central"])),
        ("visits:rule_acknowledge", "post", of_the_house, answering | {"neighbour": 404, "far_director": 404}),
        ("visits:rule_cancel", "post", cancelling, anywhere(["central"], 302)),
    ]
