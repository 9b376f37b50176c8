"""A listener's telephone on a desk at the association: it has a transfer key."""

from __future__ import annotations

import itertools

from tests.testbed.ami import Message
from tests.testbed.farm import Farm
from tests.testbed.testbed import Testbed

TOLD_SECONDS = 20.0
"""From the key to the PBX's word on it."""


class DeskPhone:
    """The phone on which a listener is in a talk. Its endpoint at the PBX is `desk`."""

    _calls = itertools.count(1)

    def __init__(self, bed: Testbed, farm: Farm, listener: str) -> None:
        self._farm = farm
        self._listener = listener
        self._pbx = f"127.0.0.1:{bed.pbx.sip_port}"

    async def transfer(self, number: str) -> str:
        """Send a REFER for the caller to this number; give whether the PBX did it: SUCCESS."""
        return await self._refer(f"<sip:{number}@{self._pbx}>")

    async def call(self, number: str) -> str:
        """Ring this number in a second call, and give that call's id once the PBX says it rings."""
        second, seen = f"second-{next(self._calls)}", len(self._farm.events)
        await self._farm.ami.send(
            "Originate",
            Channel=f"PJSIP/{number}@desk",
            ChannelId=second,
            Context="second",
            Exten="s",
            Priority="1",
            Async="true",
        )
        rings = {"Event": "Newstate", "Uniqueid": second, "ChannelStateDesc": "Ringing"}
        await self._farm.ami.wait_for(lambda event: event.has(**rings), TOLD_SECONDS, seen)
        return second

    async def transfer_to_second(self, second: str, number: str) -> str:
        """Send a REFER by which the caller takes our place in the second call; give as above."""
        names = ("call-id", "remote_tag", "local_tag")
        call_id, to_tag, from_tag = [await self._of_dialog(second, name) for name in names]
        replaces = f"{call_id}%3Bto-tag%3D{to_tag}%3Bfrom-tag%3D{from_tag}"
        return await self._refer(f"<sip:{number}@{self._pbx}?Replaces={replaces}>")

    async def _refer(self, refer_to: str) -> str:
        ami, phone = self._farm.ami, await self._farm.phone_of(self._listener)
        seen = len(ami.events)
        await ami.send("Setvar", Channel=phone, Variable="REFER_TO", Value=refer_to)
        await self._farm.send_on(phone, "transfer")
        return (await ami.wait_for(self._is_told, TOLD_SECONDS, seen))["Status"]

    async def _of_dialog(self, phone: str, name: str) -> str:
        answer = await self._farm.ami.send(
            "Getvar", Channel=phone, Variable=f"CHANNEL(pjsip,{name})"
        )
        return answer["Value"]

    def _is_told(self, event: Message) -> bool:
        return event.is_user_event("TransferTold", Listener=self._listener)
