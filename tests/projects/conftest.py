"""Fixtures of the projects."""

import pytest

from tests.projects.factories import known_law


@pytest.fixture
def law(db):
    return known_law()
