"""Hostile messages, through a broker that lets everything pass: none changes anything."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from router.core.events import ListenerCameOn
from router.presence.gate import BURST_MESSAGES, LONGEST_BYTES
from router.presence.topics import HEARD
from tests.presence.app import connection
from tests.presence.broker import Broker
from tests.presence.rig import Rig

MESSAGES = 10_000
TEAM = [f"l{number:03}" for number in range(MESSAGES // BURST_MESSAGES)]
"""So many that none is refused for coming too often, before it is looked at."""
MAY_DO_ALL = "user mallory\ntopic readwrite #"
AT_ONCE = 200

Said = tuple[str, bytes]


def hostile(chance: Random, listener: str, offer: str) -> Iterator[Said]:
    """Give what a listener whose phone is theirs, and whose app is not, might be made to say."""
    now = time.time()
    old, ahead = now - 100_000, now + 100_000
    base = f"decroche/v1/listener/{listener}"
    words: list[tuple[str, object]] = [
        ("state", {"state": "ready", "at": ahead}),
        ("state", {"state": "ready", "at": old}),
        ("state", {"state": "on", "at": now}),
        ("state", {"state": "ready", "at": now, "listener": "anne"}),
        ("state", {"state": ["ready"], "at": str(now)}),
        ("state", [{"state": "ready", "at": now}]),
        ("availability", {"online": "yes"}),
        ("accept", {"offer": offer, "at": now}),
        ("decline", {"offer": offer, "at": now}),
        ("escalate", {"offer": offer, "at": now, "kind": "shock"}),
        ("accept", {"offer": "dcr-../../x", "at": now}),
        ("disposition", {"disposition": "orientation", "orientation": "12", "at": now}),
        ("disposition", {"disposition": "follow_up", "call_at": ahead, "at": now}),
        ("disposition", {"disposition": "abuse", "at": old}),
        ("directory", {"request": "r", "department": "69" * 200, "at": now}),
        ("directory", {"request": "r\r\nAction: Command", "department": "69", "at": now}),
    ]
    for word, payload in words:
        yield f"{base}/{word}", json.dumps(payload).encode()
    yield f"{base}/state", b"{" * 400
    yield f"{base}/state", b" " * LONGEST_BYTES + json.dumps(words[2][1]).encode()
    yield f"{base}/{chance.choice(list(HEARD))}", chance.randbytes(chance.randrange(1, 900))
    yield f"decroche/v1/listener/{listener}x/state", json.dumps(words[0][1]).encode()


@pytest.mark.slow
def test_none_of_ten_thousand_hostile_messages_changes_anything(
    tmp_path: Path, brokers: Callable[..., Broker], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        broker = brokers(["mallory"], MAY_DO_ALL)
        chance = Random(20)  # noqa: S311 - the same messages each time
        async with Rig(tmp_path, broker, [*TEAM, "anne"], monkeypatch) as site:
            site.step(ListenerCameOn("anne"))
            offer = site.ring()
            before = site.engine.snapshot()
            said = [one for listener in TEAM for one in hostile(chance, listener, offer)]
            assert len(said) == MESSAGES
            chance.shuffle(said)
            async with connection(broker, "mallory") as mallory:
                for begin in range(0, MESSAGES, AT_ONCE):
                    some = said[begin : begin + AT_ONCE]
                    await asyncio.gather(*(mallory.publish(*one, qos=1) for one in some))
            await site.until(lambda: refused(site) == MESSAGES, grows=lambda: refused(site))
            assert site.engine.snapshot() == before
            assert not site.told
            assert not site.actor.sent
            assert site.refused("flood") == 0

    asyncio.run(scene())


def test_who_floods_is_cut_short_and_nobody_else(
    tmp_path: Path, brokers: Callable[..., Broker], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        broker = brokers(["anne", "bruno"])
        async with Rig(tmp_path, broker, ["anne", "bruno"], monkeypatch) as site:
            # Else the gate lets one more in with each second that this takes.
            site.clock.stop()
            now = site.clock.time()
            async with connection(broker, "anne") as anne, connection(broker, "bruno") as bruno:
                topic = "decroche/v1/listener/{}/state"
                for turn in range(5 * BURST_MESSAGES):
                    state = json.dumps({"state": "ready", "at": now + turn / 1000})
                    await anne.publish(topic.format("anne"), state, qos=1)
                ready = json.dumps({"state": "ready", "at": now})
                await bruno.publish(topic.format("bruno"), ready, qos=1)
                await site.until(lambda: site.duty("bruno") == "on")
            taken = len(site.told) - 1
            assert taken == BURST_MESSAGES
            assert site.refused("flood") == 5 * BURST_MESSAGES - taken

    asyncio.run(scene())


def refused(site: Rig) -> float:
    return sum(
        sample.value
        for family in site.metrics.registry.collect()
        if family.name == "decroche_presence_refused"
        for sample in family.samples
    )
