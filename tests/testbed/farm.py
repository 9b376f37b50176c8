"""The farm: an Asterisk that plays callers and listeners, and its remote control."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from tests.testbed.ami import Account, Ami, Message, connected
from tests.testbed.behaviour import Behaviour
from tests.testbed.instance import Instance
from tests.testbed.pbx import hold_music
from tests.testbed.rest import at_rest

PATIENCE_SECONDS = 600.0
"""How long a caller waits for a human unless told otherwise: longer than any test."""

PRESS_SECONDS = 20.0
"""For a dozen keys, on a machine that is busy."""

TOLD_SECONDS = 20.0
"""Until the farm has told, too, what our Asterisk already knows of a phone."""


class FarmInstance(Instance):
    """The farm's Asterisk."""

    def furnish(self, pbx_sip_port: int, rtp_start: int) -> None:
        """Write its configuration."""
        values = {
            "is_phones": "yes",
            "pbx_sip_port": str(pbx_sip_port),
            "rtp_start": str(rtp_start),
            "rtp_end": str(rtp_start + 999),
        }
        self.configure("farm", values)
        hold_music(self.folder / "data/moh")


class Farm:
    """Remote control of the farm. No two callers of one process have the same id."""

    _callers = itertools.count(1)

    def __init__(self, ami: Ami) -> None:
        self.ami = ami

    @property
    def events(self) -> list[Message]:
        """All that the farm has told in this session, in order."""
        return self.ami.events

    async def listener(self, name: str, behaviour: Behaviour) -> None:
        """Say how this listener treats its next rings. One never set is unreachable (404)."""
        await self.ami.send("Setvar", Variable=f"B_{name}", Value=str(behaviour))

    async def call(
        self,
        line_number: str,
        caller_number: str | None = "0639980001",
        *,
        talk_seconds: float | None = None,
        patience_seconds: float = PATIENCE_SECONDS,
        keys: str = "",
    ) -> str:
        """Dial a line, and give the caller's id.

        The caller hangs up `talk_seconds` after it has heard a human, who has heard it (None: never
        by itself), or after `patience_seconds` without. `keys` are pressed once words are heard
        (`w`: half a second's rest). A `caller_number` of None is withheld.
        """
        caller = str(next(self._callers))
        talk = PATIENCE_SECONDS if talk_seconds is None else talk_seconds
        await self.ami.send(
            "Originate",
            {"CALLER": caller, "TALK": str(talk), "PATIENCE": str(patience_seconds), "KEYS": keys},
            Channel=f"PJSIP/{line_number}@pbx",
            ChannelId=f"caller-{caller}",
            CallerID=f'"" <{caller_number or ""}>',
            Context="callers",
            Exten="s",
            Priority="1",
            Async="true",
        )
        return caller

    async def hang_up(self, caller: str) -> None:
        """Let this caller hang up now."""
        await self.ami.send("Hangup", Channel=f"caller-{caller}", Cause="16")

    async def press(self, caller: str, keys: str) -> None:
        """Let this caller press keys now, one after the other."""
        await self._press_on(f"caller-{caller}", keys)

    async def pick_up(self, listener: str) -> None:
        """Let this listener, whose phone rings, pick up now."""
        await self.send_on(await self._last("ListenerRang", listener), "human", "answer")

    async def accept(self, listener: str) -> None:
        """Let this listener, who has picked up and has not pressed 1 yet, press it now."""
        await self.send_on(await self.phone_of(listener), "human", "key")

    async def send_on(self, phone: str, exten: str, step: str = "1") -> None:
        """Have this phone do what comes there, once it is where it stays."""
        await at_rest(self.ami, phone)
        there = {"Context": "phone", "Exten": exten, "Priority": step}
        await self.ami.send("Redirect", Channel=phone, **there)

    async def hang_up_as(self, listener: str) -> None:
        """Let this listener hang up now."""
        await self.ami.send("Hangup", Channel=await self.phone_of(listener), Cause="16")

    async def press_as(self, listener: str, keys: str) -> None:
        """Let this listener, in a call, press keys now, one after the other."""
        await self._press_on(await self.phone_of(listener), keys)

    async def _press_on(self, phone: str, keys: str) -> None:
        seen = len(self.events)
        await self.ami.send(
            "Originate",
            Channel="Local/hand@fingers/n",
            Context="fingers",
            Exten="s",
            Priority="1",
            Variable=f"KEYS={keys},PHONE={phone}",
            Async="true",
        )
        await self.ami.wait_for(
            lambda event: event.is_user_event("KeysPressed", Phone=phone), PRESS_SECONDS, seen
        )

    async def phone_of(self, listener: str) -> str:
        """Give the unique id of the call that this listener picked up last."""
        return await self._last("ListenerPickedUp", listener)

    async def hears_key(self, phone: str, key: str, deadline_seconds: float, since: int) -> None:
        """Wait until a key of somebody else reaches this phone (`phone_of`, or `caller-<id>`)."""
        heard = {"Event": "DTMFEnd", "Direction": "Received", "Uniqueid": phone, "Digit": key}
        await self.ami.wait_for(lambda event: event.has(**heard), deadline_seconds, since)

    async def rang(self, listener: str, deadline_seconds: float, since: int = 0) -> Message:
        """Wait until this listener's phone rings."""
        return await self._told("ListenerRang", deadline_seconds, since, Listener=listener)

    async def picked_up(self, listener: str, deadline_seconds: float, since: int = 0) -> Message:
        """Wait until this listener, or its voicemail, picks up."""
        return await self._told("ListenerPickedUp", deadline_seconds, since, Listener=listener)

    async def let_go(self, listener: str, deadline_seconds: float, since: int = 0) -> Message:
        """Wait until this listener's phone is silent again, or its call over."""
        return await self._told("ListenerLeft", deadline_seconds, since, Listener=listener)

    async def took(self, listener: str, deadline_seconds: float, since: int = 0) -> str:
        """Wait until this listener and some caller hear each other, and give the caller's id."""
        told = await self._told("ListenerTook", deadline_seconds, since, Listener=listener)
        return told["Caller"]

    async def heard(self, caller: str, deadline_seconds: float, since: int = 0) -> str:
        """Wait until this caller and a human hear each other, and give the listener's name."""
        told = await self._told("ListenerTook", deadline_seconds, since, Caller=caller)
        return told["Listener"]

    async def entered(self, caller: str, deadline_seconds: float) -> None:
        """Wait until the line has answered this caller."""
        await self._told("CallerEntered", deadline_seconds, 0, Caller=caller)

    async def left(self, caller: str, deadline_seconds: float, since: int = 0) -> None:
        """Wait until this caller's call is over."""
        await self._told("CallerLeft", deadline_seconds, since, Caller=caller)

    def rings(self, listener: str) -> int:
        """Count how often this listener's phone has rung in this session."""
        return sum(e.is_user_event("ListenerRang", Listener=listener) for e in self.events)

    def talks(self) -> list[tuple[str, str]]:
        """Give (caller, listener) of every talk in this session, in order."""
        took = (event for event in self.events if event.is_user_event("ListenerTook"))
        return [(event["Caller"], event["Listener"]) for event in took]

    async def _last(self, name: str, listener: str) -> str:
        await self._told(name, TOLD_SECONDS, 0, Listener=listener)
        told = (e for e in reversed(self.events) if e.is_user_event(name, Listener=listener))
        return next(told)["Uniqueid"]

    async def _told(
        self, name: str, deadline_seconds: float, since: int, **headers: str
    ) -> Message:
        return await self.ami.wait_for(_user_event(name, headers), deadline_seconds, since=since)


def _user_event(name: str, headers: dict[str, str]) -> Callable[[Message], bool]:
    return lambda event: event.is_user_event(name, **headers)


@asynccontextmanager
async def at_the_farm(account: Account) -> AsyncIterator[Farm]:
    """Hold the farm's remote control for the length of the `async with`."""
    async with connected(account) as ami:
        yield Farm(ami)
