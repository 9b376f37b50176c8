"""What every scene of the script is made of, on whichever stage it is played."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from types import MappingProxyType

from tests.simulations.pbx_heard import Heard, header_names, values
from tests.simulations.pbx_stages import Stage
from tests.testbed.ami import Ami, AmiRefusedError, Message

DEADLINE_SECONDS = 20.0
NO_MORE: Mapping[str, str] = MappingProxyType({})


class Scenes:
    """One manager's session with a stage, and what is heard in it."""

    def __init__(self, stage: Stage, ami: Ami) -> None:
        self.heard = Heard()
        self._stage = stage
        self._ami = ami
        self._names: dict[str, str] = {}
        self._door = asyncio.Lock()

    def _waited(self, call: str) -> int:
        return sum(e.is_user_event("DecrocheWaiting", Call=call) for e in self._ami.events)

    async def _arrive(self, number: str, *, acknowledged: bool = True) -> tuple[str, str]:
        # One after the other: of many who dial at one instant, the real trunk may lose one.
        async with self._door:
            caller = await self._stage.call(number)
            arrived = await self._wait(
                lambda e: e.is_user_event("DecrocheArrived", CallerIDNum=number)
            )
        call = arrived["Call"]
        self._names[call] = f"caller {number}"
        if acknowledged:
            await self._ami.send("Setvar", Variable="DECROCHE_ACK", Value="1", Channel=call)
        return caller, call

    async def _ring(self, phone: str, **fields: str) -> None:
        await self._originate(f"dcr-{phone}", f"PJSIP/{phone}@trunk", **fields)
        await self._gone(f"dcr-{phone}")

    async def _accepted(self, phone: str) -> str:
        offer = f"dcr-{phone}"
        await self._originate(offer, f"PJSIP/{phone}@trunk")
        await self._wait(lambda e: of_leg(e, offer, "BridgeEnter"))
        return offer

    async def _join(self, scene: str, call: str, offer: str) -> None:
        await self._redirect(scene, call, "decroche-hold", "join")
        await self._wait(
            lambda e: of_leg(e, call, "BridgeEnter") and e["BridgeName"] == "decroche-join"
        )
        one, other = self._channel_of(call), self._channel_of(offer)
        await self._ask(scene, "Bridge", Channel1=one, Channel2=other, Tone="no")
        # In whichever order: Asterisk moves each by a thread of its own.
        for leg in (call, offer):
            await self._wait(
                lambda e, leg=leg: (  # type: ignore[misc]  # a default that binds it
                    of_leg(e, leg, "BridgeEnter") and e["BridgeTechnology"] != "holding_bridge"
                )
            )

    def _channel_of(self, leg: str) -> str:
        return next(e["Channel"] for e in self._ami.events if e["Uniqueid"] == leg)

    async def _redirect(self, scene: str, leg: str, context: str, exten: str) -> None:
        await self._stage.rests(leg)
        where = {"Context": context, "Exten": exten, "Priority": "1"}
        await self._ask(scene, "Redirect", Channel=leg, **where)

    async def _leaves(self, caller: str, call: str) -> None:
        """Let a caller hang up, and wait until the call is over."""
        await self._stage.rests(call)
        await self._stage.hang_up(caller)
        await self._gone(call)

    async def _is_cut(self, scene: str, leg: str) -> None:
        """End a leg, and wait until it is over."""
        await self._stage.rests(leg)
        await self._ask(scene, "Hangup", Channel=leg)
        await self._gone(leg)

    async def _originate(
        self, offer: str, endpoint: str, more: Mapping[str, str] = NO_MORE, /, **fields: str
    ) -> None:
        self._names[offer] = offer
        where = {"Context": "decroche-offer", "Exten": "s", "Priority": "1", "Timeout": "25000"}
        who = {"Channel": endpoint, "ChannelId": offer, "CallerID": "0805232336"}
        variables = {"DECROCHE_LINE": "health", "DECROCHE_KNOWN": "0", **more}
        fields = {**where, **who, **fields, "Async": "true"}
        answer = await self._ami.send("Originate", variables, **fields)
        self._note(offer, answer)

    async def _ask(self, scene: str, action: str, **fields: str) -> None:
        try:
            self._note(scene, await self._ami.send(action, **fields))
        except AmiRefusedError as refused:
            self.heard.answers.setdefault(scene, []).append(("Error", str(refused)))

    def _note(self, scene: str, answer: Message) -> None:
        said = (header_names(answer), answer["Response"], answer["Message"])
        self.heard.answers.setdefault(scene, []).append(said)

    async def _list(self, scene: str, *legs: str) -> None:
        channels = await self._ami.list_of("CoreShowChannels")
        bridges = {one["BridgeUniqueid"]: one for one in await self._ami.list_of("BridgeList")}
        for leg in legs:
            shown = next(one for one in channels if one["Uniqueid"] == leg)
            bridge = bridges.get(shown["BridgeId"])
            about = () if bridge is None else (header_names(bridge), values(bridge))
            said = (header_names(shown), values(shown), shown["Application"], about)
            self.heard.answers.setdefault(f"{scene}: {self._names[leg]}", []).append(said)

    async def _gone(self, leg: str, seconds: float = DEADLINE_SECONDS) -> None:
        await self._wait(lambda e: of_leg(e, leg, "Hangup"), seconds)

    async def _wait(
        self, predicate: Callable[[Message], bool], seconds: float = DEADLINE_SECONDS
    ) -> Message:
        return await self._ami.wait_for(predicate, seconds)

    def _collect(self) -> None:
        for event in self._ami.events:
            leg = self._names.get(event["Uniqueid"])
            if leg is None or event["Event"].startswith("CoreShowChannel"):
                continue
            # An OriginateResponse is told by another of Asterisk's threads: when, is by chance.
            story = f"{leg}: response" if event["Event"] == "OriginateResponse" else leg
            said = (event["Event"], header_names(event), values(event))
            self.heard.legs.setdefault(story, []).append(said)


def of_leg(event: Message, leg: str, name: str) -> bool:
    return event.has(Event=name, Uniqueid=leg)


def answers(event: Message, offer: str) -> bool:
    return of_leg(event, offer, "OriginateResponse")
