"""An app is told why what it has said changes nothing, and nothing of it is repeated."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable

import pytest

from router.core.events import ListenerCameOn, ListenerPickedUp, OfferAccepted, TalkStarted
from router.presence.gate import BURST_MESSAGES, LONGEST_BYTES, Gate
from router.presence.refusals import RefusedMessage
from tests.presence.app import App
from tests.presence.broker import Broker
from tests.presence.rig import Rig

NOW = 1_800_000_000.0
MakeRig = Callable[[], Rig]


def refusal(payload: object, word: str = "state") -> RefusedMessage:
    """Give how the gate refuses what anne says."""
    gate = Gate()
    gate.listeners = {"anne"}
    said = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    with pytest.raises(RefusedMessage) as raised:
        gate.admit(f"decroche/v1/listener/anne/{word}", said, NOW, retained=False)
    return raised.value


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"state": "ready"}, "at"),
        ({"state": "ready", "at": "now"}, "at"),
        ({"state": "ready", "at": -1}, "at"),
        ({"state": "sleepy", "at": 1}, "state"),
        ({"state": "pause", "at": 1, "reason": "lunch"}, "reason"),
        ({"state": "ready", "at": 1, "number": "0639980001"}, None),
        ({"state": "ready", "at": 1, "x` - at `$.secret": 1}, None),
        ({"state": "ready", "at": 1, "required field `state": 1}, None),
        ([], None),
        (b"{", None),
        (b"\xff", None),
    ],
)
def test_of_what_is_malformed_the_field_is_named_where_it_is_one_of_the_contract(
    payload: object, field: str | None
) -> None:
    refused = refusal(payload)
    assert (refused.reason, refused.field) == ("malformed", field)


@pytest.mark.slow
def test_an_app_is_told_which_word_was_refused_and_why(broker: Broker, rig: MakeRig) -> None:
    async def scene() -> None:
        async with rig() as site, App(broker, "anne") as anne, App(broker, "bruno") as bruno:
            await anne.until_told("router", online=True)
            now = time.time()
            site.step(ListenerCameOn("anne"))
            offer = site.ring()
            await anne.say("state", state="sleepy", at=now)
            await anne.say("state", state="ready", at=now + 86_400)
            await anne.say("decline", offer=offer, at=now - 3_600)
            await anne.say("accept", offer=offer, at=time.time())
            await anne.say("escalate", offer="dcr-nobodys-1", at=time.time())
            await anne.say("directory", request="r" * LONGEST_BYTES)
            await anne.until(lambda: len(anne.told("refused")) == 6, "six answers")
            told = [(one["word"], one["reason"], one["field"]) for one in anne.told("refused")]
            assert told == [
                ("state", "malformed", "state"),
                ("state", "future", None),
                ("decline", "outdated", None),
                ("accept", "not_now", None),
                ("escalate", "not_theirs", None),
                ("directory", "too_large", None),
            ]
            assert all(abs(one["at"] - now) < 60 for one in anne.told("refused"))
            assert "sleepy" not in str(anne.told("refused"))
            await bruno.until_all_is_told()
            assert not bruno.told("refused")

    asyncio.run(scene())


@pytest.mark.slow
def test_what_the_engine_refuses_is_told_too(broker: Broker, rig: MakeRig) -> None:
    async def scene() -> None:
        async with rig() as site, App(broker, "anne") as anne:
            await anne.until_told("router", online=True)
            await anne.say("disposition", disposition="hard", at=time.time())
            await anne.until_told("refused", word="disposition", reason="not_now")
            site.step(ListenerCameOn("anne"))
            offer = site.ring()
            for event in (ListenerPickedUp(offer), OfferAccepted(offer), TalkStarted("c1", offer)):
                site.step(event)
            too_far = {"disposition": "follow_up", "call_at": time.time() + 366 * 86_400}
            await anne.say("disposition", at=time.time(), **too_far)
            await anne.until(lambda: len(anne.told("refused")) == 2, "a second answer")

    asyncio.run(scene())


@pytest.mark.slow
def test_who_floods_is_told_so_once_and_never_more_than_the_gate_lets_in(
    broker: Broker, rig: MakeRig
) -> None:
    async def scene() -> None:
        words = 5 * BURST_MESSAGES
        async with rig() as site, App(broker, "anne") as anne:
            await anne.until_told("router", online=True)
            # Else the gate lets one more in with each second that this takes.
            site.clock.stop()
            for _ in range(words):
                await anne.say("accept")
            counted = ("malformed", "flood")
            # What the broker keeps of her is asked for again after seconds, and counts as well.
            await site.until(lambda: sum(site.refused(one) for one in counted) >= words)
            # What apps are told comes in order: after this there is no more of it.
            site.step(ListenerCameOn("anne"))
            await anne.until_told("offer", offer=site.ring())
            assert len(anne.told("refused", reason="flood")) == 1
            assert len(anne.told("refused")) == site.refused("malformed") + 1
            assert len(anne.told("refused")) < 2 * BURST_MESSAGES

    asyncio.run(scene())
