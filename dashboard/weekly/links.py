"""Where a sentence of the CRA leads: the list that holds its rows, filtered to the territory and the week."""

from urllib.parse import urlencode

from django.urls import reverse


def _list(name, **query):
    return f"{reverse(name)}?{urlencode(query)}"


def visits(week):
    return _list(
        "visits:list",
        territory=week.territory,
        since=week.first.isoformat(),
        until=week.last.isoformat(),
        status="done",
    )


def next_week(week):
    return _list(
        "visits:list",
        territory=week.territory,
        since=week.following.first.isoformat(),
        until=week.following.last.isoformat(),
    )


def late(week):
    return _list("visits:list", territory=week.territory, freshness="overdue")


def actions(week):
    return _list("projects:action_list", territory=week.territory)


def leaves(week):
    return _list("staffing:leave_list", territory=week.territory)


def territory(week):
    return reverse("dashboard:territory", args=[week.territory])


def events(week):
    return _list("visits:events", territory=week.territory, since=week.first.isoformat(), until=week.last.isoformat())
