"""The syntheses that wait for somebody: to approve, or to take up again. One query."""

from core.attention import DECISION, AttentionItem
from establishments.models import Capability

from ..models import Synthesis


def attention(user, today) -> list[AttentionItem]:
    waiting = Synthesis.objects.visible_to(user, Capability.APPROVE_SYNTHESIS).to_approve().exclude(author=user)
    return [
        AttentionItem(
            key=f"synthesis-{document.pk}",
            weight=DECISION,
            title=f"Synthèse à approuver\u00a0: {document.place}",
            reason=f"{document.get_variant_display()}, {document.days}, soumise par {document.author}.",
            url=document.get_absolute_url(),
            button="Relire",
            due_on=None,
        )
        for document in waiting.select_related("territory", "establishment", "author")
    ]
