"""docs/regles.md is written by the code, and every proof it names exists."""

import ast
from pathlib import Path

import pytest

from establishments.regulation import RULES
from establishments.regulation_doc import PROOFS, rules_markdown
from indicators.rates import RATE_DEFINITIONS

ROOT = Path(__file__).parents[2]
REGENERATE = """\
docs/regles.md no longer says what the code does. Write it again with:
python -c "from pathlib import Path; from establishments.regulation_doc import rules_markdown
from indicators.rates import RATE_DEFINITIONS
Path('docs/regles.md').write_text(rules_markdown(RATE_DEFINITIONS), encoding='utf-8')"
"""


def test_the_page_of_rules_says_what_the_code_does():
    assert (ROOT / "docs/regles.md").read_text(encoding="utf-8") == rules_markdown(RATE_DEFINITIONS), REGENERATE


@pytest.mark.parametrize("key", list(PROOFS))
def test_each_rule_that_claims_a_proof_has_that_test(key):
    path, name = PROOFS[key].split("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert key in {each.id for each in RULES} | {each.name for each in RATE_DEFINITIONS}
