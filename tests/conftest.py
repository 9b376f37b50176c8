"""What holds for every test: what needs the testbed is known, and a skip may be forbidden."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import structlog
from hypothesis import HealthCheck, settings

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

BUSY_MACHINE = settings(
    deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
# A change is judged by itself: the same code meets the same examples, however often it is tested.
settings.register_profile("same", BUSY_MACHINE, derandomize=True)
# What nobody has thought of yet is looked for apart from that: `make explore`.
settings.register_profile("new", BUSY_MACHINE, derandomize=False)
settings.load_profile("same")


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """Leave no test with the log of another one that ran before it on the same worker."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need the testbed, and put the modules that take longest first.

    Workers take whole modules in this order: what a module's tests share is made once, those that
    wait more than they compute are begun with, and no long one is left over for the end.
    """
    for item in items:
        if _needs_the_testbed(item):
            item.add_marker(pytest.mark.testbed)
    testbed = {item.path for item in items if item.get_closest_marker("testbed")}
    slow = {item.path for item in items if item.get_closest_marker("slow")} - testbed
    sizes = Counter(item.path for item in items)

    def place(item: pytest.Item) -> tuple[bool, bool, bool, int, Path]:
        path = item.path
        # A slow module of few tests has the slowest; of the others, the many take longest.
        rank = sizes[path] if path in slow else -sizes[path]
        return path not in testbed, "e2e" not in path.parts, path not in slow, rank, path

    items.sort(key=place)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Have a skipped test fail where skipping is forbidden."""
    return _refuse_a_skip((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Have a skipped module fail where skipping is forbidden."""
    return _refuse_a_skip((yield))


def _needs_the_testbed(item: pytest.Item) -> bool:
    names = vars(getattr(item, "module", None) or object)
    shares = "bed" in getattr(item, "fixturenames", ())
    return shares or "e2e" in item.path.parts or "require_testbed" in names


def _refuse_a_skip(report: Report) -> Report:
    """Make a failure of a skip (or of a failure that was expected) under DECROCHE_NO_SKIP=1."""
    if report.skipped and os.environ.get("DECROCHE_NO_SKIP") == "1":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        # By this mark pytest would go on to forgive a failure that was expected.
        vars(report).pop("wasxfail", None)
        report.longrepr = f"nothing may be skipped (DECROCHE_NO_SKIP=1), and this was: {reason}"
    return report
