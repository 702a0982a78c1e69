"""What the page of one double rating shows to one person: her own sheet, or the comparison, never the other's."""

from ..models import DoubleAnswer
from .comparison import honest, lines_of, of_one, waiting_for
from .forms import RetainForm, SheetForm
from .subjects import title_of


def sheet_of(double, user, data=None):
    """Her own sheet, as long as it is hers to fill; None for anybody else."""
    if double.status != double.Status.RATING or user.pk not in (double.first_id, double.second_id):
        return None
    if double.has_handed_in(user):
        return None
    mine = DoubleAnswer.objects.readable_by(user).filter(point__double=double, rater=user)
    return SheetForm(double.points.all(), {answer.point_id: answer for answer in mine}, data)


def page_of(double, user, *, sheet=None, retain=None):
    lines = lines_of(double, user)
    rates = user.pk in (double.first_id, double.second_id)
    if retain is None and rates and double.status == double.Status.COMPARED:
        retain = RetainForm(lines)
    return {
        "double": double,
        "text_title": title_of(double.review or double.visit),
        "sheet": sheet or sheet_of(double, user),
        "lines": lines,
        "agreed": sum(line.agrees for line in lines),
        "sentence": honest(of_one(lines)) if lines else "",
        "retain": retain,
        "waiting": waiting_for(double) if double.status == double.Status.RATING else [],
        "may_cancel": rates and double.status == double.Status.RATING,
    }
