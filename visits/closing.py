"""What sharing a report does around it: checks that it is complete, moves the actions, opens those it raised."""

from django.conf import settings

from core.french import counted, sentence_list
from core.models import User
from core.periods import active_on
from establishments.workflow import TransitionRefused
from projects.models import ActionItem

from . import completeness, contradictoire
from .models import FieldChange, Observation
from .reports import READINGS, reading_of

Status = ActionItem.Status
KEPT = {
    FieldChange.Outcome.CONFLICT: "Choisissez entre les deux textes gardés.",
    FieldChange.Outcome.HELD: "Corrigez les valeurs gardées à part.",
}


def followed_actions(visit):
    """The open actions that a visit looks at: all those of the house but the ones it raised itself."""
    actions = ActionItem.objects.of(visit.establishment_id).to_follow()
    return actions.exclude(origin__visit=visit) if visit.pk else actions


def answer_due(today):
    """The last day to answer what is shared today, with the days and the holidays of the collectivité."""
    return contradictoire.answer_due(
        today, days=settings.RONDE_ANSWER_WORKING_DAYS, alsace_moselle=settings.RONDE_ALSACE_MOSELLE
    )


def answers_of(visit):
    """The visit as `completeness.missing` reads it."""
    names = [field.name for field in visit._meta.concrete_fields if not field.is_relation]
    said = {name: completeness.plain(getattr(visit, name)) for name in names}
    checks = {check.action_id: check for check in visit.checks.select_related("action")}
    actions = {action.pk: action for action in followed_actions(visit)}
    actions.update({pk: check.action for pk, check in checks.items()})
    observations = visit.observations.select_related("item")
    raised = visit.raised.select_related("action")
    return {
        **said,
        "observations": [
            {"key": o.item.key, "title": o.item.title, "rating": o.rating, "nature": o.nature, "fact": o.fact}
            for o in observations
        ],
        "actions": [_checked(action, checks.get(pk)) for pk, action in actions.items()],
        "new_actions": [
            {"key": o.action_id, "title": o.action.title, "due_on": completeness.plain(o.action.due_on)}
            for o in raised
        ],
    }


def _checked(action, check):
    row = {"key": action.pk, "title": action.title, "state": "", "note": ""}
    return {**row, "state": check.state, "note": check.note} if check else row


def gaps_of(visit):
    """What is missing before sharing: what the rules ask, and the texts that wait for a person."""
    waiting = visit.changes.unsettled().values_list("outcome", flat=True)
    kept = [completeness.Gap("kept", "", "", "", KEPT[outcome]) for outcome in sorted(set(waiting) & set(KEPT))]
    return (*completeness.missing(answers_of(visit)), *kept)


def refuse_incomplete(visit):
    gaps = gaps_of(visit)
    if gaps:
        shown = " ".join(dict.fromkeys(gap.message for gap in gaps))
        raise TransitionRefused(f"Le compte rendu n’est pas complet. {shown}")


def refuse_undecided(visit):
    """Every remark is accepted or refused with a reason before the report closes: none is lost (M14)."""
    left = visit.remarks.undecided().count()
    if left:
        wait = counted(left, "observation attend", "observations attendent")
        raise TransitionRefused(f"{wait} votre réponse\u00a0: acceptez chacune, ou refusez-la avec son motif.")


def apply_checks(visit, by):
    """Each action takes the state seen at the visit, by its own steps; what others closed meanwhile stays closed."""
    for check in visit.checks.select_related("action"):
        step = _step(_seen(check, by), check.action.status)
        if step:
            step(check.action, by, check.note or f"vu le {visit.visited_on:%d/%m/%Y}, en visite")
    for action in found_again(visit):
        action.find_again(by=by, note=f"le même écart est vu le {visit.visited_on:%d/%m/%Y}, en visite")


def _seen(check, by):
    """What the visit saw; a corrective measure verified by who did it is declared, and waits for another look."""
    own = check.action.kind == ActionItem.Kind.CORRECTIVE and check.action.is_done_by(by)
    return Status.DONE if own and check.state == Status.VERIFIED else check.state


def found_again(visit):
    """The measures verified before the visit whose gap it finds again: the last one of each point of observation."""
    keys = visit.observations.filter(nature=Observation.Nature.GAP).values("item__key")
    closed = ActionItem.objects.of(visit.establishment_id).filter(
        status=Status.VERIFIED,
        closed_at__date__lte=visit.visited_on,
        origin__item__key__in=keys,
    )
    latest = {}
    for action in closed.select_related("origin__item").order_by("closed_at", "pk"):
        latest[action.origin.item.key] = action
    return list(latest.values())


def _step(state, status):
    """What moves an action from its status to the state seen, or None when there is nothing to move."""
    if status not in ActionItem.FOLLOWED:
        return None
    if state == Status.ABANDONED:
        return lambda action, by, note: action.abandon(by=by, reason=note)
    if state == Status.VERIFIED:
        return lambda action, by, note: action.verify(by=by, evidence=note)
    if state == Status.DONE and status in ActionItem.OPEN:
        return lambda action, by, note: action.declare_done(by=by, evidence=note)
    if state in {Status.TO_START, Status.IN_PROGRESS} and status == Status.DONE:
        return lambda action, by, note: action.reopen(by=by, note=note)
    if state == Status.IN_PROGRESS and status == Status.TO_START:
        return lambda action, by, note: action.start(by=by)
    return None


def reveal_actions(visit):
    """Actions raised by a draft stay inside the pôle; sharing gives them the level they were meant for.

    One raised where a gap was seen is a corrective measure from then on: evidence and a second look close it.
    """
    gaps = set(visit.observations.filter(nature=Observation.Nature.GAP).values_list("item", flat=True))
    for origin in visit.raised.select_related("action"):
        action = origin.action
        before = (action.level, action.kind)
        action.level = origin.level_when_shared
        if origin.item_id in gaps:
            action.kind = ActionItem.Kind.CORRECTIVE
        if (action.level, action.kind) != before:
            action.save(update_fields=["level", "kind"])


def directors_of(establishment, day):
    """Who directs the house that day, deputies included: those who answer."""
    return User.objects.filter(
        active_on(day, prefix="directorships__"), directorships__establishment=establishment, is_active=True
    ).distinct()


def kept_inside(visit, report):
    """What sharing keeps inside the pôle, in French words for the confirmation; empty when nothing is."""
    above = [name for name in visit.PARAGRAPHS if getattr(visit, f"{name}_level") not in READINGS["etablissement"]]
    labels = [str(visit._meta.get_field(name).verbose_name) for name in above if getattr(visit, name)]
    hidden = len(report.observations) - len(reading_of(report, "etablissement").observations)
    return sentence_list([*labels, *([counted(hidden, "observation")] if hidden else [])])
