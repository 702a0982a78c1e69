"""Functioning reviews: inside the pôle until the contradictoire, then read by the director and central services."""

import datetime

from django.utils import timezone

from tests.visits.reviews import opened, scheduled, shared, validated, written

EVERYWHERE = ["coordinator", "colleague", "neighbour", "pole_head"]


def rows(anywhere, unseen, house_page, nothing, full, readers):
    """The rows of the grid; the first three are the patterns of tests/visits/access.py."""
    conduct = ["coordinator", "pole_head"]

    def at(step):
        def make_args(request):
            house, by = request.getfixturevalue("creche"), request.getfixturevalue("coordinator")
            return ((step(house) if step is scheduled else step(house, by)).pk,)

        return make_args

    def posted(step, **data):
        return lambda request: (at(step)(request), data)

    def answered(house, by):
        review = shared(house, by)
        review.answer(by=by, opinion="Un avis.")
        return review

    def closed(house, by):
        return validated(house, by, by, by)

    def rated(house, by):
        review = opened(house, by)
        review.items.update(rating="acquired")
        review.summary = "Synthèse."
        review.save()
        return review

    def plan(request):
        day = timezone.localdate() + datetime.timedelta(days=60)
        uuid = "5b0f3c1e-30a5-4f0e-9b0e-0d6a5c0f7a11"
        return at(opened)(request), {"title": "Reprendre le projet", "due_on": day, "client_uuid": uuid}

    def house(request):
        return (request.getfixturevalue("creche").pk,)

    listers = anywhere([*readers, "colleague", "neighbour", "far_director"])
    return [
        ("visits:reviews", "get", nothing, listers),
        ("visits:review_campaign", "get", nothing, anywhere(EVERYWHERE)),
        ("visits:review_campaign", "post", lambda request: (nothing(request), {}), anywhere(EVERYWHERE, 302)),
        ("visits:review_create", "get", nothing, anywhere(EVERYWHERE)),
        ("visits:review_create", "post", lambda request: (nothing(request), {}), anywhere(EVERYWHERE)),
        ("visits:establishment_reviews", "get", house, house_page(200, readers)),
        ("visits:review", "get", at(scheduled), unseen(200, full)),
        ("visits:review", "get", at(opened), unseen(200, full)),
        ("visits:review", "get", at(shared), house_page(200, readers)),
        ("visits:review", "get", at(closed), house_page(200, readers)),
        ("visits:review_pdf", "get", at(opened), unseen(200, full)),
        ("visits:review_pdf", "get", at(closed), house_page(200, readers)),
        ("visits:review_write", "get", at(opened), unseen(200, conduct)),
        ("visits:review_write", "post", posted(opened, seen=1), unseen(302, conduct)),
        ("visits:review_move", "get", at(scheduled), unseen(200, conduct)),
        ("visits:review_move", "post", posted(scheduled, month="2027-03"), unseen(302, conduct)),
        ("visits:review_open", "post", posted(scheduled), unseen(302, conduct)),
        ("visits:review_visit", "post", posted(opened), unseen(302, conduct)),
        ("visits:review_draft", "post", posted(rated), unseen(302, conduct)),
        ("visits:review_share", "post", posted(written), unseen(302, conduct)),
        ("visits:review_answer", "post", posted(shared, opinion="D’accord."), house_page(302, ["director"])),
        ("visits:review_validate", "post", posted(answered, opinion="Validée."), house_page(302, ["pole_head"])),
        ("visits:review_follow", "post", posted(closed), house_page(302, conduct)),
        ("visits:review_action", "post", plan, unseen(302, conduct)),
    ]
