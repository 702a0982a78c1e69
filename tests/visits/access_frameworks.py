"""Frameworks: read by whoever reads what is transmitted; what they show of one house, by those who read its file."""

import datetime

from visits.models import Framework


def framework(request):
    """A framework of one point, in force since 2021."""
    request.getfixturevalue("creche")
    made = Framework.objects.create(
        code="essai", title="Charte d’essai", source="Essai", starts_on=datetime.date(2021, 9, 30)
    )
    made.items.create(position=1, key="essai-1", title="Une place pour chacun", reference="charte 1")
    return made


def rows(anywhere, house_page, nothing, house, full, readers):
    listers = anywhere([*readers, "colleague", "neighbour", "far_director"])

    def with_house(request):
        framework(request)
        return house(request)

    return [
        ("visits:frameworks", "get", nothing, listers),
        ("visits:framework", "get", lambda request: (framework(request).pk,), listers),
        ("visits:establishment_evidence", "get", house, house_page(200, full)),
        ("visits:establishment_evidence", "get", with_house, house_page(200, full)),
    ]
