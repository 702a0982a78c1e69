"""One visit as it is typed: the visit, its observations, the actions followed and raised, on one page.

The page carries the version it started from; what somebody else saved meanwhile is never written over.
"""

import datetime
import uuid
from functools import cached_property

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.models import User
from establishments.models import JournalHead, Level, Mandate, Role, TerritoryLink, record
from establishments.workflow import TransitionRefused
from projects.models import ActionItem

from .closing import followed_actions
from .forms import CheckForm, NewActionForm, ObservationForm, VisitForm
from .models import ActionOrigin, ObservationGrid, Visit
from .search import index_visit

FREE_ROWS = 2
LONGEST_ID = 18  # digits: beyond, it is no number of a record
DEFAULT_DELAY = datetime.timedelta(days=30)
OWNERS = [Role.COORDINATOR, Role.POLE_HEAD, Role.DIRECTOR, Role.HEALTH_LEAD, Role.ASSISTANT]


class VersionConflict(Exception):
    """Somebody saved the visit after this page was opened."""


def possible_owners(establishment, day):
    """(id, name) of those who may carry an action of a house: who holds a mandate over it, one query."""
    attached = establishment.attachments.active_on(day).values("territory")
    above = TerritoryLink.objects.filter(descendant__in=attached).values("ancestor")
    mandates = Mandate.objects.active_on(day).filter(
        Q(establishment=establishment) | Q(territory__in=above), role__in=OWNERS
    )
    people = User.objects.filter(pk__in=mandates.values("user"), is_active=True)
    return [(str(person.pk), str(person)) for person in people]


