"""What the page of one review shows to one person, step by step."""

from collections import defaultdict
from dataclasses import replace

from django.urls import reverse

from core.french import full_date
from core.sources import Quoted, kind_of
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.door import can
from establishments.models import Capability
from establishments.workflow import StaleVersion

from .. import contradictoire
from ..closing import answer_due
from ..models import FunctioningReview, ReviewItem
from .evolution import evolution
from .forms import OpinionForm, PlanForm
from .improvement import moves_of
from .plan import plan_of
from .pouring import proposals, quoted, window_of
from .sections import BY_KEY, SECTIONS
from .sources import OF_TEAMS, PREFIX

Status = FunctioningReview.Status
MEANWHILE = (
    "Quelqu’un a enregistré cette analyse depuis que vous avez ouvert la page. Ce que vous avez tapé est gardé "
    "ci-dessous\u00a0: relisez, puis enregistrez de nouveau pour le retenir."
)
# status: (URL name, button, title of the dialogue, what will happen)
STEPS = {
    Status.SCHEDULED: [
        (
            "review_open",
            "Ouvrir l’analyse",
            "Ouvrir l’analyse\u202f?",
            "Les faits des vingt-quatre derniers mois seront arrêtés aujourd’hui. Ensuite, ils ne changent plus.",
        )
    ],
    Status.PREPARING: [
        ("review_visit", "Commencer la visite d’analyse", "Commencer la visite\u202f?", "L’analyse reste ouverte."),
        ("review_draft", "Le projet est prêt", "Projet prêt\u202f?", "Il pourra être transmis pour avis."),
    ],
    Status.VISITING: [
        ("review_draft", "Le projet est prêt", "Projet prêt\u202f?", "Il pourra être transmis pour avis.")
    ],
    Status.DRAFTED: [
        (
            "review_share",
            "Transmettre pour avis",
            "Transmettre\u202f?",
            "La direction lira l’analyse et les actions du plan, et donnera son avis jusqu’au {answer_due}.",
        )
    ],
    Status.VALIDATED: [("review_follow", "Ouvrir le suivi", "Ouvrir le suivi\u202f?", "Les actions se suivent.")],
}


def moves_of_house(reviews):
    """[(day of the analysis, how the points moved since the one before)] of closed reviews, the latest first."""
    found = defaultdict(list)
    closed = reviews.filter(status__in=FunctioningReview.CLOSED, previous__isnull=False).order_by().values("pk")
    for until, *row in ReviewItem.objects.filter(review__in=closed).counted_moves("review__until"):
        found[until].append(row)
    made = [(until, moves_of(rows)) for until, rows in sorted(found.items(), reverse=True)]
    return [(until, moves) for until, moves in made if moves.compared]


def page_of(review, user, today, *, opinion=None, plan_form=None):
    """The whole context of the page."""
    house = review.establishment
    inside = can(user, Capability.VIEW, house)
    conducts = can(user, Capability.CONDUCT_REVIEW, house)
    sections = _sections(review, inside, today)
    if not can(user, Capability.VIEW_STAFF, house):
        _close_teams(sections)
    return {
        "review": review,
        "establishment": house,
        "breadcrumb": [*establishment_breadcrumb(house, user), ("Analyse de fonctionnement", None)],
        "inside": inside,
        "sections": sections,
        "plan": list(plan_of(review)) if review.is_open else [],
        "steps": _steps(review, today) if conducts else [],
        "may_write": conducts and review.is_writable,
        "may_rate_twice": conducts and review.is_open and not review.purged_at,
        "plan_form": plan_form or (PlanForm(review, today) if conducts and review.is_writable else None),
        "opinion_form": _opinion_form(review, user, today, opinion),
    }


def _steps(review, today):
    answer = full_date(answer_due(today))
    return [
        {
            "url": reverse(f"visits:{name}", args=[review.pk]),
            "label": label,
            "title": title,
            "text": text.format(answer_due=answer),
        }
        for name, label, title, text in STEPS.get(review.status, [])
    ]


def _opinion_form(review, user, today, opinion):
    """(form, URL, button) for whoever may speak now: the director, then the head of the pôle."""
    if review.status != Status.ANSWERING:
        return None
    answered = review.answered_at is not None
    form = opinion or OpinionForm()
    waiting = not answered and contradictoire.may_answer(today, review.answer_due_on)
    if waiting and can(user, Capability.ANSWER_REPORT, review):
        return form, reverse("visits:review_answer", args=[review.pk]), "Donner mon avis"
    ready = contradictoire.may_validate(today, answer_due_on=review.answer_due_on, answered=answered)
    if ready and can(user, Capability.VALIDATE_REVIEW, review.establishment):
        return form, reverse("visits:review_validate", args=[review.pk]), "Valider l’analyse"
    return None


def _sections(review, inside, today):
    """[(number, title, lines)]: proposals that follow their sources before the opening, frozen points after."""
    if review.purged_at:
        return []
    lines = defaultdict(list)
    if review.is_open:
        sources = quoted(review) if inside else {}
        for item in review.items.all():
            cited = sources.get(item.key, [])
            lines[item.section].append(
                {
                    "item": item,
                    "sources": cited,
                    "has_moved": any(one.has_moved for one in cited),
                    "evolution": evolution(item.previous_rating, item.rating),
                    "is_read": _is_read(item.key),
                }
            )
    else:
        for one in proposals(window_of(review.establishment_id, today))[0]:
            lines[one.point.section].append(
                {
                    "item": _follows(one),
                    "sources": _links(one),
                    "has_moved": False,
                    "evolution": None,
                    "is_read": bool(one.point.reads),
                }
            )
    return [(number, title, lines[number]) for number, title in SECTIONS.items() if number in lines]


def _is_read(key):
    """Whether pages of the product tell this point; else a person does."""
    return key in BY_KEY and bool(BY_KEY[key].reads)


def _close_teams(sections):
    for _, _, lines in sections:
        for line in lines:
            line["sources"] = [
                replace(one, url="") if one.source.subject in OF_TEAMS else one for one in line["sources"]
            ]


def _follows(one):
    point = one.point
    return ReviewItem(key=point.key, label=point.label, reference=point.reference, proposal=one.text)


def _links(one):
    if not one.text:
        return []
    return [
        Quoted(
            source, kind_of(source.subject).label(source.key), kind_of(source.subject).url(source.key), has_moved=False
        )
        for source in one.sources
        if source.subject.removeprefix(PREFIX) in one.facts
    ]


def kept(review, summary, forms, *, by):
    """Whether the page was saved; if somebody saved meanwhile, what was typed stays and the page says so."""
    try:
        review.keep_writing(summary, forms, by=by)
    except StaleVersion as stale:
        summary.add_error(None, MEANWHILE)
        summary.data = {**summary.data.dict(), "seen": stale.current.version}
        return False
    return True


def sections_to_write(review, forms):
    """[(number, title, lines)]: each point with its form and its sources."""
    sources, lines = quoted(review), defaultdict(list)
    for form in forms:
        cited = sources.get(form.instance.key, [])
        moved = any(one.has_moved for one in cited)
        lines[form.instance.section].append(
            {
                "form": form,
                "item": form.instance,
                "sources": cited,
                "has_moved": moved,
                "is_read": _is_read(form.instance.key),
            }
        )
    return [(number, title, lines[number]) for number, title in SECTIONS.items() if number in lines]
