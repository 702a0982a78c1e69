"""The part of the page of a visit that some changes touch: what is stored, with the changes laid over it.

The forms are those of the page, so that a change sent by a device meets the same rules, and no other.
"""

from functools import cached_property

from projects.models import ActionItem
from visits.closing import followed_actions
from visits.conflicts import stored_value
from visits.entry import VisitEntry
from visits.forms import CheckForm, NewActionForm, ObservationForm
from visits.models import Visit

from .names import ROW_FIELDS, prefix_of

MOST_ID = 2**31 - 1


class Patch(VisitEntry):
    """`VisitEntry` cut to the forms of `prefixes`; `items` are the points that new actions came from, by prefix."""

    def __init__(self, visit, *, user, prefixes, items=None, data=None):
        self.prefixes, self.items = set(prefixes), items or {}
        super().__init__(visit, user=user, data=data)

    def _numbers(self, letter):
        numbers = [int(prefix[2:]) for prefix in self.prefixes if prefix.startswith(f"{letter}-")]
        return [number for number in numbers if number <= MOST_ID]

    @cached_property
    def observations(self):
        wanted = self._numbers("o")
        if not wanted or self.grid is None:
            return []
        known = {row.item_id: row for row in self.visit.observations.filter(item__in=wanted)} if self.visit.pk else {}
        items = self.grid.items.filter(pk__in=wanted).select_related("theme")
        return [ObservationForm(self.data, item=item, instance=known.get(item.pk)) for item in items]

    @cached_property
    def checks(self):
        wanted = self._numbers("a")
        if not wanted:
            return []
        known = {row.action_id: row for row in self.visit.checks.filter(action__in=wanted)} if self.visit.pk else {}
        followed = followed_actions(self.visit).filter(pk__in=wanted).values_list("pk", flat=True)
        actions = ActionItem.objects.filter(pk__in={*followed, *known})
        return [CheckForm(self.data, action=action, instance=known.get(action.pk)) for action in actions]

    @cached_property
    def _rows(self):
        """{key of an action as text: its origin}, of those this visit raised among the ones touched."""
        keys = [prefix[2:] for prefix in self.prefixes if prefix.startswith("x-")]
        if not keys or not self.visit.pk:
            return {}
        origins = self.visit.raised.filter(action__client_uuid__in=keys).select_related("action", "item")
        return {str(origin.action.client_uuid): origin for origin in origins}

    @cached_property
    def raised(self):
        return [
            NewActionForm(
                self.data,
                prefix=f"x-{key}",
                owners=self.owners,
                item=origin.item,
                action=origin.action,
                initial={
                    "title": origin.action.title,
                    "due_on": origin.action.due_on,
                    "owner": origin.action.owner_id or "",
                    "level": origin.level_when_shared,
                    "client_uuid": origin.action.client_uuid,
                },
            )
            for key, origin in self._rows.items()
        ]

    @cached_property
    def by_item(self):
        return {}

    @cached_property
    def free_rows(self):
        keys = [prefix[2:] for prefix in sorted(self.prefixes) if prefix.startswith("x-")]
        new = [key for key in keys if key not in self._rows]
        taken = {
            str(key) for key in ActionItem.objects.filter(client_uuid__in=new).values_list("client_uuid", flat=True)
        }
        return [self._new_row(key) for key in new if key not in taken]

    def _new_row(self, key):
        row = self._row(f"x-{key}", self._item_of(f"x-{key}"))
        row.initial["client_uuid"] = key
        return row

    def _item_of(self, prefix):
        number = self.items.get(prefix)
        if self.grid is None or number is None or number > MOST_ID:
            return None
        return self.grid.items.filter(pk=number).select_related("theme").first()

    def fields(self):
        """{name: bound field} of everything this patch can write."""
        found = {}
        for form in self.forms:
            found |= {form[name].html_name: form[name] for name in form.fields}
        return found

    def stored(self):
        """The page as it is stored, ready to be posted: {name: value}, unticked boxes left out."""
        values = {name: stored_value(field) for name, field in self.fields().items()}
        values["version"] = str(self.visit.edition if self.visit.pk else 0)
        values["client_uuid"] = str(self.visit.client_uuid)
        for form in self.free_rows:  # proposed, not stored: what the device had comes with its title
            values[f"{form.prefix}-client_uuid"] = form.prefix[2:]
        return {name: value for name, value in values.items() if value}

    def current(self):
        """{name: what is stored of it, None when nobody wrote it yet}."""
        values = self.stored()
        begun = self.visit.pk is not None and self.visit.status == Visit.Status.DONE
        new = {f"{form.prefix}-{name}" for form in self.free_rows for name in ROW_FIELDS}
        return {
            name: values.get(name, "") if begun and name not in new else None
            for name in self.fields()
            if prefix_of(name) is not None
        }

    def proposed(self):
        """Names of new actions that no title makes exist."""
        return {form.prefix for form in self.free_rows if not (self.data or {}).get(f"{form.prefix}-title")}
