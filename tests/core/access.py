"""The access grid of core: what belongs to a person is hers alone."""

from django.core.files.base import ContentFile

from core.models import Job, Notification

WHO = [
    "coordinator",
    "colleague",
    "neighbour",
    "former",
    "pole_head",
    "division_head",
    "central",
    "assistant",
    "health_lead",
    "director",
    "far_director",
    "administrator",
    "elected",
    "nobody",
    "superuser",
]


def everyone(status, **others):
    return {**dict.fromkeys(WHO, status), **others}


def nothing(request):
    return ()


def notification(request):
    user = request.getfixturevalue("coordinator")
    return (Notification.objects.create(user=user, event="essai", title="Compte rendu transmis").pk,)


def job(request):
    return (Job.objects.create(owner=request.getfixturevalue("coordinator"), label="Import").pk,)


def finished(request):
    job = Job(owner=request.getfixturevalue("coordinator"), label="PDF", status="done")
    job.result.save("liste.pdf", ContentFile(b"%PDF-1.7"))
    return (job.pk,)


GRID = [
    ("core:health", "get", nothing, everyone(200)),
    ("core:icon", "get", nothing, everyone(302)),
    ("core:theme_change", "post", lambda request: ((), {"theme": "sombre"}), everyone(302)),
    ("core:notification_list", "get", nothing, everyone(200)),
    ("core:notification_choices", "get", nothing, everyone(200)),
    ("core:notification_choices", "post", nothing, everyone(200)),
    ("core:notification_read_all", "post", nothing, everyone(302)),
    ("core:notification_open", "post", notification, everyone(404, coordinator=302)),
    ("core:job_detail", "get", job, everyone(404, coordinator=200)),
    ("core:job_result", "get", finished, everyone(404, coordinator=200)),
    ("core:job_stop", "post", job, everyone(404, coordinator=302)),
]
