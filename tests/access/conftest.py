"""Three separated administrators and somebody to give a role to."""

import pytest

from tests.access import cast
from tests.conftest import District


@pytest.fixture
def staff(town: District) -> cast.Staff:
    return cast.staff(town)
