"""How events come through, and how a link ends, with a peer at its worst."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from router.ami.deadlines import USUAL
from router.ami.errors import LinkDown
from router.ami.link import AmiLink
from router.ami.wire import MAX_MESSAGE_BYTES, Message
from tests.ami.conftest import Run
from tests.ami.ears import PATIENT, SOON, Ears, event, hasty
from tests.ami.peer import Heard, Peer, nothing, success

pytestmark = pytest.mark.slow


def test_events_come_in_stream_order_whatever_is_among_them(run: Run) -> None:
    async def test() -> None:
        ears = Ears()
        async with Peer() as peer:
            link = await ears.open(peer)
            await peer.say(
                event("A") + b"nonsense\r\n\r\n" + event("B", Value="x" * 65536),
                b"Event: C\r\nName: Zo\xc3",
                b"\xa9\r\nEvent: D\r\nActionID: 1\r\nActionID: 2\r\n\r\n",
                b"Event: E\r\nX: \xff\xfe\r\nEmpty: \r\n\r",
                b"\n" + b"Response: Success\r\nActionID: nobody\r\n\r\n",
                event("Long", Value="x" * MAX_MESSAGE_BYTES) + event("F"),
            )
            await ears.events.until(lambda items: items[-1].name == "F")
            assert ears.names() == ["FullyBooted", "A", "B", "C", "D", "E", "F"]
            assert ears.events.items[3].get("Name") == "Zoé"
            assert link.is_up
            link.close()

    run(test())


def test_a_handler_that_raises_costs_one_log_line_and_nothing_else(run: Run) -> None:
    async def test() -> None:
        ears = Ears()

        def hear(message: Message) -> None:
            if message.name == "Bad":
                raise ValueError(message.get("CallerIDNum"))
            ears.events.add(message)

        async with Peer() as peer:
            link = await AmiLink.open(
                peer.account, on_event=hear, on_lost=ears.lost.add, deadlines=PATIENT
            )
            with capture_logs() as logs:
                await peer.say(event("Bad", CallerIDNum="0199000001") + event("Good"))
                await ears.events.until(lambda items: items[-1].name == "Good")
            assert [(line["event"], line["about"]) for line in logs] == [
                ("ami_handler_failed", "Bad")
            ]
            assert "0199000001" not in str(logs)
            assert (link.is_up, link._protocol.failed_handlers) == (True, 1)
            link.close()

    run(test())


def test_a_handler_may_close_the_link_and_hears_no_more(run: Run) -> None:
    async def test() -> None:
        ears = Ears()
        links: list[AmiLink] = []

        def hear(message: Message) -> None:
            ears.events.add(message)
            if message.name == "Last":
                links[0].close()

        async with Peer() as peer:
            link = await AmiLink.open(
                peer.account, on_event=hear, on_lost=ears.lost.add, deadlines=PATIENT
            )
            links.append(link)
            await peer.say(event("Last") + event("More"))
            await peer.hung_up.count(1)
        assert ears.names() == ["FullyBooted", "Last"]
        assert ears.lost.items == []

    run(test())


@pytest.mark.parametrize("last_words", [b"", b"Event: Hang", b"Event: Hangup\r\nUniq"])
def test_a_cut_is_told_once_and_fails_what_waits(run: Run, last_words: bytes) -> None:
    async def test() -> None:
        ears = Ears()
        async with Peer() as peer:
            peer.answers["Getvar"] = nothing
            link = await ears.open(peer)
            waiting = link.send("Getvar", {"Variable": "A"})
            await peer.heard_of("Getvar")
            await peer.say(last_words)
            peer.cut()
            with pytest.raises(LinkDown, match="Getvar"):
                await waiting
            with pytest.raises(LinkDown, match="not sent"):
                link.send("Setvar", {"Variable": "A"})
            with pytest.raises(LinkDown):
                await link.list("Status", {})
            assert (len(ears.lost.items), link.is_up) == (1, False)
            assert ears.names() == ["FullyBooted"]
            link.close()
        assert len(ears.lost.items) == 1

    run(test())


def test_an_ordinary_hang_up_is_told_with_a_reason(run: Run) -> None:
    async def test() -> None:
        ears = Ears()
        async with Peer() as peer:
            await ears.open(peer)
            peer.connections.items[0].close()
            (reason,) = await ears.lost.count(1)
        assert str(reason) == "Asterisk closed the connection"

    run(test())


def test_a_silent_peer_is_given_up_even_while_it_takes_every_byte(run: Run) -> None:
    async def test() -> None:
        ears = Ears()
        async with Peer() as peer:
            link = await ears.open(peer, hasty(ping_every_seconds=SOON))

            def last_pong(ping: Heard) -> bytes:
                # The next ping goes out once this pong has come, and its deadline is waited out.
                peer.answers["Ping"] = nothing
                link._deadlines = hasty(ping_every_seconds=SOON, pong_seconds=SOON)
                return success(ping)

            await peer.heard_of("Ping", 2)
            assert link.is_up
            peer.answers["Ping"] = last_pong
            (reason,) = await ears.lost.count(1)
            assert (str(reason), link.is_up) == ("Asterisk is silent: no pong within 0.05 s", False)
            await peer.hung_up.count(1)

    run(test())


def test_silence_is_noticed_within_15_seconds_of_its_beginning() -> None:
    assert USUAL.ping_every_seconds + USUAL.pong_seconds < 15


def test_a_loss_handler_that_raises_is_one_log_line(run: Run) -> None:
    async def test() -> None:
        def fail(_: Exception) -> None:
            raise ValueError

        async with Peer() as peer:
            link = await AmiLink.open(
                peer.account, on_event=lambda _: None, on_lost=fail, deadlines=PATIENT
            )
            with capture_logs() as logs:
                link._protocol.connection_lost(None)
            assert [line["event"] for line in logs] == ["ami_handler_failed"]

    run(test())


def test_after_closing_nothing_is_sent_or_told(run: Run) -> None:
    async def test() -> None:
        ears = Ears()
        async with Peer() as peer:
            link = await ears.open(peer)
            waiting = link.send("Getvar", {"Variable": "A"})
            link.close()
            with pytest.raises(LinkDown):
                await waiting
            with pytest.raises(LinkDown):
                link.send("Setvar", {"Variable": "A"})
            await peer.hung_up.count(1)
            link.close()
        assert ears.lost.items == []

    run(test())
