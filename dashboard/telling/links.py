"""Where a sentence leads: the list that holds its rows, filtered to the place and the period."""

from urllib.parse import urlencode

from django.urls import reverse

from .spans import HOUSE


def _list(name, span, **query):
    place = "establishment" if span.place.startswith(HOUSE) else "territory"
    return f"{reverse(name)}?{urlencode({place: span.place[1:], **query})}"


def _days(span):
    return {"since": span.first.isoformat(), "until": span.last.isoformat()}


def visits(span):
    return _list("visits:list", span, **_days(span), status="done")


def following(span):
    return _list("visits:list", span, **_days(span.following))


def late(span):
    return _list("visits:list", span, freshness="overdue")


def actions(span):
    return _list("projects:action_list", span)


def leaves(span):
    return _list("staffing:leave_list", span)


def events(span):
    return _list("visits:events", span, **_days(span))


def reviews(span):
    return _list("visits:reviews", span)


def days(span):
    return _list("projects:day_list", span)


def works(span):
    return _list("projects:works_list", span)


def local(span):
    """The list has no filter by house: several may share one action."""
    return reverse("projects:local_list") if span.place.startswith(HOUSE) else _list("projects:local_list", span)


def meetings(span):
    """The register of the decisions; a house holds no meeting."""
    if span.place.startswith(HOUSE):
        return reverse("projects:decision_list")
    return _list("projects:decision_list", span, since=span.first.isoformat())


def territory(span):
    """The page of the place itself."""
    if span.place.startswith(HOUSE):
        return reverse("establishments:detail", args=[span.place[1:]])
    return reverse("dashboard:territory", args=[span.place[1:]])


def activity(span):
    """The rates, for the last month told."""
    if span.place.startswith(HOUSE):
        return reverse("indicators:establishment_activity", args=[span.place[1:]])
    return f"{reverse('indicators:territory', args=[span.place[1:]])}?mois={span.months[-1]:%Y-%m}"


def closures(span):
    return _list("projects:closure_list", span)
