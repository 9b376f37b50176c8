from __future__ import annotations

import contextlib
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.errors import ConfigError
from tests.config.trees import LISTENERS, MAIN, Tree

pytestmark = pytest.mark.slow

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

FULL_MAIN = MAIN.replace("[pools]", 'public_holidays = "FR-57"\n[pools]').replace(
    "[lines.carers]",
    '[lines.carers]\nwhen_closed = "carers"\nhours = ["mon-fri 08:00-20:00", "not 2026-12-31"]',
)
FULL_LISTENERS = f"""{LISTENERS}
[rotas.night]
begins = 2026-01-05
every_days = 7
hours = ["mon-sun 22:00-07:00 not holidays", "2026-12-24 08:00-14:00"]
listeners = ["bruno", "anne"]
swaps = [{{ first = 2026-01-08, last = 2026-01-09, listener = "anne" }}]
"""

VALUES = st.sampled_from(
    [
        "-1",
        "0",
        "1e400",
        "nan",
        "9" * 400,
        "9" * 5000,
        "true",
        "[]",
        "{}",
        "[[1]]",
        '""',
        '"\\u0000"',
        "1979-05-27",
        "{ a.b = 1 }",
        '"always"',
        '["sun 24:00-24:00"]',
        '"' + "x" * 300 + '"',
        "[" * 999,
    ]
)


@st.composite
def cut_and_pasted(draw: st.DrawFn, text: str) -> str:
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(start + 40, len(text))))
    return text[:start] + draw(st.text(max_size=12)) + text[end:]


@st.composite
def other_values(draw: st.DrawFn, text: str) -> str:
    lines = text.split("\n")
    index = draw(st.sampled_from([n for n, line in enumerate(lines) if "=" in line]))
    key = lines[index].split("=")[0]
    lines[index] = f"{key}= {draw(VALUES)}"
    return "\n".join(lines)


def _spoilt(text: str) -> st.SearchStrategy[str]:
    return st.just(text) | cut_and_pasted(text) | other_values(text)


@settings(max_examples=300)
@given(main=_spoilt(FULL_MAIN), listeners=_spoilt(FULL_LISTENERS))
def test_a_spoilt_tree_loads_or_is_refused_and_never_breaks(main: str, listeners: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tree = Tree(Path(folder))
        tree.path.write_text(main, encoding="utf-8")
        tree.listeners_path.write_text(listeners, encoding="utf-8")
        with contextlib.suppress(ConfigError):
            loaded = tree.load()
            loaded.policy(loaded.openings().on_at(NOON))
            loaded.shifts().on_at(NOON)


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_load_or_are_refused_and_never_break(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tree = Tree(Path(folder))
        tree.path.write_bytes(data)
        with contextlib.suppress(ConfigError):
            tree.load()
