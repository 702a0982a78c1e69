"""C1: the browser itself is killed (kill -9) while somebody types; what was said « enregistré » is found again."""

import contextlib
import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Error, expect

from tests.e2e.offline_pages import SUMMARY, form_of, house, kept, ready, sent, type_in
from visits.models import Visit

__all__ = ["house"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
DEATHS = 5
LETTERS = 10  # typed between two deaths: fifty keystrokes in all


def kill(profile):
    """kill -9 of every process of the browser that uses this profile, and of no other."""
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                command = (process / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if f"--user-data-dir={profile}" in command:
                os.kill(int(process.name), signal.SIGKILL)


def test_c1_the_browser_killed_again_and_again_gives_the_text_back(
    house, coordinator, sign_in, live_server, tmp_path, browser_type, browser_type_launch_args
):
    typed = ""
    for death in range(DEATHS):
        context = browser_type.launch_persistent_context(tmp_path, **browser_type_launch_args, locale="fr-FR")
        sign_in(context, coordinator)
        context.route("**/visites/hors-ligne/*-*/", lambda route: route.abort())  # nothing leaves before the last one
        page = context.new_page()
        page.goto(live_server.url + form_of(house))
        ready(page)
        expect(page.locator(SUMMARY)).to_have_value(typed)
        for letter in "abcdefghij"[:LETTERS]:
            type_in(page, SUMMARY, letter)
            typed += letter
            kept(page)
        kill(tmp_path)
        with contextlib.suppress(Error):  # nobody is there any more to answer
            context.close()
        assert not Visit.objects.exists(), f"nothing has left before death {death}"
    context = browser_type.launch_persistent_context(tmp_path, **browser_type_launch_args, locale="fr-FR")
    sign_in(context, coordinator)
    page = context.new_page()
    page.goto(live_server.url + form_of(house))
    ready(page)
    expect(page.locator(SUMMARY)).to_have_value(typed)
    sent(page)
    context.close()
    assert Visit.objects.get().summary == typed
