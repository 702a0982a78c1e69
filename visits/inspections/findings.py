"""Who inspects, what is found, and what the law attaches to each word (CSP L. 2324-2, L. 2324-3). Pure."""

from datetime import date

AUTHORITIES = {
    "pmi": "PMI",
    "prefect": "préfet",
    "safety": "commission de sécurité",
    "ddpp": "DDPP",
    "caf": "Caf",
    "audit": "audit de la collectivité",
}
INJUNCTION, PRESCRIPTION, GAP, REMARK, RECOMMENDATION = (
    "injunction",
    "prescription",
    "gap",
    "remark",
    "recommendation",
)
# The State's words, the most binding first.
NATURES = {
    INJUNCTION: "injonction",
    PRESCRIPTION: "prescription",
    GAP: "écart",
    RECOMMENDATION: "recommandation",
    REMARK: "remarque",
}
TONES = {INJUNCTION: "alert", PRESCRIPTION: "watch", GAP: "watch", RECOMMENDATION: "info", REMARK: "neutral"}
MAY_ENJOIN = {"pmi", "prefect"}  # L. 2324-3: the president of the departmental council, or the préfet
WITH_DELAY = {INJUNCTION, PRESCRIPTION}
AUDIT = "audit"


def may_find(authority: str, nature: str) -> bool:
    """Whether this authority may use this word: only the PMI and the préfet enjoin (L. 2324-3)."""
    return nature != INJUNCTION or authority in MAY_ENJOIN


def needs_delay(nature: str) -> bool:
    return nature in WITH_DELAY


def is_displayed(nature: str, ordered: bool | None) -> bool:
    """Whether the house displays it at its entrance: what the authority ordered; not said, an injunction is."""
    return nature == INJUNCTION if ordered is None else ordered


def needs_proof(nature: str) -> bool:
    """A remark is taken note of; everything else is lifted on a proof."""
    return nature != REMARK


def recheck_on(nature: str, due_on: date | None) -> date | None:
    """The day from which the authority comes back: every injunction is controlled again at the end of its delay."""
    return due_on if nature == INJUNCTION else None
