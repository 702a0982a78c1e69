"""docs/droits.md, written from the table of capabilities: what the code grants is what the page says."""

from .models.roles import CAPABILITIES, POLE_WIDE, Capability, Role
from .vocabulary import in_pack

HEAD = """# Qui peut faire quoi

Page écrite à partir de `establishments/models/roles.py` ; un test refuse qu’elle en diffère. Un droit vaut sur le
territoire ou l’établissement du mandat, entre ses deux dates. Hors du périmètre, une page n’existe pas (404) ; dans le
périmètre mais sans le droit, elle est refusée (403). Un compte sans mandat ne voit rien, superutilisateur compris.

Abréviations : ● le droit est donné ; ○ il est étendu au reste du pôle.
"""


def cell(role, capability):
    if capability in CAPABILITIES[role]:
        return "● ○" if capability in POLE_WIDE.get(role, ()) else "●"
    return "○" if capability in POLE_WIDE.get(role, ()) else ""


@in_pack("generique")
def rights_markdown():
    """The whole page, as text, in the words of everyone."""
    columns = [str(role.label) for role in Role]
    lines = [HEAD, "| Droit | " + " | ".join(columns) + " |", "| --- |" + " :-: |" * len(columns)]
    for capability in Capability:
        cells = [cell(role, capability) for role in Role]
        lines.append(f"| {capability.label} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
