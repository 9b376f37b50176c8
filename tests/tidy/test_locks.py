from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, version

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tidy.source import ROOT

PINNED = re.compile(r"^([\w.-]+)==(\S+)(?: ; (.+?))? \\$", re.MULTILINE)

RUN, DEVELOP = "requirements.lock", "requirements-dev.lock"


def lock(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(name: str) -> dict[str, tuple[str, str]]:
    """Give each locked package's version, and the marker that says where it is wanted."""
    found = PINNED.findall(lock(name))
    return {canonicalize_name(package): (pinned, marker) for package, pinned, marker in found}


def wanted() -> dict[str, list[Requirement]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run, extra = project["dependencies"], project["optional-dependencies"]["dev"]
    return {
        RUN: [Requirement(one) for one in run],
        DEVELOP: [Requirement(one) for one in run + extra],
    }


@pytest.mark.parametrize("name", [RUN, DEVELOP])
def test_what_the_project_needs_is_locked_to_a_version_that_it_allows(name: str) -> None:
    locked = pins(name)
    stale = [
        str(one)
        for one in wanted()[name]
        if not one.specifier.contains(locked.get(canonicalize_name(one.name), ("0", ""))[0])
    ]
    assert not stale, "run: make lock"


def test_what_is_tested_is_what_sites_run() -> None:
    tested = {package: pinned for package, (pinned, _) in pins(DEVELOP).items()}
    assert {package: pinned for package, (pinned, _) in pins(RUN).items()}.items() <= tested.items()


@pytest.mark.parametrize("name", [RUN, DEVELOP])
def test_a_lock_has_hashes_and_names_no_place(name: str) -> None:
    text = lock(name)
    assert pins(name)
    assert set(pins(name)) == {
        canonicalize_name(one) for one in re.findall(r"(?m)^([\w.-]+)", text)
    }
    assert all("--hash=sha256:" in text.partition(f"\n{one}==")[2][:400] for one in pins(name))
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_what_is_installed_is_what_is_locked() -> None:
    other = {
        name: here
        for name, (pinned, marker) in pins(DEVELOP).items()
        if (here := installed(name)) != pinned and not (marker and here is None)
    }
    assert not other, "run: make setup"


def installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
