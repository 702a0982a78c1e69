from core.tables import ListColumn, ListTable

from .models import Observation

Nature = Observation.Nature


def counted_column(label):
    return ListColumn(verbose_name=label, numeric=True)


class PracticeTable(ListTable):
    """Observations of a perimeter by theme and year. Rows of `practices.observation_counts`."""

    noun, noun_plural = "ligne", "lignes"
    empty_title = "Aucune observation"
    empty_text = "Les observations des visites réalisées se comptent ici, dès la première."

    year = ListColumn(verbose_name="Année")
    grid_title = ListColumn(verbose_name="Grille", order_by=("grid_title",))
    theme = ListColumn(verbose_name="Thème", accessor="item__theme__title", order_by=("item__theme__title",))
    visits = counted_column("Visites")
    strength = counted_column("Points forts")
    good_practice = counted_column("Bonnes pratiques")
    to_improve = counted_column("À améliorer")
    gap = counted_column("Écarts")
    seen = counted_column("Observés")
    not_observed = counted_column("Non observés")

    class Meta:
        fields = ["year", "grid_title", "theme", "visits", *Nature.values, "seen", "not_observed"]
        sequence = fields

    def sort(self, name):
        """The rows are groups: a tie falls to what they are grouped by, a primary key would split them."""
        bare = (name or "").removeprefix("-")
        if bare in self.columns.columns and self.columns[bare].orderable:
            self.order_by = name
        rows = self.data.data
        ties = ("-year", "item__grid__code", "item__theme__title", *self.finer)
        self.data.data = rows.order_by(*(rows.query.order_by if self.order_by else ()), *ties)

    finer = ()

    def value_year(self, row):
        return str(row["year"])  # "2026", not "2 026"

    def value_theme(self, row):
        return row["item__theme__title"]


class ItemPracticeTable(PracticeTable):
    """The same, item by item, each with its reference (charte, référentiel)."""

    finer = ("item__key",)

    title = ListColumn(verbose_name="Point")
    reference = ListColumn(verbose_name="Référence")

    class Meta:
        fields = ["year", "grid_title", "title", "reference", "visits", *Nature.values, "seen", "not_observed"]
        sequence = [*fields, "theme"]
        exclude = ["theme"]
