"""What a link does with a real Asterisk."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

import pytest

from router.ami.contract import BEAT, ECHO, EPOCH
from router.ami.deadlines import USUAL
from router.ami.errors import ActionTimedOut, LinkDown, LoginRefused
from router.ami.link import Account, AmiLink
from router.ami.reconnect import Reconnect
from router.ami.wire import MAX_LINE_BYTES, Message
from router.observe.metrics import Metrics
from router.runtime.echo import EVERY_BEATS, MISSED_UNTIL_DEAF, Echo
from tests.ami.conftest import Run
from tests.ami.ears import PATIENT
from tests.ami.peer import Seen
from tests.testbed import Testbed, require_testbed
from tests.testbed import ami as testbed_ami

T = TypeVar("T")

NOTICED_SECONDS = 15.0
"""What the project promises."""

TICKS_A_SECOND = 20


@pytest.fixture(scope="module")
def bed() -> Iterator[Testbed]:
    require_testbed()
    with Testbed() as bed:
        yield bed


def ours(account: testbed_ami.Account, secret: str | None = None) -> Account:
    return Account(account.host, account.port, account.username, secret or account.secret)


async def opened(account: testbed_ami.Account, events: Seen[Message] | None = None) -> AmiLink:
    hear = (events or Seen[Message]()).add
    return await AmiLink.open(
        ours(account), on_event=hear, on_lost=lambda _: None, deadlines=PATIENT
    )


async def in_time(coming: Coroutine[None, None, T]) -> T:
    """Await what is promised, by a clock that stands while the machine does not let us run."""
    waiting = asyncio.ensure_future(coming)
    for _ in range(round(NOTICED_SECONDS * TICKS_A_SECOND)):
        await asyncio.wait([waiting], timeout=1 / TICKS_A_SECOND)
        if waiting.done():
            return waiting.result()
    waiting.cancel()
    raise TimeoutError(f"not within {NOTICED_SECONDS} s")


class Owner:
    """Keeps a link alive as the daemon does."""

    def __init__(self, bed: Testbed) -> None:
        self.ups: Seen[AmiLink] = Seen()
        self.downs: Seen[Exception] = Seen()
        self.reconnect = Reconnect(
            ours(bed.pbx.manager),
            on_event=lambda _: None,
            on_up=self.ups.add,
            on_down=self.downs.add,
            jitter=lambda: 0.5,
            deadlines=replace(USUAL, action_seconds=PATIENT.action_seconds),
        )


def test_the_daemons_account_gets_in_and_sets_and_reads_a_global(bed: Testbed, run: Run) -> None:
    async def test() -> None:
        link = await opened(bed.pbx.manager)
        assert link.version.split(".")[0].isdigit()
        said = await link.send("Setvar", {"Variable": "DECROCHE_TEST", "Value": "Zoé: oui"})
        assert not said.refused
        answer = await link.send("Getvar", {"Variable": "DECROCHE_TEST"})
        assert answer.get("Value") == "Zoé: oui"
        link.close()

    run(test())


def test_our_echo_comes_back_each_time_and_of_what_else_is_set_nothing_does(
    bed: Testbed, run: Run
) -> None:
    async def test() -> None:
        events: Seen[Message] = Seen()
        link = await opened(bed.pbx.manager, events)
        echo = Echo(Metrics())
        echo.begin(link)
        seen = await events.until(lambda seen: _count(seen, "VarSet") == 1)
        assert not echo.is_expected
        for one in seen:
            echo.hear(one)
        assert echo.is_expected
        link.send("Setvar", {"Variable": BEAT, "Value": "1"})
        for _ in range(EVERY_BEATS):
            echo.look(link)
        seen = await events.until(lambda seen: _count(seen, "VarSet") == 2)
        assert [one.get("Variable") for one in seen if one.name == "VarSet"] == [ECHO, ECHO]
        link.close()

    run(test())


def test_where_the_echo_is_held_back_the_end_of_a_leg_to_nobody_says_that_events_come(
    bed: Testbed, run: Run
) -> None:
    before = bed.pbx.complaints()

    async def test() -> None:
        events: Seen[Message] = Seen()
        link = await opened(bed.pbx.manager, events)
        echo = Echo(Metrics())
        await link.send("Setvar", {"Variable": EPOCH, "Value": "7"})
        echo.begin(link)
        for _ in range(EVERY_BEATS):
            echo.look(link)
        seen = await events.until(lambda seen: _count(seen, "Hangup") == 2)
        assert {one.get("Cause") for one in seen if one.name == "Hangup"} == {"38"}
        for one in seen:
            if one.name == "Hangup":
                echo.hear(one)
        for _ in range(MISSED_UNTIL_DEAF * EVERY_BEATS):
            echo.look(link)
        assert link.is_up
        assert await link.list("CoreShowChannels", {}) == []
        link.close()

    run(test())
    assert bed.pbx.complaints() == before


@pytest.mark.parametrize("over_bytes", [0, 1])
def test_the_longest_line_that_we_send_is_the_longest_that_asterisk_reads(
    bed: Testbed, run: Run, monkeypatch: pytest.MonkeyPatch, over_bytes: int
) -> None:
    monkeypatch.setattr("router.ami.wire.MAX_LINE_BYTES", MAX_LINE_BYTES + over_bytes)

    async def test() -> None:
        link = await opened(bed.pbx.manager)
        value = "x" * (MAX_LINE_BYTES + over_bytes - len("Value: \r\n"))
        name = f"DECROCHE_LONG_{over_bytes}"
        with suppress(ActionTimedOut):
            await link.send("Setvar", {"Variable": name, "Value": value})
        answer = await link.send("Getvar", {"Variable": name})
        assert (answer.get("Value") == value) is (over_bytes == 0)
        link.close()

    run(test())


def test_a_wrong_secret_is_refused(bed: Testbed, run: Run) -> None:
    async def test() -> None:
        with pytest.raises(LoginRefused, match="manager reload"):
            await AmiLink.open(
                ours(bed.pbx.manager, secret="wrong"),
                on_event=print,
                on_lost=print,
                deadlines=PATIENT,
            )

    run(test())


@pytest.mark.parametrize("action", ["Command", "DBPut", "UpdateConfig"])
def test_what_the_account_may_not_do_is_refused(bed: Testbed, run: Run, action: str) -> None:
    async def test() -> None:
        link = await opened(bed.pbx.manager)
        answer = await link.send(action, {"Command": "core show version"})
        assert (answer.refused, answer.get("Message")) == (True, "Permission denied")
        link.close()

    run(test())


def test_a_long_list_comes_whole_while_events_go_on(bed: Testbed, run: Run) -> None:
    channels = 200

    async def test() -> None:
        events: Seen[Message] = Seen()
        link = await opened(bed.farm_instance.admin, events)
        rung = {"Channel": "Local/never@phone", "Context": "phone", "Exten": "never"}
        answers = [link.send("Originate", {**rung, "Priority": "1"}) for _ in range(channels // 2)]
        assert {answer.name for answer in await asyncio.gather(*answers)} == {"Success"}
        await events.until(lambda seen: _count(seen, "Newchannel") >= channels)
        listed = await link.list("CoreShowChannels", {})
        assert {item.name for item in listed} == {"CoreShowChannel"}
        assert len({item.get("Uniqueid") for item in listed}) == channels
        for item in listed:
            link.send("Hangup", {"Channel": item.get("Channel")})
        await events.until(lambda seen: _count(seen, "Hangup") >= channels)
        assert await link.list("CoreShowChannels", {}) == []
        assert _count(events.items, "CoreShowChannel") == 0
        link.close()

    run(test())


def test_a_ring_that_failed_is_told_as_an_event_with_its_own_action_id(
    bed: Testbed, run: Run
) -> None:
    async def test() -> None:
        events: Seen[Message] = Seen()
        link = await opened(bed.pbx.manager, events)
        where = {"Context": "decroche-offer", "Exten": "s", "Priority": "1"}
        nobody = {"Channel": "PJSIP/0199000199@trunk", "ActionID": "dcr-test-1", **where}
        assert (await link.send("Originate", nobody)).name == "Success"
        await events.until(lambda seen: _count(seen, "OriginateResponse") == 1)
        (told,) = [event for event in events.items if event.name == "OriginateResponse"]
        assert (told.get("ActionID"), told.get("Response")) == ("dcr-test-1", "Failure")
        link.close()

    run(test())


def test_an_asterisk_that_is_killed_is_noticed_and_found_again(bed: Testbed, run: Run) -> None:
    async def test() -> None:
        owner = Owner(bed)
        owner.reconnect.start()
        (first,) = await owner.ups.count(1)
        bed.pbx.kill()
        await in_time(owner.downs.count(1))
        with pytest.raises(LinkDown):
            first.send("Ping", {})
        bed.pbx.begin()
        # How long Asterisk takes to start is no promise of ours.
        await asyncio.to_thread(bed.pbx.wait_ready)
        _, second = await in_time(owner.ups.count(2))
        assert (await second.send("Ping", {})).get("Ping") == "Pong"
        await owner.reconnect.stop()

    run(test())


def test_an_asterisk_that_falls_silent_is_noticed_and_found_again(bed: Testbed, run: Run) -> None:
    async def test() -> None:
        owner = Owner(bed)
        owner.reconnect.start()
        await owner.ups.count(1)
        os.kill(bed.pbx.pid, signal.SIGSTOP)
        try:
            (reason,) = await in_time(owner.downs.count(1))
        finally:
            os.kill(bed.pbx.pid, signal.SIGCONT)
        assert "silent" in str(reason)
        _, second = await in_time(owner.ups.count(2))
        assert (await second.send("Ping", {})).get("Ping") == "Pong"
        await owner.reconnect.stop()

    run(test())


def _count(events: list[Message], name: str) -> int:
    return sum(event.name == name for event in events)
