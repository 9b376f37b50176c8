"""What a manager meets at the emulated PBX, in a time that passes only where nobody is busy."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from simulations.pbx import people
from simulations.pbx.message import MAX_UNFINISHED_BYTES
from simulations.pbx.people import Caller, Manner, MenuCaller
from simulations.pbx.server import EmulatedPbx
from simulations.pbx.site import Site
from tests.crash.virtual_loop import played
from tests.testbed.ami import Account, Ami, AmiRefusedError, connected

DEADLINE_SECONDS = 600.0
"""Of the PBX's time."""


@asynccontextmanager
async def emulated(
    phones: dict[str, Manner] | None = None, fallback: tuple[str, ...] = ()
) -> AsyncIterator[tuple[EmulatedPbx, Account]]:
    site = Site("decroche", "ami-secret", "dialplan-secret", phones or {}, fallback)
    async with EmulatedPbx(site) as pbx:
        yield pbx, Account(pbx.port, site.username, site.ami_secret)


async def said(ami: Ami, name: str, times: int = 1) -> list[float]:
    """Wait until the dialplan has said this so often, and give its other word, if any."""

    def has_come(_: object) -> bool:
        return sum(event["UserEvent"] == name for event in ami.events) >= times

    await ami.wait_for(has_come, DEADLINE_SECONDS)
    return [float(e["Arrived"]) for e in ami.events if e["UserEvent"] == name and e["Arrived"]]


async def beat(ami: Ami) -> None:
    await ami.send("Setvar", Variable="DECROCHE_BEAT", Value=str(int(time.time())))


def test_a_wrong_secret_is_refused_and_the_manager_is_hung_up_on() -> None:
    async def scene() -> None:
        async with emulated() as (_, account):
            reader, writer = await asyncio.open_connection("127.0.0.1", account.port)
            writer.write(b"Action: Login\r\nUsername: decroche\r\nSecret: wrong\r\n\r\n")
            async with asyncio.timeout(DEADLINE_SECONDS):
                words = await reader.read()  # to the end of the connection
            writer.close()
            assert b"Response: Error\r\nMessage: Authentication failed\r\n" in words

    played(scene())


def test_who_is_not_logged_in_may_do_nothing() -> None:
    async def scene() -> None:
        async with emulated() as (_, account):
            reader, writer = await asyncio.open_connection("127.0.0.1", account.port)
            writer.write(b"Action: Ping\r\n\r\n")
            async with asyncio.timeout(DEADLINE_SECONDS):
                await reader.readuntil(b"Message: Permission denied\r\n\r\n")
            writer.close()

    played(scene())


def test_a_manager_who_never_ends_an_action_is_cut_off() -> None:
    async def scene() -> None:
        async with emulated() as (_, account):
            reader, writer = await asyncio.open_connection("127.0.0.1", account.port)
            writer.write(b"x" * (MAX_UNFINISHED_BYTES + 1))
            async with asyncio.timeout(DEADLINE_SECONDS):
                await reader.read()
            writer.close()

    played(scene())


def test_without_a_daemon_a_caller_gets_to_a_human_of_the_fallback_group() -> None:
    async def scene() -> None:
        phones: dict[str, Manner] = {"garde": lambda: people.talks_for(2)}
        async with emulated(phones, ("garde",)) as (pbx, account), connected(account) as ami:
            pbx.phones.call(Caller("0639980001", "health"))
            fallback = await ami.wait_for(
                lambda e: e.is_user_event("DecrocheFallback"), DEADLINE_SECONDS
            )
            assert fallback["Why"] == "stale"
            await said(ami, "DecrocheFallbackAnswered")
            # The human's line ends: the caller is told so, and is rung for once more.
            await said(ami, "DecrocheWaiting")
            await said(ami, "DecrocheFallback", times=2)

    played(scene())


