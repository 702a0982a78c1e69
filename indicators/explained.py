"""A rate that explains itself: formula, numerator, denominator, exclusions, text, who entered and validated it."""

from core.french import hours, percent
from core.templatetags.french import fr_instant

from .models.activity import ALONE
from .rates import RATE_DEFINITIONS

EXCLUDED = {
    "heures autorisées": "Jours fériés, fermetures annuelles, ponts et journées pédagogiques.",
    "heures ouvertes": "Les mêmes, et travaux, grève, sanitaire, sinistre, manque de personnel, places gelées.",
    "heures contractualisées": "Congés des familles prévus au contrat.",
    "heures réalisées": "Aucune\u00a0: présences relevées.",
}
TEXTS = {
    "heures autorisées": "Capacité de l’autorisation, créneaux modulés compris (CSP R. 2324-20).",
    "heures ouvertes": "Capacité de l’autorisation (CSP R. 2324-20) moins les places gelées.",
    "heures contractualisées": "Contrats d’accueil en cours, convention de prestation de service unique.",
    "heures réalisées": "Présence relevée, convention de prestation de service unique.",
}
FIELDS = {
    "heures autorisées": "authorised_hours",
    "heures ouvertes": "open_hours",
    "heures contractualisées": "contracted_hours",
    "heures réalisées": "actual_hours",
    "heures facturées": "billed_hours",
}
SHOWN = ["opening_rate", "admission_rate", "assiduity_rate", "attendance_rate", "occupancy_rate", "billing_rate"]


def explained(activity, *, row=None, coverage="", opens=None):
    """[(label, "72,9 %", facts, URL)] of the rates shown, `row` being the month when the numbers are of one house.

    `opens(rate)` gives the address of the page that opens a rate down to its rows.
    """
    found = {definition.name: definition for definition in RATE_DEFINITIONS}
    return [
        (
            found[name].label,
            percent(found[name].of(activity)),
            facts(found[name], activity, row, coverage),
            opens(name) if opens else "",
        )
        for name in SHOWN
    ]


def facts(definition, activity, row=None, coverage=""):
    """(term, definition) pairs of one rate."""
    top, bottom = definition.numerator, definition.denominator
    told = [
        ("Formule", f"{top} ÷ {bottom}"),
        ("Numérateur", f"{hours(getattr(activity, FIELDS[top]))} ({top})"),
        ("Dénominateur", f"{hours(getattr(activity, FIELDS[bottom]))} ({bottom})"),
        ("Exclus du dénominateur", EXCLUDED[bottom]),
        ("Texte", TEXTS[bottom]),
    ]
    if coverage:
        told.append(("Couverture des données", coverage))
    return [*told, *_people(row)] if row is not None else told


def _people(row):
    entered = str(row.entered_by) if row.entered_by else "import"
    validated = (
        f"{row.validated_by}, {fr_instant(row.validated_at)}{' (' + ALONE + ')' if row.is_of_one_person else ''}"
        if row.validated_at
        else "pas encore\u00a0: chiffres non validés"
    )
    return [("Saisie", entered), ("Validation", validated)]
