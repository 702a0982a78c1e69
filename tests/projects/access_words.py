"""What the grids of the projects share: who is inside, who reads, who writes, who decides."""

INSIDE = [
    "coordinator",
    "colleague",
    "pole_head",
    "division_head",
    "central",
    "assistant",
    "health_lead",
    "director",
    "administrator",
]
OUTSIDE = ["neighbour", "former", "far_director", "elected", "nobody", "superuser"]
READERS = ["coordinator", "pole_head", "division_head", "assistant", "health_lead", "director"]
DOERS = ["coordinator", "pole_head", "health_lead", "director"]
MANAGERS = ["coordinator", "pole_head"]
TRANSMITTED = ["coordinator", "pole_head", "division_head", "central", "assistant", "director"]
WRITERS = ["coordinator", "pole_head", "director"]
# A draft does not exist for those who do not write it.
UNKNOWN_DRAFT = dict.fromkeys(
    ["colleague", "division_head", "central", "assistant", "health_lead", "administrator"], 404
)


def answers(status, allowed):
    """`status` for those allowed, 403 for those who know the house without the right, 404 for the others."""
    return {who: status if who in allowed else 403 for who in INSIDE} | dict.fromkeys(OUTSIDE, 404)


def anywhere(allowed):
    """Pages about no record: those who hold the capability over any house."""
    return {who: 200 if who in allowed else 403 for who in [*INSIDE, *OUTSIDE]}


def nothing(request):
    request.getfixturevalue("creche")
    return ()
