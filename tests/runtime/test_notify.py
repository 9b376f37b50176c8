"""What systemd hears of the daemon, on a socket as systemd opens it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from router.runtime.notify import NEXT_SIGN_SECONDS, PET_EVERY_SECONDS, Notify

NO_LINK = "no link to Asterisk"


class Manager:
    """Stands where systemd is: hears, and turns the clock."""

    def __init__(self, address: str) -> None:
        self.now = 1000.0
        self.environment = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "15000000"}
        self._ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._ear.bind(address.replace("@", "\0", 1))

    def notify(self, **more: str) -> Notify:
        return Notify(self.environment | more, clock=lambda: self.now)

    def heard(self) -> list[str]:
        """Give what was told since it was last asked."""
        lines: list[str] = []
        with suppress(BlockingIOError):
            while True:
                lines += self._ear.recv(4096).decode().split("\n")
        return lines

    def fill(self) -> None:
        """Have more to hear than there is room for."""
        kind = socket.SOCK_DGRAM | socket.SOCK_NONBLOCK
        with socket.socket(socket.AF_UNIX, kind) as other, suppress(BlockingIOError):
            while True:
                other.sendto(b"X=1", self._ear.getsockname())

    def close(self) -> None:
        self._ear.close()


@pytest.fixture(params=["a path", "an abstract name"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Manager]:
    path = request.param == "a path"
    manager = Manager(str(tmp_path / "notify") if path else f"@decroche-notify-{os.getpid()}")
    yield manager
    manager.close()


def test_it_is_ready_with_the_first_turn_on_which_calls_are_routed(manager: Manager) -> None:
    notify = manager.notify()
    notify.turned([NO_LINK])
    assert "READY=1" not in manager.heard()
    notify.turned([])
    assert manager.heard()[:2] == ["READY=1", "STATUS=calls are routed"]
    notify.turned([NO_LINK])
    notify.turned([])
    assert "READY=1" not in manager.heard()


def test_while_asterisk_is_away_at_the_start_each_turn_asks_for_more_time(manager: Manager) -> None:
    notify = manager.notify()
    notify.turned([NO_LINK])
    more = f"EXTEND_TIMEOUT_USEC={NEXT_SIGN_SECONDS * 1_000_000:.0f}"
    assert manager.heard() == [f"STATUS={NO_LINK}", more]
    manager.now += PET_EVERY_SECONDS
    notify.turned([NO_LINK])
    assert manager.heard() == [more]


def test_the_watchdog_is_petted_by_turns_and_not_by_each_of_many(manager: Manager) -> None:
    notify = manager.notify()
    notify.turned([])
    manager.heard()
    for _ in range(128):
        manager.now += PET_EVERY_SECONDS / 64
        notify.turned([])
    assert manager.heard().count("WATCHDOG=1") == 2


@pytest.mark.parametrize("more", [{"WATCHDOG_USEC": ""}, {"WATCHDOG_PID": "1"}])
def test_a_watchdog_that_is_not_ours_is_not_petted(manager: Manager, more: dict[str, str]) -> None:
    notify = manager.notify(**more)
    for _ in range(3):
        manager.now += PET_EVERY_SECONDS
        notify.turned([])
    assert "WATCHDOG=1" not in manager.heard()


def test_our_own_watchdog_is_named_by_our_process(manager: Manager) -> None:
    notify = manager.notify(WATCHDOG_PID=str(os.getpid()))
    for _ in range(2):
        manager.now += PET_EVERY_SECONDS
        notify.turned([])
    assert "WATCHDOG=1" in manager.heard()


def test_the_status_says_what_is_wrong_and_is_told_when_it_changes(manager: Manager) -> None:
    notify = manager.notify(WATCHDOG_USEC="")
    notify.turned([])
    manager.heard()
    for reasons, warnings in (([], []), ([NO_LINK], ["journal down"]), ([], [])):
        notify.turned(reasons, warnings)
    assert manager.heard() == [f"STATUS={NO_LINK}; journal down", "STATUS=calls are routed"]


def test_a_reload_is_told_with_its_instant_and_its_end(manager: Manager) -> None:
    notify = manager.notify()
    notify.turned([])
    manager.heard()
    with notify.reloading():
        assert manager.heard() == ["RELOADING=1", f"MONOTONIC_USEC={manager.now * 1_000_000:.0f}"]
    assert manager.heard() == ["READY=1"]


def test_a_reload_that_breaks_is_over_too(manager: Manager) -> None:
    notify = manager.notify()
    notify.turned([])
    with pytest.raises(ValueError, match="broken"), notify.reloading():
        raise ValueError("broken")
    assert manager.heard()[-1] == "READY=1"


def test_a_reload_before_calls_are_routed_does_not_say_that_they_are(manager: Manager) -> None:
    notify = manager.notify()
    notify.turned([NO_LINK])
    manager.heard()
    with notify.reloading():
        pass
    assert manager.heard() == []


def test_that_it_goes_is_told_once_and_is_the_last_word(manager: Manager) -> None:
    notify = manager.notify()
    notify.stopping()
    notify.stopping()
    notify.turned([])
    assert [line for line in manager.heard() if not line.startswith("STATUS=")] == ["STOPPING=1"]


@pytest.mark.parametrize("address", ["", "notify", "vsock:2:1"])
def test_where_nobody_listens_that_we_can_reach_nothing_is_told(address: str) -> None:
    notify = Notify({"NOTIFY_SOCKET": address})
    notify.turned([])
    notify.stopping()


def test_a_manager_that_is_gone_or_deaf_keeps_nobody_waiting(manager: Manager) -> None:
    notify = manager.notify()
    for turn in range(2000):
        manager.now += PET_EVERY_SECONDS
        notify.turned([str(turn)])
    manager.close()
    notify.turned([])


@pytest.mark.parametrize("reload", [False, True])
def test_what_a_busy_manager_could_not_take_in_is_told_with_the_next_turn(
    manager: Manager,
    reload: bool,  # noqa: FBT001 - both ways
) -> None:
    notify = manager.notify()
    if reload:
        notify.turned([])
        manager.heard()
    manager.fill()
    if reload:
        with notify.reloading():
            pass
        # Asterisk may be away meanwhile: that the reload is over is told all the same.
    notify.turned([NO_LINK] if reload else [])
    manager.heard()
    manager.now += PET_EVERY_SECONDS
    notify.turned([NO_LINK] if reload else [])
    heard = manager.heard()
    assert "READY=1" in heard
    assert f"STATUS={NO_LINK if reload else 'calls are routed'}" in heard
    assert "WATCHDOG=1" in heard
    notify.turned([NO_LINK] if reload else [])
    assert manager.heard() == []
