"""What a user of the reconnect relies on, with a peer at its worst."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from structlog.testing import capture_logs

from router.ami.deadlines import USUAL
from router.ami.errors import LinkDown
from router.ami.link import Account, AmiLink
from router.ami.reconnect import (
    LONGEST_PAUSE_SECONDS,
    REFUSED_PAUSE_SECONDS,
    STEADY_SECONDS,
    Reconnect,
    pause_seconds,
)
from router.ami.wire import Message
from tests.ami.conftest import Run
from tests.ami.ears import PATIENT
from tests.ami.peer import Peer, Seen, error, nothing

pytestmark = pytest.mark.slow


class Owner:
    """Somebody who wants a link, and whose pauses last no time until they are to be held."""

    def __init__(self, account: Account) -> None:
        self.told: Seen[str] = Seen()
        self.links: Seen[AmiLink] = Seen()
        self.events: Seen[Message] = Seen()
        self.pauses: Seen[float] = Seen()
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.up: Callable[[AmiLink], None] = self.links.add
        self.reconnect = Reconnect(
            account,
            on_event=self.events.add,
            on_up=self._on_up,
            on_down=lambda reason: self.told.add(f"down: {reason}"),
            jitter=lambda: 0.0,
            deadlines=PATIENT,
            sleep=self._sleep,
        )

    def _on_up(self, link: AmiLink) -> None:
        self.told.add("up")
        self.up(link)

    async def _sleep(self, seconds: float) -> None:
        self.pauses.add(seconds)
        await self.go_on.wait()
        # The loop takes its turn, as in a real pause.
        await asyncio.wait([asyncio.get_running_loop().run_in_executor(None, int)])


@contextmanager
def nobody() -> Iterator[Account]:
    """Give where nobody listens, nor can, as the port is taken."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        host, port = taken.getsockname()
        yield Account(host, port, "decroche", "a secret of no worth")


