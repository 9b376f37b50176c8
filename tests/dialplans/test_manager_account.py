"""The daemon's account, as config/manager.conf gives it: enough, and no more."""

from __future__ import annotations

import asyncio

import pytest

from tests.dialplans.places import HEALTH_NUMBER, SOON_SECONDS
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Ami, AmiRefusedError, Message
from tests.testbed.rest import at_rest

EVENTS_OF_THE_DAEMON = {
    "BridgeEnter",
    "BridgeLeave",
    "FullyBooted",
    "Hangup",
    "Newchannel",
    "Newstate",
    "OriginateResponse",
    "Shutdown",
    "UserEvent",
}
HOLD_SECONDS = 10.0


def test_the_daemon_sees_a_whole_route_and_only_the_events_it_reads(bed: Testbed) -> None:
    async def scene() -> None:
        async with bed.farm() as farm, bed.manager() as ami, bed.watch() as watch:
            await farm.listener("0199000101", behaviour.answers())
            caller = await farm.call(HEALTH_NUMBER, "0639980001")
            arrived = await ami.wait_for(
                lambda event: event.is_user_event("DecrocheArrived"), SOON_SECONDS
            )
            call = arrived["Call"]
            await ami.send("Setvar", Channel=call, Variable="DECROCHE_ACK", Value="1")
            await at_rest(watch, call)
            await ami.send("Redirect", Channel=arrived["Channel"], **place("hold", "join"))
            await originate(ami, "dcr-account")
            await holds(ami, call, "decroche-join")
            await holds(ami, "dcr-account", "decroche-accepted")
            channels = await ami.list_of("CoreShowChannels")
            names = {channel["Uniqueid"]: channel["Channel"] for channel in channels}
            assert names.keys() == {call, "dcr-account"}
            bridges = await ami.list_of("BridgeList")
            assert {bridge["BridgeTechnology"] for bridge in bridges} == {"holding_bridge"}
            assert {"decroche-join", "decroche-accepted"} <= {
                bridge["BridgeName"] for bridge in bridges
            }
            legs = {"Channel1": names[call], "Channel2": names["dcr-account"]}
            await ami.send("Bridge", Tone="no", **legs)
            assert await farm.took("0199000101", SOON_SECONDS) == caller
            await farm.hang_up(caller)
            await ami.wait_for(lambda e: e.has(Event="Hangup", Uniqueid=call), SOON_SECONDS)
            bed.pbx.stop()
            await ami.wait_for(lambda e: e["Event"] == "Shutdown", SOON_SECONDS)
            assert {event["Event"] for event in ami.events if not answers_a_list(event)} == (
                EVENTS_OF_THE_DAEMON
            )

    try:
        asyncio.run(scene())
    finally:
        bed.pbx.restart()


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("Command", {"Command": "core show channels"}),
        ("DBPut", {"Family": "a", "Key": "b", "Val": "c"}),
        ("UpdateConfig", {"SrcFilename": "manager.conf", "DstFilename": "manager.conf"}),
        ("ModuleLoad", {"LoadType": "reload"}),
        ("Originate", {"Channel": "Local/s@none", "Application": "System", "Data": "true"}),
    ],
)
def test_the_daemons_account_cannot(bed: Testbed, action: str, fields: dict[str, str]) -> None:
    async def scene() -> None:
        async with bed.manager() as ami:
            with pytest.raises(AmiRefusedError):
                await ami.send(action, None, **fields)

    asyncio.run(scene())


async def originate(ami: Ami, offer: str) -> None:
    variables = {"DECROCHE_LINE": "health", "DECROCHE_KNOWN": "0"}
    leg = {"Channel": "PJSIP/0199000101@trunk", "ChannelId": offer, "Async": "true"}
    await ami.send("Originate", variables, **leg, **place("offer", "s"))


async def holds(ami: Ami, leg: str, bridge: str) -> None:
    await ami.wait_for(
        lambda event: event.has(
            Event="BridgeEnter",
            Uniqueid=leg,
            BridgeTechnology="holding_bridge",
            BridgeName=bridge,
        ),
        HOLD_SECONDS,
    )


def place(context: str, extension: str) -> dict[str, str]:
    return {"Context": f"decroche-{context}", "Exten": extension, "Priority": "1"}


def answers_a_list(event: Message) -> bool:
    return event["ActionID"] != "" and event["Event"] != "OriginateResponse"
