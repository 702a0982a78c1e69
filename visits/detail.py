"""What the page of one visit shows to one person: the report cut to her reading, and what she may do now."""

import uuid

from establishments.door import can
from establishments.models import Capability
from establishments.vocabulary import words

from . import contradictoire
from .cards import seen_in, speaks_for
from .closing import answer_due, directors_of, found_again, gaps_of, kept_inside
from .forms import AnswerForm, CancelForm, PostponeForm, RemarkForm
from .free_texts import warnings_of
from .models import Visit
from .offline.kept import kept_of
from .printing import level_marks
from .report_facts import report_of
from .reports import reading_of
from .visit_purging import held_past_its_time

Report = Visit.ReportStatus


def detail_of(visit, user, reading, today):
    """The context of visits/visit_detail.html."""
    writes = reading == "interne" and can(user, Capability.LOG_VISIT, visit)
    is_writing = visit.is_editable and writes
    is_report = visit.status == Visit.Status.DONE and not visit.purged_at
    context = {
        "visit": visit,
        "held_by": held_past_its_time(visit, today),
        "level_marks": level_marks(),
        "report": reading_of(report_of(visit), reading) if is_report else None,
        "may_edit": is_writing,
        "may_rate_twice": writes and is_report and visit.grid_id is not None,
        "may_drop": is_writing and visit.status == Visit.Status.PLANNED,
        "kept": kept_of(visit, user) if writes else [],
        "attachments": list(visit.attachments.select_related("item")) if reading == "interne" and is_report else [],
        "may_attach": is_writing and is_report,
        "attachment_key": uuid.uuid4(),
        "gaps": [],
        "warnings": [],
        "may_share": False,
        "to_decide": [],
        "may_answer": False,
        "may_validate": False,
        "seen": [],
        "may_card": False,
        "readings": [("interne", "Interne"), ("etablissement", words()["establishment"].cap), ("elu", "Élu")]
        if reading == "interne"
        else [],
    }
    if is_writing and is_report:
        context |= _writing(visit, context["report"], today)
    if context["may_drop"]:
        context["cancel_form"] = CancelForm(auto_id="annuler_%s")
        context["postpone_form"] = PostponeForm(auto_id="reporter_%s", initial={"client_uuid": uuid.uuid4()})
    if visit.is_transmitted:
        context |= _answering(visit, user, today)
    if visit.report_status == Report.VALIDATED:
        context["seen"] = seen_in(visit)
        context["may_card"] = bool(context["seen"]) and speaks_for(user, visit, can) is not None
    return context


def _writing(visit, report, today):
    gaps = gaps_of(visit)
    return {
        "gaps": gaps,
        "warnings": warnings_of(visit, report),
        "may_share": not gaps,
        "told": list(directors_of(visit.establishment, today)),
        "kept_inside": kept_inside(visit, report),
        "found_again": found_again(visit),
        "answer_due_on": answer_due(today),
    }


def _answering(visit, user, today):
    answered, due = visit.report_status == Report.ANSWERED, visit.answer_due_on
    open_to_answer = visit.report_status == Report.SHARED and contradictoire.may_answer(today, due)
    waiting = visit.report_status in {Report.SHARED, Report.ANSWERED}
    may_answer = open_to_answer and can(user, Capability.ANSWER_REPORT, visit)
    decider = waiting and can(user, Capability.VALIDATE_REPORT, visit)
    remarks = list(visit.remarks.all()) if answered else []
    undecided = any(not remark.decision for remark in remarks)
    return {
        "may_answer": may_answer,
        "answer_form": AnswerForm(user=user) if may_answer else None,
        "may_validate": decider
        and not undecided
        and contradictoire.may_validate(today, answer_due_on=due, answered=answered),
        "to_decide": [
            (remark, RemarkForm(initial=_as_decided(remark), auto_id=f"r{remark.pk}_%s")) for remark in remarks
        ]
        if decider
        else [],
        "is_silent": waiting and contradictoire.is_silent(today, answer_due_on=due, answered=answered),
        "waits_answer": open_to_answer,
    }


def _as_decided(remark):
    return {"decision": remark.decision or "accepted", "reason": remark.reason}
