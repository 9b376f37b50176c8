from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doctor.house import House
from tests.testbed import Testbed, require_testbed


@pytest.fixture(autouse=True)
def _no_secrets_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AMI", "CALLER", "DIALPLAN"):
        monkeypatch.delenv(f"DECROCHE_{name}_SECRET", raising=False)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture(scope="module")
def bed() -> Iterator[Testbed]:
    require_testbed()
    with Testbed(fallback=["0199000091", "0199000092"]) as bed:
        yield bed
