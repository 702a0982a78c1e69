"""A test with true transactions leaves the next ones the rows that migrations wrote."""

import pytest

from indicators.models import PsuTariff
from projects.models import SectionRule


@pytest.mark.django_db(transaction=True)
class TestOneAfterTheOther:
    @pytest.mark.parametrize("turn", ["first", "second"])
    def test_the_tariffs_and_the_sections_of_the_law_are_there(self, turn):
        assert PsuTariff.objects.exists()
        assert SectionRule.objects.exists()
