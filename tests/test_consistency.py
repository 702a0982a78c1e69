"""What must agree everywhere: templates, words, names, migrations."""

import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.template import engines
from django.template.loader import get_template

ROOT = Path(__file__).parent.parent
ROOMS = ["core", "establishments", "indicators", "staffing", "projects", "visits", "dashboard"]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Called by name by Django, by the admin or by the sign-in library.
CALLED_BY_OTHERS = re.compile(r"^(400|403|403_csrf|404|500)\.html$|^(account|allauth|admin|mfa)/|^components/")


def relative(path):
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_every_template_compiles(path):
    get_template(relative(path))


def test_every_template_is_used():
    text = "\n".join(p.read_text() for room in ROOMS for p in (ROOT / room).rglob("*.py"))
    text += "\n".join(p.read_text() for p in TEMPLATES)
    unused = [relative(p) for p in TEMPLATES if not CALLED_BY_OTHERS.match(relative(p)) and relative(p) not in text]
    assert unused == []


def test_every_component_has_its_tag_and_its_contract():
    from core.templatetags import ui

    included = {"figure", "messages"}  # {% include … only %}: they take what their caller already holds
    missing = []
    for path in sorted((ROOT / "templates/components").glob("[a-z]*.html")):
        tag = path.stem
        if tag not in ui.register.tags and tag not in ui.register.filters and tag not in included:
            missing.append(f"{tag}: no tag")
        if not path.read_text().startswith(("{#", "{% comment %}")):
            missing.append(f"{tag}: no contract")
    assert missing == []


def test_labels_of_models_and_fields_are_lower_case_french():
    wrong = []
    for model in apps.get_models():
        if model._meta.app_label not in ROOMS or model.__name__.startswith("Historical"):
            continue
        labels = [str(model._meta.verbose_name), str(model._meta.verbose_name_plural)]
        labels += [str(f.verbose_name) for f in model._meta.fields if not f.primary_key and f.editable]
        first = [label for label in labels if label[:1].isupper() and not label.split()[0].isupper()]
        wrong += [f"{model.__name__}: {label}" for label in first]
    assert wrong == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    out = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out)


def test_system_checks_are_silent():
    """In a process of its own: the strict template variables of the suite are themselves a check's error."""
    command = [sys.executable, "manage.py", "check", "--fail-level", "WARNING"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


WORD_OF_THE_TRADE = re.compile(
    r"(?<![\w{.-])(secteurs?|pôles?|circonscriptions?|CASPE|responsable d’établissement|coordinateur|coordinatrice|"
    r"établissements?|crèches?)(?![\w-])",
    re.IGNORECASE,
)
TAGS = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->", re.DOTALL)


def test_words_of_the_trade_come_from_the_pack():
    """`words.sector`, not « secteur »: another collectivité says it otherwise (packs/*.yaml)."""
    wrong = {}
    for path in TEMPLATES:
        found = WORD_OF_THE_TRADE.findall(TAGS.sub(" ", path.read_text()))
        if found:
            wrong[relative(path)] = sorted(set(found))
    assert wrong == {}


def test_templates_say_nothing_in_english():
    english = re.compile(r">\s*(Save|Delete|Cancel|Submit|Search|Edit|Home|Next|Previous|Close|Log ?in|Log ?out)\s*<")
    wrong = {relative(p): english.findall(p.read_text()) for p in TEMPLATES if english.search(p.read_text())}
    assert wrong == {}


def test_the_engine_is_strict():
    """Our components and filters are builtins: a template that forgets {% load %} still finds them."""
    assert "core.templatetags.ui" in engines["django"].engine.builtins