def test_a_link_that_is_cut_comes_back_as_a_new_one(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            owner = Owner(peer.account)
            assert owner.reconnect.link is None
            owner.reconnect.start()
            (first,) = await owner.links.count(1)
            assert owner.reconnect.link is first
            peer.cut()
            _, second = await owner.links.count(2)
            assert (first.is_up, second.is_up) == (False, True)
            assert owner.reconnect.link is second
            assert [word.split(":")[0] for word in owner.told.items] == ["up", "down", "up"]
            await owner.reconnect.stop()

    run(test())


def test_what_was_under_way_is_not_sent_again(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            peer.usual_answer = nothing
            owner = Owner(peer.account)
            owner.reconnect.start()
            (first,) = await owner.links.count(1)
            answer = first.send("Originate", {"Channel": "Local/s@x"})
            await peer.heard_of("Originate")
            peer.cut()
            _, second = await owner.links.count(2)
            with pytest.raises(LinkDown):
                await answer
            with pytest.raises(LinkDown):
                first.send("Originate", {"Channel": "Local/s@x"})
            second.send("Setvar", {"Variable": "A"})
            await peer.heard_of("Setvar")
            assert [action["Action"] for action in peer.heard.items] == [
                "Login",
                "Originate",
                "Login",
                "Setvar",
            ]
            await owner.reconnect.stop()

    run(test())


def test_the_link_is_gone_before_the_loss_is_told(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            owner = Owner(peer.account)
            owner.go_on.clear()
            owner.reconnect.start()
            await owner.links.count(1)
            peer.cut()
            await owner.told.count(2)
            assert owner.reconnect.link is None
            await owner.reconnect.stop()

    run(test())


def test_pauses_double_up_to_five_seconds() -> None:
    assert [pause_seconds(failures, 0.0) for failures in range(1, 8)] == [
        0.2,
        0.4,
        0.8,
        1.6,
        3.2,
        5.0,
        5.0,
    ]
    assert pause_seconds(10**9, 0.0) == LONGEST_PAUSE_SECONDS


@pytest.mark.parametrize("failures", [1, 4, 20])
def test_jitter_shortens_a_pause_by_a_fifth_at_most(failures: int) -> None:
    pause = pause_seconds(failures, 0.0)
    assert pause_seconds(failures, 1.0) == pytest.approx(0.8 * pause)


def test_an_asterisk_that_is_away_is_tried_again_and_told_of_once(run: Run) -> None:
    async def test() -> None:
        with nobody() as account, capture_logs() as logs:
            owner = Owner(account)
            owner.reconnect.start()
            pauses = await owner.pauses.count(6)
            await owner.reconnect.stop()
        assert pauses[:6] == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0]
        assert [line["event"] for line in logs] == ["ami_unreachable"]
        assert owner.told.items == []

    run(test())


def test_a_wrong_secret_is_tried_slowly_and_said_loudly_once(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            peer.answers["Login"] = error
            owner = Owner(peer.account)
            with capture_logs() as logs:
                owner.reconnect.start()
                await owner.pauses.count(3)
                await owner.reconnect.stop()
            assert owner.pauses.items[:3] == [REFUSED_PAUSE_SECONDS] * 3
            (line,) = logs
            assert (line["event"], line["log_level"]) == ("ami_login_refused", "error")
            assert "manager.conf" in line["how_to_mend"]
            assert "no worth" not in str(line)

    run(test())


def test_a_link_that_flaps_is_not_hammered(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            owner = Owner(peer.account)
            owner.up = lambda _: peer.cut()
            owner.reconnect.start()
            pauses = await owner.pauses.count(6)
            assert pauses[:6] == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0]
            await owner.reconnect.stop()

    run(test())


def test_a_link_that_falls_as_asterisk_does_not_say_what_it_holds_is_one_that_flaps() -> None:
    # The epoch is read and set, the channels are listed, their passes read, then the marks.
    assert USUAL.list_seconds + 4 * USUAL.action_seconds < STEADY_SECONDS


def test_a_handler_that_raises_does_not_end_the_reconnecting(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            owner = Owner(peer.account)

            def fail(link: AmiLink) -> None:
                owner.links.add(link)
                raise ValueError

            owner.up = fail
            with capture_logs() as logs:
                owner.reconnect.start()
                await owner.links.count(1)
                peer.cut()
                await owner.links.count(2)
                await owner.reconnect.stop()
            assert [line["event"] for line in logs].count("ami_handler_failed") == 2

    run(test())


def test_stopping_while_up_closes_the_link_and_is_final(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            owner = Owner(peer.account)
            owner.reconnect.start()
            (link,) = await owner.links.count(1)
            await owner.reconnect.stop()
            assert (link.is_up, owner.reconnect.link) == (False, None)
            await peer.hung_up.count(1)
            owner.reconnect.start()
            await owner.reconnect.stop()
            assert (owner.told.items, len(peer.connections.items)) == (["up"], 1)

    run(test())


def test_stopping_while_logging_in_is_final(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            peer.answers["Login"] = nothing
            owner = Owner(peer.account)
            owner.reconnect.start()
            await peer.heard_of("Login")
            await owner.reconnect.stop()
            await peer.hung_up.count(1)
            assert (owner.told.items, owner.pauses.items) == ([], [])

    run(test())


def test_stopping_in_a_pause_is_final(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            owner = Owner(peer.account)
            owner.go_on.clear()
            owner.reconnect.start()
            await owner.links.count(1)
            peer.cut()
            await owner.pauses.count(1)
            await owner.reconnect.stop()
            assert len(peer.connections.items) == 1

    run(test())


def test_stopping_as_the_link_comes_up_is_final(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            owner = Owner(peer.account)
            owner.reconnect.start()
            await owner.events.count(1)  # FullyBooted: the link is about to be handed over
            await owner.reconnect.stop()
            assert owner.reconnect.link is None
            await peer.hung_up.count(1)

    run(test())


def test_one_never_started_can_be_stopped(run: Run) -> None:
    async def test() -> None:
        with nobody() as account:
            owner = Owner(account)
            await owner.reconnect.stop()
            owner.reconnect.start()
            assert owner.pauses.items == []

    run(test())
