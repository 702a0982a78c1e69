from pathlib import Path

from establishments.models import CAPABILITIES, Capability, Role
from establishments.rights_doc import rights_markdown

PAGE = Path(__file__).parents[2] / "docs" / "droits.md"
WRITE = (
    "python manage.py shell -c 'from establishments.rights_doc import rights_markdown as m; print(m(), end=\"\")'"
    " > docs/droits.md"
)


def test_the_page_of_rights_is_what_the_code_grants():
    assert PAGE.read_text() == rights_markdown(), f"run: {WRITE}"


def test_nobody_decides_without_reading():
    """Whoever may decide on something may also see it."""
    pairs = [
        (Capability.DECIDE_LEAVE, Capability.VIEW_STAFF),
        (Capability.MANAGE_ACTIONS, Capability.VIEW_ACTIONS),
        (Capability.VALIDATE_REPORT, Capability.READ_TRANSMITTED),
        (Capability.ANSWER_REPORT, Capability.READ_TRANSMITTED),
        (Capability.VALIDATE_ACTIVITY, Capability.VIEW_AGGREGATES),
    ]
    for role in Role:
        granted = CAPABILITIES[role]
        assert all(reading in granted for deciding, reading in pairs if deciding in granted), role


def test_a_director_proposes_and_never_decides():
    granted = CAPABILITIES[Role.DIRECTOR]
    assert Capability.PROPOSE_LEAVE in granted
    assert granted.isdisjoint({Capability.DECIDE_LEAVE, Capability.VALIDATE_REPORT, Capability.VALIDATE_ACTIVITY})


def test_an_administrator_keeps_the_register_and_reads_no_file():
    assert Capability.VIEW not in CAPABILITIES[Role.ADMINISTRATOR]
