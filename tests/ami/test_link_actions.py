"""What becomes of an action and its answer."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from router.ami.errors import ActionTimedOut
from router.ami.wire import UnsafeField
from tests.ami.conftest import Run
from tests.ami.ears import SOON, Ears, event, hasty
from tests.ami.peer import Peer, error, nothing, success


def test_actions_arrive_in_the_order_they_were_sent(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            link = await Ears().open(peer)
            answers = [link.send("Setvar", {"Value": str(n)}) for n in range(50)]
            await asyncio.gather(*answers)
            assert [a["Value"] for a in await peer.heard_of("Setvar")] == [*map(str, range(50))]
            link.close()

    run(test())


def test_answers_in_any_order_reach_their_own_action(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            peer.answers["Getvar"] = nothing
            link = await Ears().open(peer)
            first = link.send("Getvar", {"Variable": "A"})
            second = link.send("Getvar", {"Variable": "B"})
            for action in reversed(await peer.heard_of("Getvar", 2)):
                value = f"Value: {action['Variable']}\r\n".encode()
                await peer.say(success(action)[:-2] + value + b"\r\n")
            assert [(await f).get("Value") for f in (first, second)] == ["A", "B"]
            link.close()

    run(test())


def test_a_refused_action_is_an_answer(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            peer.answers["Command"] = error
            link = await Ears().open(peer)
            answer = await link.send("Command", {"Command": "core show version"})
            assert (answer.refused, answer.get("Message")) == (True, "no")
            link.close()

    run(test())


def test_an_action_without_an_answer_fails_in_its_time_and_a_late_one_is_nothing(run: Run) -> None:
    async def test() -> None:
        ears = Ears()
        async with Peer() as peer:
            peer.answers["Getvar"] = nothing
            link = await ears.open(peer, hasty(action_seconds=SOON))
            with capture_logs() as logs, pytest.raises(ActionTimedOut, match=r"Getvar.*0\.05 s"):
                await link.send("Getvar", {"Variable": "0199000001"})
            assert [line["event"] for line in logs] == ["ami_action_timed_out"]
            assert "0199000001" not in str(logs)
            (action,) = await peer.heard_of("Getvar")
            await peer.say(success(action), event("After"))
            await ears.events.count(2)
            assert (link._protocol.responses, link._protocol.unexpected_messages) == ({}, 1)
            link.close()

    run(test())


def test_a_failure_that_nobody_looks_at_makes_no_noise(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            peer.answers["Setvar"] = nothing
            link = await Ears().open(peer)
            link.send("Setvar", {"Variable": "A"})
            await peer.heard_of("Setvar")
            link.close()

    run(test())


def test_a_cancelled_wait_leaves_nothing_behind(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            peer.answers["Getvar"] = nothing
            link = await Ears().open(peer)
            link.send("Getvar", {"Variable": "A"}).cancel()
            await link.send("Setvar", {"Variable": "A"})
            assert link._protocol.responses == {}
            link.close()

    run(test())


@pytest.mark.parametrize("said", [{}, {"Async": "false"}, {"async": "no"}])
def test_every_originate_is_asynchronous(run: Run, said: dict[str, str]) -> None:
    async def test() -> None:
        async with Peer() as peer:
            link = await Ears().open(peer)
            await link.send("Originate", {"Channel": "Local/s@x", **said})
            (action,) = await peer.heard_of("Originate")
            assert {k: v for k, v in action.items() if k.lower() == "async"} == {"Async": "true"}
            link.close()

    run(test())


@pytest.mark.parametrize("while_pending", [True, False])
def test_an_originate_response_always_reaches_the_events(run: Run, *, while_pending: bool) -> None:
    async def test() -> None:
        ears = Ears()
        async with Peer() as peer:
            peer.answers["Originate"] = nothing if while_pending else success
            link = await ears.open(peer)
            answer = link.send("Originate", {"Channel": "Local/s@x", "ActionID": "dcr-1"})
            (action,) = await peer.heard_of("Originate")
            if not while_pending:
                assert not (await answer).refused
            await peer.say(event("OriginateResponse", ActionID="dcr-1", Response="Failure"))
            await ears.events.count(2)
            assert ears.events.items[1].get("ActionID") == "dcr-1"
            await peer.say(success(action))
            assert (await answer).name == "Success"
            link.close()

    run(test())


def test_two_actions_on_their_way_cannot_share_an_action_id(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            link = await Ears().open(peer)
            first = link.send("Originate", {"ActionID": "dcr-1"})
            with pytest.raises(UnsafeField, match="ActionID"):
                link.send("Originate", {"ActionID": "dcr-1"})
            assert (await first).name == "Success"
            link.close()

    run(test())


def test_an_unsafe_field_is_refused_and_nothing_is_sent(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            link = await Ears().open(peer)
            with pytest.raises(UnsafeField):
                link.send("Setvar", {"Value": "x\r\nAction: Originate"})
            await link.send("Ping", {})
            assert [a["Action"] for a in peer.heard.items] == ["Login", "Ping"]
            assert link._protocol.responses == {}
            link.close()

    run(test())
