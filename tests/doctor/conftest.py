from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from router.doctor import broker, link, page, store
from tests.doctor.house import House
from tests.testbed import Testbed, require_testbed

PATIENCE_SECONDS = 60.0


@pytest.fixture(autouse=True)
def _no_secrets_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AMI", "CALLER", "DIALPLAN"):
        monkeypatch.delenv(f"DECROCHE_{name}_SECRET", raising=False)


@pytest.fixture(autouse=True)
def _whoever_answers_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """See that nobody is given up who has only to wait for a busy machine."""
    for name in ("GREETING_SECONDS", "ANSWER_SECONDS", "EVENT_SECONDS"):
        monkeypatch.setattr(link, name, PATIENCE_SECONDS)
    for module in (broker, page, store):
        monkeypatch.setattr(module, "ANSWER_SECONDS", PATIENCE_SECONDS)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture(scope="module")
def bed() -> Iterator[Testbed]:
    require_testbed()
    with Testbed(fallback=["0199000091", "0199000092"]) as bed:
        yield bed
