"""The words of the collectivité, as the sentences take them."""

from establishments.vocabulary import words

from .sentences import Terms


def terms() -> Terms:
    said = words()
    return Terms(
        house=said["establishment"],
        visit=said["visit"],
        action=said["action"],
        leave=said["leave"],
        report=said["report"],
        review=said["review"],
        place=said["place"],
    )
