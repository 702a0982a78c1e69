"""The journal of one record, ready for the timeline of its page."""

from core.french import capitalise
from core.templatetags.french import fr_instant
from establishments.models import Capability, JournalEntry


def history_of(record, user, capability=Capability.READ_TRANSMITTED):
    """Lines that the user may read, the latest first. One query."""
    entries = JournalEntry.objects.visible_to(user, capability).about(record).select_related("actor")
    return [
        {"when": fr_instant(entry.at), "title": f"{capitalise(entry.verb)}, {entry.actor}", "text": entry.note}
        for entry in entries
    ]
