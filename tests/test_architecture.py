"""The house rules that a reviewer would otherwise have to remember."""

import ast
import importlib
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from core.filters import FilterSet
from establishments.door import PerimeterFilterSet, PerimeterForm, PerimeterModelForm

ROOT = Path(__file__).parent.parent
LAYERS = ["core", "establishments", "indicators", "staffing", "projects", "visits", "dashboard", "config"]
PURE = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ronde"]["pure-modules"]
PURE.remove("tools")  # typed like the pure modules, but it starts servers and browsers
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "services.py", "signals.py"}
MAX_PYTHON, MAX_FUNCTION, MAX_VIEW, MAX_TEMPLATE, MAX_TEST, MAX_JS = 400, 40, 25, 150, 500, 400


def tracked(*suffixes):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [ROOT / name for name in listed if name.endswith(suffixes) and (ROOT / name).exists()]


SOURCES = [
    path
    for path in tracked(".py")
    if path.relative_to(ROOT).parts[0] in LAYERS and "migrations" not in path.relative_to(ROOT).parts
]


def name(path):
    return str(path.relative_to(ROOT))


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module


def test_rooms_import_only_downwards():
    wrong = []
    for path in SOURCES:
        room = path.relative_to(ROOT).parts[0]
        above = set(LAYERS[LAYERS.index(room) + 1 :])
        wrong += [f"{name(path)} imports {module}" for module in imports(path) if module.split(".")[0] in above]
    assert wrong == []


def pure_files():
    for pattern in PURE:
        found = [path for path in ROOT.glob(pattern) if path.suffix == ".py"] or sorted((ROOT / pattern).glob("*.py"))
        assert found, f"{pattern} names no module"
        yield from found


def test_pure_modules_do_not_import_django():
    wrong = [name(path) for path in pure_files() if any(m.split(".")[0] == "django" for m in imports(path))]
    assert wrong == []


def test_the_modules_that_must_be_pure_are_declared_so():
    declared = {name(path) for path in pure_files()}
    expected = {"indicators/rates.py", "visits/schedule.py", "core/calendar.py", "core/french.py", "core/free_text.py"}
    assert expected <= declared
    assert any(module.startswith("establishments/regulation") for module in declared)


def manager_uses(tree):
    """Each `X.objects`, with the attribute that follows it."""
    followers = {id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "objects":
            yield node, followers.get(id(node))


DOORS = {"visible_to", "known_to", "none"}


def is_any_of(path, *stems):
    return path.stem in stems or any(part in stems for part in path.relative_to(ROOT).parts)


def test_views_forms_and_filters_read_through_the_door():
    strays = []
    for path in SOURCES:
        if not is_any_of(path, "views", "forms", "filters"):
            continue
        # A field may declare all the rows: the perimeter forms and filters, asked below, narrow them.
        doors = DOORS if is_any_of(path, "views") else DOORS | {"all"}
        tree = ast.parse(path.read_text())
        through = {
            id(inner)
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "get_visible_or_404"
            for inner in ast.walk(call.args[0])
        }
        strays += [
            f"{name(path)}:{node.lineno}"
            for node, follower in manager_uses(tree)
            if follower not in doors and id(node) not in through
        ]
    allowed = {s for s in strays if s.startswith("core/views.py")}  # jobs: a row of its own owner, by primary key
    assert [s for s in strays if s not in allowed] == []


def declared_classes(*stems):
    for path in SOURCES:
        if path.relative_to(ROOT).parts[0] != "core" and is_any_of(path, *stems):
            module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            yield from (c for c in vars(module).values() if isinstance(c, type) and c.__module__ == module.__name__)


def test_forms_that_offer_records_stop_at_the_perimeter():
    offering = [
        form
        for form in declared_classes("forms")
        if any(hasattr(getattr(f, "queryset", None), "visible_to") for f in getattr(form, "base_fields", {}).values())
    ]
    assert [f.__name__ for f in offering if not issubclass(f, (PerimeterForm, PerimeterModelForm))] == []


def test_filters_stop_at_the_perimeter():
    filters = [c for c in declared_classes("filters") if issubclass(c, FilterSet)]
    assert [c.__name__ for c in filters if not issubclass(c, PerimeterFilterSet)] == []


def functions(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node, node.end_lineno - node.lineno + 1


def test_python_files_and_functions_stay_readable():
    long = []
    for path in SOURCES:
        lines = len(path.read_text().splitlines())
        long += [f"{name(path)}: {lines} lines"] if lines > MAX_PYTHON else []
        limit = MAX_VIEW if path.stem == "views" or "views" in path.parts else MAX_FUNCTION
        long += [f"{name(path)}:{node.lineno} {node.name}: {size}" for node, size in functions(path) if size > limit]
    assert long == []


@pytest.mark.parametrize(("suffix", "limit"), [(".html", MAX_TEMPLATE), (".js", MAX_JS)], ids=["templates", "scripts"])
def test_templates_and_scripts_stay_readable(suffix, limit):
    sizes = {name(p): len(p.read_text().splitlines()) for p in tracked(suffix) if "vendor" not in p.parts}
    assert {path: size for path, size in sizes.items() if size > limit} == {}


def test_tests_stay_readable():
    sizes = {name(p): len(p.read_text().splitlines()) for p in tracked(".py") if name(p).startswith("tests/")}
    assert {path: size for path, size in sizes.items() if size > MAX_TEST} == {}


def test_no_drawer_for_everything():
    assert [name(path) for path in SOURCES if path.name in FORBIDDEN_NAMES] == []


def test_no_signal_is_listened_to():
    wrong = [name(p) for p in SOURCES if re.search(r"@receiver|post_save|pre_save|\.connect\(", p.read_text())]
    assert wrong == []


def test_no_template_holds_a_script_or_a_style_of_its_own():
    inline = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=|hx-on", re.IGNORECASE)
    wrong = {name(p): inline.findall(p.read_text()) for p in tracked(".html") if inline.search(p.read_text())}
    assert wrong == {}


def test_every_model_says_what_one_row_is():
    from django.apps import apps

    rooms = set(LAYERS)
    models = [m for m in apps.get_models() if m._meta.app_label in rooms and not m.__name__.startswith("Historical")]
    silent = [m.__name__ for m in models if not m.__doc__ or m.__doc__.startswith(f"{m.__name__}(")]
    assert silent == []