def test_a_caller_whom_nobody_answers_is_asked_for_round_after_round() -> None:
    async def scene() -> None:
        phones: dict[str, Manner] = {"garde": people.voicemail}
        async with emulated(phones, ("garde",)) as (pbx, account), connected(account) as ami:
            caller = pbx.phones.call(Caller("0639980001", "health", patience_seconds=120))
            gone = await ami.wait_for(
                lambda e: e.has(Event="Hangup", Uniqueid=caller.uniqueid), DEADLINE_SECONDS
            )
            assert gone["Context"] == "decroche-fallback"
            assert pbx.exchange.legs == {}

    played(scene())


def test_a_caller_waits_in_turns_and_is_told_of_each() -> None:
    async def scene() -> None:
        async with emulated() as (pbx, account), connected(account) as ami:
            await beat(ami)
            caller = pbx.phones.call(Caller("0639980001", "health"))
            await said(ami, "DecrocheArrived")
            acknowledged = {"Variable": "DECROCHE_ACK", "Value": "1"}
            await ami.send("Setvar", **acknowledged, Channel=caller.uniqueid)
            arrivals = await said(ami, "DecrocheWaiting", times=5)
            assert len(set(arrivals)) == 1

    played(scene())


def test_a_listener_says_ready_by_phone_and_hangs_up_when_asked_for_more() -> None:
    async def scene() -> None:
        async with emulated() as (pbx, account), connected(account) as ami:
            leg = pbx.phones.call_menu(MenuCaller("0639980199", ("0101", "4321", "1")))
            asked = await ami.wait_for(
                lambda e: e.is_user_event("DecrocheMenu", Call=leg.uniqueid), DEADLINE_SECONDS
            )
            assert asked.has(Listener="0101", Pin="4321", Choice="ready")
            where = {"Context": "decroche-menu", "Exten": "ready", "Priority": "1"}
            await ami.send("Redirect", Channel=leg.uniqueid, **where)
            await ami.wait_for(
                lambda e: e.has(Event="Hangup", Uniqueid=leg.uniqueid), DEADLINE_SECONDS
            )

    played(scene())


def test_a_wrong_pin_can_be_tried_three_times_and_then_the_menu_says_goodbye() -> None:
    async def scene() -> None:
        async with emulated() as (pbx, account), connected(account) as ami:
            keys = ("0101", "9999", "1")
            leg = pbx.phones.call_menu(MenuCaller("0639980199", keys * 4))
            where = {"Context": "decroche-menu", "Exten": "refused", "Priority": "1"}
            for tries in range(1, 4):
                await said(ami, "DecrocheMenu", tries)
                await ami.send("Redirect", Channel=leg.uniqueid, **where)
            gone = await ami.wait_for(
                lambda e: e.has(Event="Hangup", Uniqueid=leg.uniqueid), DEADLINE_SECONDS
            )
            assert gone["Exten"] == "goodbye"
            assert sum(e["UserEvent"] == "DecrocheMenu" for e in ami.events) == 3

    played(scene())


def test_a_menu_that_nobody_answers_says_so_and_one_where_nothing_is_keyed_ends() -> None:
    async def scene() -> None:
        async with emulated() as (pbx, account), connected(account) as ami:
            leg = pbx.phones.call_menu(MenuCaller("0639980199", ()))
            leg.on_read = lambda: None
            for keys in ("0101", "4321", "3"):
                leg.press(keys)
            gone = await ami.wait_for(
                lambda e: e.has(Event="Hangup", Uniqueid=leg.uniqueid), DEADLINE_SECONDS
            )
            assert gone["Exten"] == "goodbye"
            assert leg.application == "Playback"

    played(scene())


def test_everybody_who_is_logged_in_hears_what_happens() -> None:
    async def scene() -> None:
        async with emulated() as (pbx, account), connected(account) as one:
            async with connected(account) as other:
                pbx.phones.call(Caller("0639980001", "health"))
                for ami in (one, other):
                    await said(ami, "DecrocheArrived")
            with pytest.raises(AmiRefusedError, match="No such channel"):
                await one.send("Hangup", Channel="nobody")

    played(scene())
