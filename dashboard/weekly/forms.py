"""The form of a CRA: one text a sentence, a box to leave it out, room for one more in each section."""

from ..telling.forms import ToldForm
from .page import views_of


class WeeklyForm(ToldForm):
    def read(self, text):
        (view,) = views_of([text])
        return view