class VisitEntry:
    """Every form of the page of one visit, bound together or not at all."""

    def __init__(self, visit, *, user, data=None):
        self.visit, self.user, self.data = visit, user, data
        self.today = timezone.localdate()
        self.establishment = visit.establishment
        authorisation = self.establishment.authorisation_on(visit.happens_on or self.today)
        initial = {"version": visit.edition if visit.pk else 0, "client_uuid": visit.client_uuid}
        if visit.visited_on is None:
            initial["visited_on"] = self.today
        rule = authorisation.ratio_rule if authorisation else None
        self.form = VisitForm(data, instance=visit, user=user, initial=initial, rule=rule)

    @cached_property
    def grid(self):
        """The grid of the visit; a visit just begun takes the one in service, and keeps it."""
        if self.visit.grid_id:
            return self.visit.grid
        posted = (self.data or {}).get("grid", "")
        # The page was drawn with it, whatever came in service since.
        if posted.isdecimal() and len(posted) <= LONGEST_ID:
            return ObservationGrid.objects.exclude(status=ObservationGrid.Status.DRAFT).filter(pk=posted).first()
        return ObservationGrid.objects.active().order_by("code").first()

    @cached_property
    def observations(self):
        if self.grid is None:
            return []
        known = {row.item_id: row for row in self.visit.observations.all()} if self.visit.pk else {}
        items = self.grid.items.select_related("theme")
        return [ObservationForm(self.data, item=item, instance=known.get(item.pk)) for item in items]

    @cached_property
    def checks(self):
        known = {row.action_id: row for row in self.visit.checks.select_related("action")} if self.visit.pk else {}
        actions = list(followed_actions(self.visit).select_related("owner"))
        listed = {action.pk for action in actions}
        actions += [row.action for pk, row in known.items() if pk not in listed]
        return [CheckForm(self.data, action=action, instance=known.get(action.pk)) for action in actions]

    @cached_property
    def owners(self):
        return possible_owners(self.establishment, self.today)

    @cached_property
    def raised(self):
        """Actions already raised by this draft, to be changed or withdrawn; those the page did not know stay."""
        if not self.visit.pk:
            return []
        rows = self.visit.raised.select_related("action", "item").order_by("action")
        return [
            NewActionForm(
                self.data,
                prefix=f"r-{row.action_id}",
                owners=self.owners,
                item=row.item,
                action=row.action,
                initial={
                    "title": row.action.title,
                    "due_on": row.action.due_on,
                    "owner": row.action.owner_id or "",
                    "level": row.level_when_shared,
                    "client_uuid": row.action.client_uuid,
                },
            )
            for row in rows
            if self.data is None or f"r-{row.action_id}-title" in self.data
        ]

    @cached_property
    def by_item(self):
        """One empty row of action beside each item."""
        return {form.item.pk: self._row(f"n-{form.item.pk}", form.item) for form in self.observations}

    @cached_property
    def free_rows(self):
        return [self._row(f"n-libre-{number}") for number in range(1, FREE_ROWS + 1)]

    def _row(self, prefix, item=None):
        initial = {"due_on": self.today + DEFAULT_DELAY, "client_uuid": uuid.uuid4(), "level": Level.ETABLISSEMENT}
        return NewActionForm(self.data, prefix=prefix, owners=self.owners, item=item, initial=initial)

    @property
    def themes(self):
        """[(theme, [(observation form, action row)])] in the order of the grid."""
        blocks = {}
        for form in self.observations:
            blocks.setdefault(form.item.theme, []).append((form, self.by_item[form.item.pk]))
        return list(blocks.items())

    @property
    def forms(self):
        return [
            self.form,
            *self.observations,
            *self.checks,
            *self.raised,
            *self.by_item.values(),
            *self.free_rows,
        ]

    def is_valid(self):
        """Every form is checked, so that one page shows every correction."""
        return not [form for form in self.forms if not form.is_valid()]

    @property
    def errors(self):
        """(id of the field, label, message) of everything refused, for the summary at the top of the page."""
        return [
            (form[name].id_for_label or form[name].auto_id, form[name].label, message)
            for form in self.forms
            for name in form.fields
            for message in form[name].errors
        ] + [("", "", message) for form in self.forms for message in form.non_field_errors()]

    @transaction.atomic
    def save(self):
        """Write the whole page, or raise VersionConflict; the visit becomes a visit that was made."""
        visit, cleaned = self.form.instance, self.form.cleaned_data
        begins = visit.pk is None or visit.status == Visit.Status.PLANNED
        if begins:
            JournalHead.locked()  # first lock of the transaction, as for every decision
        if visit.pk is None:
            if Visit.objects.filter(client_uuid=cleaned["client_uuid"]).exists():
                raise VersionConflict
            visit.client_uuid = cleaned["client_uuid"]
            visit.created_by = visit.coordinator = self.user
        else:
            self._lock(visit, cleaned["version"])
        visit.status, visit.grid = Visit.Status.DONE, self.grid
        visit.edition = cleaned["version"] + 1
        visit.save()
        if begins:
            record("visite saisie", visit, by=self.user, establishment=visit.establishment)
        self._save_rows(visit)
        index_visit(visit)
        return visit

    @staticmethod
    def _lock(visit, started_from):
        stored = Visit.objects.select_for_update().get(pk=visit.pk)
        if not stored.is_editable:
            raise TransitionRefused(f"Déjà traité : {stored.get_report_status_display()}.")
        if stored.edition != started_from:
            raise VersionConflict

    def _save_rows(self, visit):
        for form in self.observations:
            form.instance.visit, form.instance.item = visit, form.item
            _keep(form, form.says_something)
        for form in self.checks:
            form.instance.visit, form.instance.action = visit, form.action
            _keep(form, bool(form.cleaned_data["state"]))
        for form in self.raised:
            _change(form)
        for form in [*self.by_item.values(), *self.free_rows]:
            if form.cleaned_data["title"]:
                _raise_action(form, visit, self.user)


def _keep(form, wanted):
    if wanted:
        form.save()
    elif form.instance.pk:
        form.instance.delete()


def _change(form):
    action, cleaned = form.action, form.cleaned_data
    if not cleaned["title"]:
        action.delete()
        return
    action.title, action.due_on, action.owner_id = cleaned["title"], cleaned["due_on"], cleaned["owner"] or None
    action.save(update_fields=["title", "due_on", "owner", "search_text"])
    ActionOrigin.objects.filter(action=action).update(level_when_shared=cleaned["level"])


def _raise_action(form, visit, by):
    """Kept inside the pôle until the report is shared; the same row sent twice raises one action."""
    cleaned = form.cleaned_data
    action, created = ActionItem.objects.get_or_create(
        client_uuid=cleaned["client_uuid"],
        defaults={
            "establishment": visit.establishment,
            "title": cleaned["title"],
            "due_on": cleaned["due_on"],
            "owner_id": cleaned["owner"] or None,
            "theme": form.item.theme.title[:80] if form.item else "",
            "origin_kind": ActionItem.Origin.VISIT,
            "origin_label": str(visit)[:200],
            "level": Level.POLE,
            "created_by": by,
        },
    )
    if created:
        ActionOrigin.objects.create(action=action, visit=visit, item=form.item, level_when_shared=cleaned["level"])
