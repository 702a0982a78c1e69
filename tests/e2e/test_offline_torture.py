"""M1: visits typed while the network, the tab, the session, the token, the version and the server break at random.

RONDE_TORTURE_ROUNDS raises the count, RONDE_TORTURE_SEED changes the draw, RONDE_TORTURE_FIRST (a multiple of 50)
starts further on, to play again what was told; `make torture ROUNDS=10000 SEED=1` does it in one command.
"""

import os
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.mishaps import MISHAPS
from tests.e2e.torture import Accounts, Torture
from tests.factories import EstablishmentFactory
from tests.visits.factories import GridFactory
from visits.offline import worker
from visits.views import worker as worker_view

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SEED = int(os.environ.get("RONDE_TORTURE_SEED", "2026"))
FIRST = int(os.environ.get("RONDE_TORTURE_FIRST", "0"))
A_CONTEXT = 50  # rounds of one browser context
# The suite's 200 rounds are played in two halves, one a core; a count that was asked for, in one go.
ASKED = os.environ.get("RONDE_TORTURE_ROUNDS")
PARTS = [(FIRST, int(ASKED))] if ASKED else [(0, 100), (100, 200)]


@pytest.fixture
def change_version(monkeypatch):
    """Another deployment: another worker, which the browser installs over the one of now."""
    script, count = worker.worker_script(), [0]

    def change():
        count[0] += 1
        monkeypatch.setattr(
            worker_view, "worker_script", lambda: script.replace('VERSION = "', f'VERSION = "v{count[0]:05d}-')
        )

    return change


def progress(accounts, started):
    """One line, written again at each round; kept in a file for the last line of `make torture`. Not in the suite."""
    if not ASKED:
        return
    line = f"{accounts} ({accounts.rounds / (time.monotonic() - started):.1f} tour/s)"
    sys.stderr.write(f"\r{line}" if not accounts.lost + accounts.doubled else f"{line}\n{accounts.stories[-1]}\n")
    sys.stderr.flush()
    if report := os.environ.get("RONDE_TORTURE_REPORT"):
        Path(report).write_text(line + "\n")


@pytest.mark.parametrize(("first", "last"), PARTS)
def test_m1_what_was_said_enregistre_is_on_the_server_once(
    creche, sector, coordinator, browser, sign_in, live_server, change_version, first, last
):
    GridFactory(items=2)
    houses = [creche, *[EstablishmentFactory(sector=sector) for _ in range(4)]]
    accounts, started, number = Accounts(), time.monotonic(), first
    while number < last:
        context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris")
        torture = Torture(
            context,
            live_server.url,
            houses,
            lambda context=context: sign_in(context, coordinator),
            change_version,
            accounts,
            mishaps=MISHAPS,
            seed=SEED * 1_000_003 + number,
        )
        sound, until = True, min(number + A_CONTEXT, last)
        while number < until and sound:  # a round that was hurt ends with its browser
            sound = torture.round(number)
            number += 1
            progress(accounts, started)
        context.close()
    assert (accounts.rounds, accounts.lost, accounts.doubled) == (last - first, 0, 0), "\n".join(accounts.stories)
    assert accounts.characters > 10 * accounts.rounds
    assert set(accounts.mishaps) == {mishap.__name__ for mishap in MISHAPS} or accounts.rounds < 100
