"""Who may give a role to whom: only downward, from one's own scope, and never to oneself (C40)."""

from core.french import typo

from .admin_scope import establishments_of, territories_of

OWN_ROLE = "Personne ne change son propre rôle : demandez-le à un·e autre administrateur·rice."
TOO_WIDE = "Ce mandat dépasse votre périmètre : vous ne pouvez donner un rôle que chez vous ou au-dessous."


def grant_refusal(by, *, user, territory=None, establishment=None):
    """The sentence that refuses this grant, or "" when `by` may make it."""
    if user is not None and user.pk == by.pk:
        return typo(OWN_ROLE)
    if territory is not None and not territories_of(by).filter(pk=territory.pk).exists():
        return typo(TOO_WIDE)
    if establishment is not None and not establishments_of(by).filter(pk=establishment.pk).exists():
        return typo(TOO_WIDE)
    return ""
