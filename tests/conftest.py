"""What holds for every test: what needs the testbed is known, and a skip may be forbidden."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import TypeVar

import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need the testbed, and begin with them: they wait more than they compute.

    Those of a module that share a testbed stay on one worker.
    """
    for item in items:
        if _needs_the_testbed(item):
            item.add_marker(pytest.mark.testbed)
        if _shares_a_testbed(item):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
    items.sort(key=lambda item: item.get_closest_marker("testbed") is None)


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
    return _shares_a_testbed(item) or "e2e" in item.path.parts or "require_testbed" in names


def _shares_a_testbed(item: pytest.Item) -> bool:
    return "bed" in getattr(item, "fixturenames", ())


def _refuse_a_skip(report: Report) -> Report:
    """Make a failure of a skip (or of a failure that was expected) under DECROCHE_NO_SKIP=1."""
    if report.skipped and os.environ.get("DECROCHE_NO_SKIP") == "1":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        # By this mark pytest would go on to forgive a failure that was expected.
        vars(report).pop("wasxfail", None)
        report.longrepr = f"nothing may be skipped (DECROCHE_NO_SKIP=1), and this was: {reason}"
    return report
