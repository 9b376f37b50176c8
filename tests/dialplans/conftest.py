from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.dialplans import places
from tests.testbed import Testbed, require_testbed


@pytest.fixture(scope="module")
def bed() -> Iterator[Testbed]:
    """Give a testbed with no daemon, and four phones in its fallback group."""
    require_testbed()
    group = (
        places.FALLBACK_VOICEMAIL,
        places.FALLBACK_REFUSING,
        places.FALLBACK_SLOW_HUMAN,
        places.FALLBACK_HUMAN,
    )
    with Testbed(group) as bed:
        yield bed
