"""What the user of the unit may not read, though root, who looks, may."""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from router.doctor import user
from router.doctor.user import Account, check_user, judge_user
from tests.doctor.house import House
from tests.testbed.ami import Account as Login

STRANGER = Account("decroche", os.getuid() + 7, frozenset({os.getgid() + 7}))
"""Nobody whose files these are."""

COLLEAGUE = Account("decroche", os.getuid() + 7, frozenset({os.getgid()}))
"""One of the group whose files these are."""


@pytest.fixture
def open_house() -> Iterator[House]:
    """Give a site that everybody may enter: above those of pytest itself nobody else may."""
    folder = Path(tempfile.mkdtemp(prefix="dcr-"))
    folder.chmod(0o755)
    house = House(folder).at(Login(1, "decroche", "s" * 20))
    for name in ("ami", "caller", "dialplan"):
        (folder / f"{name}.secret").chmod(0o644)
    (folder / "state").mkdir()
    (folder / "state").chmod(0o777)
    yield house
    shutil.rmtree(folder)


def test_what_is_open_to_the_daemons_user_is_well(open_house: House) -> None:
    assert judge_user(open_house.settings(), STRANGER).mark == "ok"


@pytest.mark.parametrize("name", ["decroche.toml", "listeners.toml", "caller.secret", "ami.secret"])
def test_a_file_that_root_alone_may_read_fails_and_is_named(open_house: House, name: str) -> None:
    settings = open_house.settings()
    (open_house.folder / name).chmod(0o600)
    verdict = judge_user(settings, STRANGER)
    assert verdict.mark == "failed"
    assert verdict.detail == f"{open_house.folder / name}: decroche may not read it"
    assert "chgrp decroche" in verdict.mend


def test_a_group_of_theirs_is_enough_and_their_own_mode_counts_first(open_house: House) -> None:
    listeners = open_house.folder / "listeners.toml"
    listeners.chmod(0o640)
    assert judge_user(open_house.settings(), COLLEAGUE).mark == "ok"
    assert judge_user(open_house.settings(), STRANGER).mark == "failed"
    listeners.chmod(0o044)
    owner = Account("decroche", os.getuid(), frozenset({os.getgid()}))
    assert not owner.may(listeners, user.READ)
    assert COLLEAGUE.may(listeners, user.READ)


def test_a_folder_above_that_they_may_not_enter_closes_all(open_house: House) -> None:
    open_house.folder.chmod(0o700)
    verdict = judge_user(open_house.settings(), STRANGER)
    assert "listeners.toml: decroche may not read it" in verdict.detail
    assert "state: decroche may not write there" in verdict.detail


def test_a_state_that_they_may_not_write_fails_and_one_that_is_yet_to_be_made_does_not(
    open_house: House,
) -> None:
    state = open_house.folder / "state"
    state.chmod(0o755)
    assert judge_user(open_house.settings(), STRANGER).detail == (
        f"{state}: decroche may not write there"
    )
    state.rmdir()
    assert judge_user(open_house.settings(), STRANGER).mark == "ok"


def test_it_is_said_as_whom_the_doctor_looks(
    open_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = pwd.getpwuid(os.getuid())
    monkeypatch.setattr(os, "geteuid", lambda: me.pw_uid or pwd.getpwnam("nobody").pw_uid)
    someone = me.pw_name if me.pw_uid else "nobody"
    assert open_house.findings()["user"].detail == f"we look as {someone}"
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(user, "DAEMON_USER", "no-such-user")
    verdict = check_user(open_house.settings())
    assert verdict.mark == "not checked"
    assert "root, who may read and write everything" in verdict.detail
    monkeypatch.setattr(user, "DAEMON_USER", "nobody")
    assert "nobody may" in check_user(open_house.settings()).detail
