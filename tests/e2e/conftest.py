from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.called_back import ANNE, RULES
from tests.e2e.service import Service, installed, team
from tests.testbed import Testbed, require_testbed

TEAM = [ANNE, "bruno0102"]


@pytest.fixture(scope="module")
def bed() -> Iterator[Testbed]:
    """Give a testbed for the module's tests."""
    require_testbed()
    with Testbed(fallback=["0199000091"]) as bed:
        yield bed


@pytest.fixture
def service(bed: Testbed, tmp_path: Path) -> Iterator[Service]:
    """Give an installation with two listeners who can do the same; its daemon is not started."""
    with installed(bed, tmp_path, team(TEAM, health=2, fr=1)) as service:
        # Longer than a busy machine takes to have a phone picked up that is to be.
        service.lines["health"]["ring_seconds"] = 10.0
        yield service
        if service.running:
            # The next test begins on a floor where no phone is still hearing farewell words.
            service.wait_until(lambda: service.held() == 0, 20, "every phone let go")


@pytest.fixture
def calling_back(service: Service) -> Service:
    """Give an installation with one listener, whose line calls back."""
    service.people = {ANNE: service.people[ANNE]}
    service.lines["health"] |= {"call_back_key": "3", "call_back": RULES, "ring_seconds": 10.0}
    return service
