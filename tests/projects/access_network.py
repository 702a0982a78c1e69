"""Who may open the pages of the network: transversal projects, partners, local actions, events, trainees, adoption."""

from projects.models import (
    LocalAction,
    Milestone,
    NetworkEvent,
    Partner,
    PartnerContact,
    PartnerExchange,
    ProjectTarget,
    TraineePlace,
    TransversalProject,
)
from tests.factories import TODAY
from tests.projects.access_words import TRANSMITTED, WRITERS, answers, anywhere, nothing

LISTED = anywhere([*TRANSMITTED, "colleague", "neighbour", "far_director"])
ASKERS = anywhere([*WRITERS, "colleague", "neighbour", "far_director"])
STEERERS = anywhere(["coordinator", "pole_head", "central", "colleague", "neighbour"])
KEEPERS = anywhere(["coordinator", "pole_head", "assistant", "colleague", "neighbour"])
READERS_OF_FILES = ["coordinator", "pole_head", "division_head", "assistant", "colleague", "neighbour"]
DAYS = {"starts_on": TODAY, "ends_on": TODAY}


def project(request, status="running"):
    creche, by = request.getfixturevalue("creche"), request.getfixturevalue("pole_head")
    made = TransversalProject.objects.create(
        territory=request.getfixturevalue("pole"), title="Lire", created_by=by, status=status, **DAYS
    )
    Milestone.objects.create(project=made, title="Albums", starts_on=TODAY, due_on=TODAY)
    ProjectTarget.objects.create(project=made, establishment=creche)
    ProjectTarget.objects.create(project=made, establishment=request.getfixturevalue("next_creche"))
    return made


def running(request):
    return (project(request).pk,)


def to_close(request):
    return (project(request).pk, "close"), {"texte": "Bilan"}


def reached(request):
    made = project(request)
    target = made.targets.get(establishment=request.getfixturevalue("creche"))
    return (target.pk, made.milestones.get().pk)


def partner(request):
    request.getfixturevalue("creche")
    return Partner.objects.create(territory=request.getfixturevalue("sector"), name="PMI")


def known_partner(request):
    return (partner(request).pk,)


def contact(request):
    return (PartnerContact.objects.create(partner=partner(request), name="Mme Aubry", starts_on=TODAY).pk,)


def promise(request):
    made = partner(request)
    by = request.getfixturevalue("pole_head")
    exchange = PartnerExchange.objects.create(partner=made, summary="Point", commitment="Écrire", recorded_by=by)
    return (made.pk, exchange.pk)


def local(request):
    by, sector = request.getfixturevalue("pole_head"), request.getfixturevalue("sector")
    made = LocalAction.objects.create(territory=sector, title="Square", created_by=by, **DAYS)
    made.houses.add(request.getfixturevalue("creche"))
    return made


def local_page(request):
    return (local(request).pk,)


def local_to_cancel(request):
    return (local(request).pk, "cancel"), {"texte": "Pluie"}


def event(request):
    request.getfixturevalue("creche")
    by, sector = request.getfixturevalue("pole_head"), request.getfixturevalue("sector")
    return (NetworkEvent.objects.create(territory=sector, title="Semaine", created_by=by, **DAYS).pk,)


def event_to_report(request):
    return (*event(request), "report"), {"texte": "Réussie"}


def trainees(request):
    by, creche = request.getfixturevalue("pole_head"), request.getfixturevalue("creche")
    return (TraineePlace.objects.create(establishment=creche, diploma="EJE", created_by=by, **DAYS).pk,)


def around(status, allowed):
    """Partners and events are known to those who work in their territory, above it or below it: no further."""
    return answers(status, allowed) | {"colleague": 404}


KEEPING, STEERED = ["coordinator", "pole_head", "assistant"], answers(200, ["pole_head", "central"])
KEPT = answers(200, KEEPING)
SENDERS = ["coordinator", "pole_head", "director"]
GRID = [
    ("projects:transversal_list", "get", nothing, LISTED),
    ("projects:transversal_create", "get", nothing, STEERERS),
    ("projects:transversal_create", "post", nothing, STEERERS),
    ("projects:transversal_detail", "get", running, answers(200, [*TRANSMITTED, "colleague"])),
    ("projects:transversal_pdf", "get", running, answers(200, [*TRANSMITTED, "colleague"])),
    ("projects:milestone_add", "get", running, STEERED),
    ("projects:milestone_add", "post", running, STEERED),
    ("projects:transversal_houses", "get", running, STEERED),
    ("projects:transversal_houses", "post", running, STEERED),
    ("projects:transversal_step", "post", to_close, answers(302, ["pole_head", "central"])),
    ("projects:milestone_reach", "post", reached, answers(302, WRITERS)),
    ("projects:partner_list", "get", nothing, LISTED),
    ("projects:partner_create", "get", nothing, KEEPERS),
    ("projects:partner_create", "post", nothing, KEEPERS),
    ("projects:partner_detail", "get", known_partner, around(200, TRANSMITTED)),
    ("projects:contact_add", "get", known_partner, around(200, KEEPING)),
    ("projects:contact_add", "post", known_partner, around(200, KEEPING)),
    ("projects:contact_leave", "post", contact, around(302, KEEPING)),
    ("projects:exchange_add", "get", known_partner, around(200, KEEPING)),
    ("projects:exchange_add", "post", known_partner, around(200, KEEPING)),
    ("projects:commitment_kept", "post", promise, around(302, KEEPING)),
    ("projects:local_list", "get", nothing, LISTED),
    ("projects:local_create", "get", nothing, KEEPERS),
    ("projects:local_create", "post", nothing, KEEPERS),
    ("projects:local_detail", "get", local_page, answers(200, TRANSMITTED)),
    ("projects:local_report", "get", local_page, KEPT),
    ("projects:local_report", "post", local_page, KEPT),
    ("projects:local_step", "post", local_to_cancel, answers(302, KEEPING)),
    ("projects:event_list", "get", nothing, LISTED),
    ("projects:event_create", "get", nothing, STEERERS),
    ("projects:event_create", "post", nothing, STEERERS),
    ("projects:event_detail", "get", event, around(200, TRANSMITTED)),
    ("projects:event_participate", "get", event, around(200, SENDERS)),
    ("projects:event_participate", "post", event, around(200, SENDERS)),
    ("projects:event_step", "post", event_to_report, around(302, ["coordinator", "pole_head", "central"])),
    ("projects:trainee_list", "get", nothing, LISTED),
    ("projects:trainee_create", "get", nothing, ASKERS),
    ("projects:trainee_create", "post", nothing, ASKERS),
    ("projects:trainee_edit", "get", trainees, answers(200, WRITERS)),
    ("projects:trainee_edit", "post", trainees, answers(200, WRITERS)),
    ("projects:adoption", "get", nothing, anywhere([*READERS_OF_FILES, "central"])),
]
