from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.presence.broker import Broker, require_mosquitto
from tests.presence.rig import Rig

TEAM = ("anne", "bruno")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    require_mosquitto()
    with Broker(tmp_path, TEAM) as broker:
        yield broker


@pytest.fixture
def rig(tmp_path: Path, broker: Broker, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Rig]:
    """Give what makes a rig, within the test's own event loop."""
    return lambda: Rig(tmp_path, broker, TEAM, monkeypatch)


@pytest.fixture
def brokers(tmp_path: Path) -> Iterator[Callable[..., Broker]]:
    """Give what makes a broker with other users, and ends with the test."""
    require_mosquitto()
    with ExitStack() as stack:
        yield lambda users, rules="": stack.enter_context(Broker(tmp_path, users, rules))
