"""What must never be committed: addresses of registries, paths of one machine, secrets. Standard library only."""

import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.machine import ROOT

# Written with a class in each word, so that this file does not find itself.
ADDRESSES = re.compile(
    r"p[y]pi\.org|p[y]thonhosted|registry\.n[p]mjs|deb\.d[e]bian\.org|archive\.ub[u]ntu|--(?:extra-)?index[-]url[ =]"
    r"|(?<![\w.])/(?:w[o]rk/(?:main|shared|steering)|r[o]ot/|h[o]me/[a-z]+/|Us[e]rs/[A-Za-z]+/)"
)
SECRETS = (
    re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"),
    re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36}\b"),
    re.compile(r"\bxox[abpr]-[A-Za-z0-9-]{10,}"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{10,}"),
    # A password in an address, but not an example's placeholder, a variable, or a host that cannot exist.
    re.compile(
        r"\b[a-z]+://[\w.-]+:(?!mot-de-passe|motdepasse|[{$<…])[^\s:@/'\"{}]{4,}@(?![\w.-]+\.(?:example|invalid|test)\b)[\w.-]+"
    ),
    re.compile(r"(?i)\bsecret_key\s*=\s*['\"][^'\"{}$<>]{16,}['\"]"),
)
NOT_TEXT = {".woff2", ".png", ".ico", ".pdf", ".xlsx", ".ods", ".xls", ".zip", ".gz", ".jpg"}


def tracked_files() -> list[Path]:
    """The text files that git tracks or would add, as they are in the work tree."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    paths = (ROOT / name for name in sorted(set(names)) if name)
    return [path for path in paths if path.is_file() and path.suffix not in NOT_TEXT]


def _lines(files: Iterable[Path]) -> Iterator[tuple[Path, int, str]]:
    for path in files:
        text = path.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            yield path, number, line


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name


def find_addresses(files: Iterable[Path]) -> list[str]:
    """`file:line: what was found` for each registry address or path of one machine."""
    found = []
    for path, number, line in _lines(files):
        match = ADDRESSES.search(line)
        if match:
            found.append(f"{_shown(path)}:{number}: {match.group()}")
    return found


def find_secrets(files: Iterable[Path]) -> list[str]:
    """`file:line` for each thing that looks like a secret; the secret itself is not printed again."""
    return [
        f"{_shown(path)}:{number}: ressemble à un secret"
        for path, number, line in _lines(files)
        if any(pattern.search(line) for pattern in SECRETS)
    ]
