from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.testbed import Testbed, require_testbed


@pytest.fixture(scope="module")
def bed() -> Iterator[Testbed]:
    """Give a testbed with one phone in its fallback group."""
    require_testbed()
    with Testbed(fallback=["0199000091"]) as bed:
        yield bed
