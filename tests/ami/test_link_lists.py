"""What becomes of a listing."""

from __future__ import annotations

import pytest

from router.ami import pending
from router.ami.errors import ActionRefused, ActionTimedOut
from tests.ami.conftest import Run
from tests.ami.ears import SOON, Ears, event, hasty
from tests.ami.peer import Heard, Peer, error


def answer_list(action: Heard, *items: str) -> bytes:
    own = f"ActionID: {action['ActionID']}\r\n"
    said = [f"Response: Success\r\n{own}EventList: start\r\n\r\n"]
    said += [f"Event: {item}\r\n{own}Uniqueid: {n}\r\n\r\n" for n, item in enumerate(items)]
    said += [f"Event: ListComplete\r\n{own}EventList: Complete\r\nListItems: 0\r\n\r\n"]
    return "".join(said).encode()


def test_a_list_is_its_items_in_order_without_its_end_and_apart_from_the_events(run: Run) -> None:
    async def test() -> None:
        ears = Ears()
        async with Peer() as peer:
            # An item whose name sounds like an end is not the end.
            names = ["CoreShowChannel", "OriginateComplete", "CoreShowChannel"]
            peer.answers["CoreShowChannels"] = lambda a: event("Hangup") + answer_list(a, *names)
            link = await ears.open(peer)
            items = await link.list("CoreShowChannels", {"actionid": "mine"})
            assert [(i.name, i.get("Uniqueid")) for i in items] == [
                (name, str(n)) for n, name in enumerate(names)
            ]
            assert ears.names() == ["FullyBooted", "Hangup"]
            link.close()

    run(test())


def test_a_list_that_is_refused_says_so(run: Run) -> None:
    async def test() -> None:
        async with Peer() as peer:
            peer.answers["CoreShowChannels"] = error
            link = await Ears().open(peer)
            with pytest.raises(ActionRefused, match="CoreShowChannels"):
                await link.list("CoreShowChannels", {})
            link.close()

    run(test())


def test_a_list_without_an_end_fails_in_its_time_and_its_late_items_are_no_events(run: Run) -> None:
    async def test() -> None:
        ears = Ears()
        async with Peer() as peer:
            peer.answers["Status"] = lambda a: answer_list(a, "Status")[:-30]
            link = await ears.open(peer, hasty(list_seconds=SOON))
            with pytest.raises(ActionTimedOut, match="Status"):
                await link.list("Status", {})
            (action,) = await peer.heard_of("Status")
            await peer.say(b"\r\n\r\n" + answer_list(action, "Status", "Status"), event("After"))
            await ears.events.until(lambda items: items[-1].name == "After")
            assert ears.names() == ["FullyBooted", "After"]
            link.close()

    run(test())


def test_a_list_that_goes_on_for_ever_is_ended(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending, "MAX_LIST_MESSAGES", 3)

    async def test() -> None:
        async with Peer() as peer:
            peer.answers["Status"] = lambda a: answer_list(a, *["Status"] * 9)
            link = await Ears().open(peer)
            with pytest.raises(ActionRefused, match="no end"):
                await link.list("Status", {})
            assert (await link.send("Ping", {})).name == "Success"
            link.close()

    run(test())
