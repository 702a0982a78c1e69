"""What may happen to a double rating: opened, rated apart, handed in, compared, settled or abandoned."""

from django.db import transaction
from django.utils import timezone

from core.french import counted
from core.jobs import notify
from establishments.models import JournalHead, record
from establishments.workflow import TransitionRefused, transition

SEEN = "Des points sont déjà appréciés dans ce texte\u00a0: la seconde personne ne serait plus à l’aveugle."
CLOSED = "Ce texte est arrêté\u00a0: choisissez l’entraînement."
NOT_CLOSED = "L’entraînement porte sur un compte rendu ou une analyse validés."
NOT_YOURS = "Cette feuille est celle de deux autres personnes."


class DoubleSteps:
    """Methods of `DoubleRating`, kept apart from its columns."""

    def start(self, *, by, client_uuid):
        """Open the two sheets; the same form twice gives the same rating. Raises TransitionRefused."""
        from .subjects import points_of

        with transaction.atomic():
            JournalHead.locked()
            known = type(self).objects.filter(client_uuid=client_uuid).first()
            if known is not None:
                if known.first_id != by.pk:
                    raise TransitionRefused("Ce formulaire a déjà servi\u00a0: ouvrez-en un nouveau.")
                return known
            self._refuse_if_not_blind()
            self.client_uuid, self.first = client_uuid, by
            self.save()
            self.points.bulk_create(points_of(self))
            record("double cotation ouverte", self, by=by, establishment=self.establishment)
        self._tell(
            [self.second], "Double cotation", "Vous êtes attendu·e pour coter sans voir l’autre feuille.", "open"
        )
        return self

    def _refuse_if_not_blind(self):
        from .subjects import is_closed, is_rated

        text = self.visit or self.review
        if self.training and not is_closed(text):
            raise TransitionRefused(NOT_CLOSED)
        if not self.training and is_closed(text):
            raise TransitionRefused(CLOSED)
        if not self.training and is_rated(text):
            raise TransitionRefused(SEEN)
        if text.doubles.filter(status=self.Status.RATING).exists():
            raise TransitionRefused("Une double cotation est déjà en cours sur ce texte.")

    def keep(self, *, by, answers):
        """Write some answers of one's own sheet: {key: (rating, note)}; an empty rating withdraws the answer."""
        from ..models import DoubleAnswer

        with self._mine(by, "cotation enregistrée") as double:
            for point in double.points.filter(key__in=answers):
                rating, note = answers[point.key]
                if rating:
                    values = {"rating": rating, "note": note}
                    DoubleAnswer.objects.update_or_create(point=point, rater=by, defaults=values)
                else:
                    point.answers.filter(rater=by).delete()

    def hand_in(self, *, by):
        """Close one's own sheet; the second one to do so opens the comparison to both."""
        with self._mine(by, "cotation remise") as double:
            missing = double.points.exclude(answers__rater=by).count()
            if missing:
                said = counted(missing, "point n’est pas coté", "points ne sont pas cotés")
                raise TransitionRefused(f"{said}. «\u00a0Non observé\u00a0» est une réponse.")
            name = "first" if by.pk == double.first_id else "second"
            setattr(double, f"{name}_submitted_at", timezone.now())
            if double.first_submitted_at and double.second_submitted_at:
                double._compare()
        if self.is_compared:
            body = "Les deux cotations sont remises\u00a0: accord et écarts sont lisibles."
            self._tell([self.first, self.second], "Double cotation à concerter", body, "compared")

    def _compare(self):
        """Where both said the same, that is what is retained: nothing to discuss."""
        self.status = self.Status.COMPARED
        for point in self.points.prefetch_related("answers"):
            ratings = {answer.rating for answer in point.answers.all()}
            if len(ratings) == 1:
                point.retained = ratings.pop()
                point.save(update_fields=["retained"])

    def settle(self, *, by, retained):
        """One value and its reason for every point where they differed: {key: (rating, reason)}."""
        from .subjects import carry

        if by.pk not in (self.first_id, self.second_id):
            raise TransitionRefused(NOT_YOURS)
        with self._step("double cotation concertée", by, [self.Status.COMPARED]) as double:
            for point in double.points.filter(retained=""):
                rating, reason = retained.get(point.key, ("", ""))
                if not rating or not reason.strip():
                    raise TransitionRefused(
                        f"«\u00a0{point.label}\u00a0»\u00a0: choisissez la valeur et dites pourquoi."
                    )
                point.retained, point.reason = rating, reason.strip()
                point.save(update_fields=["retained", "reason"])
            carry(double)
            double.status = self.Status.SETTLED
            double.settled_by, double.settled_at = by, timezone.now()

    def cancel(self, *, by):
        """Abandon it: what was rated stays with each rater and is counted nowhere."""
        if by.pk not in (self.first_id, self.second_id):
            raise TransitionRefused(NOT_YOURS)
        with self._step("double cotation abandonnée", by, [self.Status.RATING]) as double:
            double.status = self.Status.CANCELLED

    def _mine(self, by, verb):
        if by.pk not in (self.first_id, self.second_id):
            raise TransitionRefused(NOT_YOURS)
        if self.has_handed_in(by):
            raise TransitionRefused("Votre cotation est remise\u00a0: elle ne change plus.")
        return self._step(verb, by, [self.Status.RATING])

    def _step(self, verb, by, from_status):
        return transition(self, by=by, verb=verb, from_status=from_status)

    def _tell(self, people, title, body, what):
        notify(
            set(people),
            event=f"double-{self.pk}-{what}",
            title=title,
            body=f"{self.establishment}. {body}",
            url=self.get_absolute_url(),
        )
