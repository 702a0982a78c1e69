"""Steps of a workflow, offered on a page and taken by a POST: one table a workflow, for buttons, views and tests."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404

from core.free_text import find_concerns
from core.pages import UNREADABLE
from establishments.door import can, get_visible_or_404
from establishments.models import Capability

LONGEST_TEXT = 4000


@dataclass(frozen=True)
class Step:
    """One step: who may take it, from which statuses, how its button and its dialog read.

    `text` is the label of what must be typed ("" when nothing is asked), handed to the method as `text`;
    `consequence` says before the click what will happen, `said` what happened.
    """

    label: str
    capability: Capability
    start: tuple
    consequence: str
    said: str
    text: str = ""
    optional: bool = False
    tone: str = ""
    day: str = ""

    @property
    def is_quiet(self):
        """What gives up stands back behind what goes on."""
        return bool(self.tone)


def offered(record, user, steps, field="status"):
    """{name: Step} open to one reader now. One query a capability."""
    held = {c: can(user, c, record) for c in {step.capability for step in steps.values()}}
    status = getattr(record, field)
    return {name: step for name, step in steps.items() if status in step.start and held[step.capability]}


def take(request, model, pk, name, steps, rules=None):
    """Fetch through the door, call the step, say what happened. Returns the record.

    The step is the method of its name, or the function that `rules` gives for it.
    """
    if name not in steps:
        raise Http404
    step = steps[name]
    record = get_visible_or_404(model.objects, request.user, step.capability, pk=pk)
    typed = text_of(request, "texte")
    given = {"text": typed} if step.text else {}
    if step.day:
        given["day"] = text_of(request, "jour")
    if rules is None:
        getattr(record, name)(by=request.user, **given)
    else:
        rules[name](record, by=request.user, **given)
    warn(request, typed)
    messages.success(request, step.said)
    return record


def text_of(request, name):
    return UNREADABLE.sub("", request.POST.get(name, "")).strip()[:LONGEST_TEXT]


def warn(request, *texts):
    """Texts are kept as typed; a passage that may name a child or tell somebody's health is pointed at."""
    for concern in [concern for text in texts for concern in find_concerns(text or "")]:
        messages.warning(request, f"«\u00a0{concern.excerpt}\u00a0»\u00a0: {concern.advice}")
