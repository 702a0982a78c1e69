"""Recurring tasks: what is due is enqueued once, whatever the number of schedulers."""

import datetime
from dataclasses import dataclass
from importlib import import_module

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from .models import RecurringRun


@dataclass(frozen=True)
class Recurring:
    """A task run every `every`, counted from midnight, local time; `task` is a django-tasks task without argument."""

    name: str
    task: object
    every: datetime.timedelta


def declared():
    """The RECURRING lists of the applications' `recurring` modules."""
    found = []
    for config in apps.get_app_configs():
        try:
            module = import_module(f"{config.name}.recurring")
        except ModuleNotFoundError as error:
            if error.name != f"{config.name}.recurring":
                raise
            continue
        found.extend(module.RECURRING)
    return found


def slot(recurring, now):
    """The last due instant at or before `now`."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + ((timezone.localtime(now) - midnight) // recurring.every) * recurring.every


def tick(now, tasks=None):
    """Enqueue each task whose slot was not run yet; returns the names enqueued."""
    enqueued = []
    for recurring in declared() if tasks is None else tasks:
        try:
            with transaction.atomic():
                RecurringRun.objects.create(task=recurring.name, due_at=slot(recurring, now))
                recurring.task.enqueue()
        except IntegrityError:
            continue  # this slot is already taken, by this scheduler or by another
        enqueued.append(recurring.name)
    return enqueued
