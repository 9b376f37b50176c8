"""How a link opens, with a peer at its worst."""

from __future__ import annotations

import asyncio
import select
import socket

import pytest

from router.ami.errors import ActionTimedOut, LinkDown, LoginRefused
from router.ami.link import Account, AmiLink
from router.ami.protocol import LinkProtocol
from tests.ami.conftest import TEST_SECONDS, Run
from tests.ami.ears import PATIENT, SOON, Ears, hasty
from tests.ami.peer import BANNER, BOOTED, Answer, Heard, Peer, error, nothing, success

pytestmark = pytest.mark.slow


def test_a_link_is_open_once_logged_in_and_booted(run: Run) -> None:
    async def test() -> None:
        ears = Ears()
        async with Peer() as peer:
            peer.banner = [BANNER[:9], BANNER[9:]]
            link = await ears.open(peer)
            assert (link.is_up, link.version) == (True, "11.0.0")
            assert ears.names() == ["FullyBooted"]
            (login,) = await peer.heard_of("Login")
            assert (login["Username"], login["Secret"]) == ("decroche", "a secret of no worth")
            link.close()

    run(test())


def test_a_refused_login_says_how_to_mend_it_and_not_the_secret(run: Run) -> None:
    async def test() -> None:
        ears = Ears()
        async with Peer() as peer:
            peer.answers["Login"] = error
            with pytest.raises(LoginRefused, match=r"manager\.conf") as refusal:
                await ears.open(peer)
            assert "no worth" not in str(refusal.value) + repr(peer.account)
            await peer.hung_up.count(1)
        assert ears.lost.items == []

    run(test())


def test_nobody_listening_is_said_with_where(run: Run) -> None:
    async def test() -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            host, port = taken.getsockname()
            account = Account(host, port, "decroche", "x")
            with pytest.raises(LinkDown, match=rf"127\.0\.0\.1:{port}.*cannot be reached"):
                await AmiLink.open(account, on_event=print, on_lost=print, deadlines=PATIENT)

    run(test())


def test_a_peer_that_takes_no_connection_is_given_up(run: Run) -> None:
    async def test() -> None:
        with socket.socket() as full:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            address = full.getsockname()
            account = Account(address[0], address[1], "decroche", "x")
            with socket.create_connection(address):
                # Only once the kernel has put it in the queue has nobody else a place there.
                select.select([full], [], [], TEST_SECONDS)
                with pytest.raises(LinkDown, match=r"took no connection within 0\.05 s"):
                    await AmiLink.open(
                        account,
                        on_event=print,
                        on_lost=print,
                        deadlines=hasty(connect_seconds=SOON),
                    )

    run(test())


def test_a_peer_that_does_not_answer_the_login_is_given_up(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            peer.answers["Login"] = nothing
            with pytest.raises(ActionTimedOut, match="Login"):
                await Ears().open(peer, hasty(login_seconds=SOON))
            await peer.hung_up.count(1)

    run(test())


def test_an_asterisk_that_never_finishes_booting_is_given_up(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            peer.answers["Login"] = success
            with pytest.raises(LinkDown, match=r"no FullyBooted within 0\.05 s"):
                await Ears().open(peer, hasty(boot_seconds=SOON))
            await peer.hung_up.count(1)

    run(test())


@pytest.mark.parametrize("last_answer", [nothing, success])
def test_a_peer_that_hangs_up_while_the_link_opens_fails_the_opening(
    run: Run, last_answer: Answer
) -> None:
    async def test() -> None:
        ears = Ears()
        async with Peer() as peer:

            def answer_and_hang_up(action: Heard) -> bytes:
                writer = peer.connections.items[-1]
                writer.write(last_answer(action))
                writer.close()
                return b""

            peer.answers["Login"] = answer_and_hang_up
            with pytest.raises(LinkDown):
                await ears.open(peer)
        assert ears.lost.items == []

    run(test())


def test_a_loss_in_the_moment_of_opening_is_not_missed(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = LinkProtocol.data_received

    def read_and_lose(protocol: LinkProtocol, data: bytes) -> None:
        read(protocol, data)
        if BOOTED in data:
            protocol.connection_lost(ConnectionResetError())

    monkeypatch.setattr(LinkProtocol, "data_received", read_and_lose)

    async def test() -> None:
        ears = Ears()
        async with Peer() as peer:
            with pytest.raises(LinkDown, match="as soon as it had booted"):
                await ears.open(peer)
        assert ears.lost.items == []

    run(test())


def test_cancelling_an_opening_leaves_no_connection(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            peer.answers["Login"] = nothing
            opening = asyncio.create_task(Ears().open(peer))
            await peer.heard_of("Login")
            opening.cancel()
            await asyncio.wait([opening])
            assert opening.cancelled()
            await peer.hung_up.count(1)

    run(test())
