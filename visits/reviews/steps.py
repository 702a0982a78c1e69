"""The states of a functioning review (domain 5.2): each step a verb, one lock, one line in the journal."""

from contextlib import contextmanager

from django.db.transaction import atomic
from django.utils import timezone

from core.french import counted, full_date
from core.jobs import notify
from establishments.workflow import StaleVersion, TransitionRefused, transition

from .. import contradictoire
from .campaign import due_after


class ReviewSteps:
    """Methods of `FunctioningReview`, kept apart from its columns."""

    def open(self, *, by):
        """Pour twenty-four months of facts and freeze them: what moves afterwards is marked, never rewritten."""
        from . import pouring

        with self._step("analyse ouverte", by, [self.Status.SCHEDULED]) as review:
            window = pouring.window_of(review.establishment_id, timezone.localdate())
            review.since, review.until = window.since, window.until
            pouring.pour(review)
            review.status = self.Status.PREPARING
            review.opened_by, review.opened_at = by, timezone.now()

    def keep_writing(self, summary, forms, *, by):
        """Save the synthesis and the points of a review still written, together; one line in the journal.

        Raises StaleVersion when somebody saved since the page was drawn: nothing is overwritten unseen.
        """
        with self._step("analyse complétée", by, self.WRITABLE) as review:
            if review.version != summary.cleaned_data["seen"]:
                raise StaleVersion(review)
            review.summary = summary.cleaned_data["summary"]
            review.version += 1
            for form in forms:
                if form.has_changed():
                    form.instance.save(update_fields=list(form.fields))

    def start_visiting(self, *, by):
        with self._step("visite d’analyse commencée", by, [self.Status.PREPARING]) as review:
            review.status = self.Status.VISITING

    def finish_draft(self, *, by):
        with self._step("projet d’analyse écrit", by, [self.Status.PREPARING, self.Status.VISITING]) as review:
            review._refuse_unfinished()
            review.status = self.Status.DRAFTED

    def share(self, *, by):
        """Give the draft to the director: the contradictoire runs (decisions, 5), the actions become hers to read."""
        from ..closing import answer_due, directors_of
        from .plan import reveal

        with self._step("analyse transmise", by, [self.Status.DRAFTED]) as review:
            review._refuse_unfinished()
            reveal(review)
            review.status = self.Status.ANSWERING
            review.shared_by, review.shared_at = by, timezone.now()
            review.answer_due_on = answer_due(timezone.localdate())
            review._tell(
                directors_of(review.establishment, timezone.localdate()),
                "Une analyse de fonctionnement vous est transmise",
                f"Votre avis est attendu jusqu’au {full_date(review.answer_due_on)}.",
            )

    def answer(self, *, by, opinion):
        """The director's opinion, once, while the time to answer runs."""
        with self._step("avis sur l’analyse", by, [self.Status.ANSWERING]) as review:
            if review.answered_at is not None:
                raise TransitionRefused("Un avis est déjà donné\u00a0: il ne se remplace pas.")
            if not contradictoire.may_answer(timezone.localdate(), review.answer_due_on):
                raise TransitionRefused(f"Le délai est passé depuis le {full_date(review.answer_due_on)}.")
            review.director_opinion, review.answered_by, review.answered_at = opinion, by, timezone.now()
            review._tell({review.shared_by}, "Un avis sur votre analyse de fonctionnement", "L’avis est à lire.")

    @atomic
    def validate(self, *, by, opinion):
        """The head of the pôle's opinion closes and freezes the review; the next one is scheduled in two years."""
        from .paper import document_of

        with self._step("analyse validée", by, [self.Status.ANSWERING]) as review:
            answered = review.answered_at is not None
            if not contradictoire.may_validate(
                timezone.localdate(), answer_due_on=review.answer_due_on, answered=answered
            ):
                raise TransitionRefused(
                    f"Un avis est possible jusqu’au {full_date(review.answer_due_on)} inclus\u00a0: "
                    "l’analyse se valide à partir du lendemain, ou dès l’avis reçu."
                )
            review.head_opinion, review.validated_by, review.validated_at = opinion, by, timezone.now()
            review.status = self.Status.VALIDATED
            review.document, review.fingerprint = document_of(review)
            review._tell({review.shared_by, review.answered_by}, "Une analyse de fonctionnement est validée", "")
        self._schedule_next()

    def follow(self, *, by):
        """The plan runs: its actions are followed like all others."""
        with self._step("suivi de l’analyse ouvert", by, [self.Status.VALIDATED]) as review:
            review.status = self.Status.FOLLOWED

    def _schedule_next(self):
        """Due twenty-four months later (domain 5.2), unless the house left the régie or closed."""
        house = self.establishment
        if house.management_mode == "regie" and house.is_open_on(timezone.localdate()):
            due_on = due_after(timezone.localdate(self.validated_at))
            type(self).objects.get_or_create(previous=self, defaults={"establishment": house, "due_on": due_on})

    def _refuse_unfinished(self):
        if not self.summary.strip():
            raise TransitionRefused("La synthèse manque\u00a0: trois à cinq lignes, ce qui se lit en premier.")
        silent = self.items.silent().count()
        if silent:
            raise TransitionRefused(
                f"{counted(silent, 'point n’a', 'points n’ont')} ni proposition, ni appréciation, ni commentaire. "
                "Notez «\u00a0non observé\u00a0» si rien ne peut être dit."
            )

    @contextmanager
    def _step(self, verb, by, from_status):
        """A step of the review; the search reads what it left, or neither happened."""
        from .search import index_review

        with atomic():
            with transition(self, by=by, verb=verb, from_status=from_status) as review:
                yield review
            index_review(review)

    def _tell(self, people, title, body):
        notify(
            {person for person in people if person is not None},
            event=f"review-{self.pk}-{self.status}{'-answered' if self.answered_at else ''}",
            title=title,
            body=f"{self.establishment}. {body}".strip(),
            url=self.get_absolute_url(),
        )
