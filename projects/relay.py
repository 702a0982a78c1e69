"""Who answers a question of the field: the closest person who may, then the one above her."""

from dataclasses import dataclass

from django.db.models import Q

from core.models import User
from establishments.models import Capability, Mandate, Role, SectorAttachment, Territory, TerritoryLink, roles_with

HANDLE = Capability.HANDLE_REQUESTS
# From the field up: the head of a person is the next one who holds a higher rank.
RANKS = [Role.ASSISTANT, Role.COORDINATOR, Role.POLE_HEAD, Role.DIVISION_HEAD, Role.CENTRAL]


@dataclass(frozen=True)
class Handler:
    """One mandate that may answer: how far above the house it stands, and how high its role is."""

    user_id: int
    depth: int
    rank: int
    is_interim: bool


def _chain(request, on):
    """Links from the territory of the question up to the top."""
    if request.establishment_id is None:
        return TerritoryLink.objects.filter(descendant=request.territory_id)
    attached = SectorAttachment.objects.active_on(on).filter(establishment=request.establishment_id)
    return TerritoryLink.objects.filter(descendant__in=attached.values("territory"))


def _mandates(request, on):
    above = _chain(request, on).order_by().values("ancestor")
    here = Q(territory__in=above)
    if request.establishment_id is not None:
        here |= Q(establishment=request.establishment_id)
    return Mandate.objects.active_on(on).filter(here, role__in=roles_with(HANDLE), user__is_active=True)


def people_able(request, on):
    """Accounts to whom the question may be relayed (a queryset)."""
    return User.objects.filter(is_active=True, pk__in=_mandates(request, on).order_by().values("user"))


def told_by(user, request, on):
    """Territories to which `user` may tell the answer: above the question up to the pôle, and all those she covers."""
    above = Territory.objects.filter(pk__in=_chain(request, on).order_by().values("ancestor"))
    covered = Territory.objects.visible_to(user, HANDLE, on).order_by().values("pk")
    near = [Territory.Kind.SECTOR, Territory.Kind.POLE]
    return above.filter(Q(kind__in=near) | Q(pk__in=covered)).order_by("name", "pk")


def _handlers(request, on):
    depths = dict(_chain(request, on).values_list("ancestor", "depth"))
    rows = _mandates(request, on).order_by().values_list("user", "territory", "role", "is_interim")
    found = [Handler(user, depths.get(place, 0), RANKS.index(role), interim) for user, place, role, interim in rows]
    return sorted(found, key=lambda one: (one.depth, -one.is_interim, one.rank == 0, one.rank, one.user_id))


def first_owner(request, asker, on):
    """The closest person who may answer and did not ask: an interim before whom she replaces. None when nobody may."""
    handlers = _handlers(request, on)
    own = max((one.rank for one in handlers if one.user_id == asker.pk), default=-1)
    able = [one for one in handlers if one.user_id != asker.pk and one.rank > own]
    able = able or [one for one in handlers if one.user_id != asker.pk]
    return User.objects.get(pk=able[0].user_id) if able else None


def head_of(request, on):
    """The person above the owner, over the same place; None above the top."""
    handlers = _handlers(request, on)
    rank = max((one.rank for one in handlers if one.user_id == request.owner_id), default=0)
    above = sorted((one for one in handlers if one.rank > rank), key=lambda one: (one.rank, one.depth, one.user_id))
    return User.objects.get(pk=above[0].user_id) if above else None
