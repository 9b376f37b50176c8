"""What happens to some calls, scene by scene, and what a manager hears of it on one stage."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from tests.simulations.pbx_heard import ERRORS, Heard, header_names, values
from tests.simulations.pbx_stages import Stage
from tests.testbed.ami import Ami, AmiRefusedError, Message, connected

DEADLINE_SECONDS = 20.0
BEAT_EVERY_SECONDS = 2.0
WAITED_TIMES = 3
"""How often a caller is said to wait, in a hold of more than one turn and after a talk."""


class Script:
    """Plays the scenes on a stage, all at the same time."""

    def __init__(self, stage: Stage, ami: Ami) -> None:
        self.heard = Heard()
        self._stage = stage
        self._ami = ami
        self._names: dict[str, str] = {}

    async def play(self) -> None:
        await self._beat()
        beating = asyncio.create_task(self._go_on_beating())
        scenes = [
            self._errors(),
            self._rings_that_fail(),
            self._ring("declines0104"),
            self._ring("leaves0105"),
            self._ring("machine0106"),
            self._a_talk(),
            self._a_listener_drops(),
            self._no_longer_needed(),
            self._the_fallback(),
            self._nobody_acknowledges(),
            self._a_menu(),
            self._a_caller_presses_keys(),
        ]
        try:
            await asyncio.gather(*scenes)
        finally:
            beating.cancel()
        self._collect()

    async def _beat(self) -> None:
        await self._ami.send("Setvar", Variable="DECROCHE_BEAT", Value=str(int(time.time())))

    async def _go_on_beating(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            turn = asyncio.Event()
            loop.call_later(BEAT_EVERY_SECONDS, turn.set)
            await turn.wait()
            await self._beat()

    async def _errors(self) -> None:
        for action, fields in ERRORS:
            await self._ask("errors", action, **fields)
        for action in ("Ping", "CoreSettings"):
            await self._ask("answers", action)

    async def _rings_that_fail(self) -> None:
        for phone in ("busy0101", "rejects0102", "nobody0199"):
            await self._ring(phone)
        for offer, endpoint in {"dcr-away": "PJSIP/a@nowhere", "dcr-strange": "FOO/a"}.items():
            await self._originate(offer, endpoint)
            await self._wait(lambda e, o=offer: _answers(e, o))  # type: ignore[misc]
        await self._ring("never0103", Timeout="1000")
        await self._originate("dcr-cut", "PJSIP/never0103@trunk")
        await self._wait(lambda e: _of(e, "dcr-cut", "Newstate"))
        await self._list("ringing", "dcr-cut")
        await self._ask("ringing", "Hangup", Channel="dcr-cut")
        await self._gone("dcr-cut")

    async def _a_talk(self) -> None:
        caller, call = await self._arrive("0639980001")
        offer = await self._accepted("answers0107")
        await self._list("welcome", call, offer)
        await self._join("talk", call, offer)
        for variable in ("DECROCHE_PASS", "NOBODY_SET_IT"):
            await self._ask("talk", "Getvar", Variable=variable, Channel=call)
        for leg in (call, offer):
            talk = {"Variable": "DECROCHE_TALK", "Value": "1", "Channel": leg}
            await self._ask("talk", "Setvar", **talk)
        await self._list("talking", call, offer)
        await self._stage.hears(caller)
        await self._stage.hang_up(caller)
        await self._gone(offer)

    async def _a_listener_drops(self) -> None:
        caller, call = await self._arrive("0639980002")
        await self._redirect("drops", call, "decroche-hold", "s")
        # One turn of the hold loop passes.
        await self._wait(lambda _: self._waited(call) == WAITED_TIMES - 1)
        offer = await self._accepted("drops0108")
        await self._join("drops", call, offer)
        for leg in (call, offer):
            talk = {"Variable": "DECROCHE_TALK", "Value": "1", "Channel": leg}
            await self._ask("drops", "Setvar", **talk)
        await self._gone(offer)
        # Once as the hold began, once for its second turn, and now for the talk that was cut off.
        await self._wait(lambda _: self._waited(call) == WAITED_TIMES)
        await self._stage.hang_up(caller)
        await self._gone(call)

    def _waited(self, call: str) -> int:
        return sum(e.is_user_event("DecrocheWaiting", Call=call) for e in self._ami.events)

    async def _no_longer_needed(self) -> None:
        offer = await self._accepted("taken0109")
        await self._redirect("taken", offer, "decroche-offer", "taken")
        await self._gone(offer)
        offer = await self._accepted("cut0110")
        await self._ask("cut", "Hangup", Channel=offer)
        await self._gone(offer)

    async def _the_fallback(self) -> None:
        caller, call = await self._arrive("0639980003")
        await self._redirect("fallback", call, "decroche-fallback", "asked")
        answered = await self._wait(
            lambda e: e.is_user_event("DecrocheFallbackAnswered", Call=call)
        )
        self.heard.answers["fallback answered"] = [(answered["Context"], answered["UserEvent"])]
        await self._wait(lambda e: e.is_user_event("DecrocheWaiting", Call=call))
        await self._stage.hang_up(caller)
        await self._gone(call)

    async def _nobody_acknowledges(self) -> None:
        caller, call = await self._arrive("0639980004", acknowledged=False)
        await self._redirect("unacknowledged", call, "decroche-hold", "s")
        await self._wait(lambda e: e.is_user_event("DecrocheFallback", Call=call))
        await self._stage.hang_up(caller)
        await self._gone(call)

    async def _a_caller_presses_keys(self) -> None:
        caller, call = await self._arrive("0639980006")
        pressed = ["2", "*4821", "#", "*482#", "0", "*", "7"]
        for times, keys in enumerate(pressed, 1):
            await self._stage.press(caller, keys)
            await self._wait(lambda _, n=times: self._waited(call) == n)  # type: ignore[misc]
        for keys in ("1", "2"):
            times = self._waited(call) + 1
            busy = {"Variable": "DECROCHE_USUAL", "Value": "busy", "Channel": call}
            await self._ask("choice", "Setvar", **busy)
            await self._wait(lambda _, n=times: self._waited(call) == n)  # type: ignore[misc]
            await self._stage.press(caller, keys)
            await self._wait(lambda _, n=times + 1: self._waited(call) == n)  # type: ignore[misc]
        await self._stage.hang_up(caller)
        await self._gone(call)

    async def _a_menu(self) -> None:
        number = "0639980005"
        caller = await self._stage.call_menu(number)
        menu = await self._log_in(caller, number, "4321")
        await self._list("menu", menu)
        await self._redirect("menu", menu, "decroche-menu", "ready")
        await self._stage.key(caller, "menu-choice", "2")
        await self._chosen(number, Choice="pause")
        await self._redirect("menu", menu, "decroche-menu", "refused")
        await self._log_in(caller, number, "9999")
        await self._redirect("menu", menu, "decroche-menu", "unavailable")
        await self._stage.key(caller, "menu-choice", "7")
        await self._stage.key(caller, "menu-choice", "3")
        await self._chosen(number, Choice="off")
        await self._redirect("menu", menu, "decroche-menu", "goodbye")
        await self._gone(menu)

    async def _log_in(self, caller: str, number: str, pin: str) -> str:
        await self._stage.key(caller, "menu-number", "0101#")
        await self._stage.key(caller, "menu-pin", f"{pin}#")
        await self._stage.key(caller, "menu-choice", "1")
        menu = await self._chosen(number, Choice="ready", Pin=pin)
        self._names[menu] = "menu"
        return menu

    async def _chosen(self, number: str, **keyed: str) -> str:
        asked = await self._wait(
            lambda e: e.is_user_event("DecrocheMenu", CallerIDNum=number, **keyed)
        )
        return asked["Call"]

    async def _arrive(self, number: str, *, acknowledged: bool = True) -> tuple[str, str]:
        caller = await self._stage.call(number)
        arrived = await self._wait(lambda e: e.is_user_event("DecrocheArrived", CallerIDNum=number))
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
        await self._wait(lambda e: _of(e, offer, "BridgeEnter"))
        return offer

    async def _join(self, scene: str, call: str, offer: str) -> None:
        await self._redirect(scene, call, "decroche-hold", "join")
        await self._wait(
            lambda e: _of(e, call, "BridgeEnter") and e["BridgeName"] == "decroche-join"
        )
        await self._ask(scene, "Bridge", Channel1=call, Channel2=offer, Tone="no")
        await self._wait(
            lambda e: _of(e, offer, "BridgeEnter") and e["BridgeTechnology"] != "holding_bridge"
        )

    async def _redirect(self, scene: str, leg: str, context: str, exten: str) -> None:
        where = {"Context": context, "Exten": exten, "Priority": "1"}
        await self._ask(scene, "Redirect", Channel=leg, **where)

    async def _originate(self, offer: str, endpoint: str, **fields: str) -> None:
        self._names[offer] = offer
        where = {"Context": "decroche-offer", "Exten": "s", "Priority": "1", "Timeout": "25000"}
        who = {"Channel": endpoint, "ChannelId": offer, "CallerID": "0805232336"}
        variables = {"DECROCHE_LINE": "health", "DECROCHE_KNOWN": "0"}
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

    async def _gone(self, leg: str) -> None:
        await self._wait(lambda e: _of(e, leg, "Hangup"))

    async def _wait(self, predicate: Callable[[Message], bool]) -> Message:
        return await self._ami.wait_for(predicate, DEADLINE_SECONDS)

    def _collect(self) -> None:
        for event in self._ami.events:
            leg = self._names.get(event["Uniqueid"])
            if leg is None or event["Event"].startswith("CoreShowChannel"):
                continue
            # An OriginateResponse is told by another of Asterisk's threads: when, is by chance.
            story = f"{leg}: response" if event["Event"] == "OriginateResponse" else leg
            said = (event["Event"], header_names(event), values(event))
            self.heard.legs.setdefault(story, []).append(said)


async def play(stage: Stage) -> Heard:
    """Play the script with a manager's session of its own."""
    async with connected(stage.account) as ami:
        script = Script(stage, ami)
        await script.play()
        return script.heard


def _of(event: Message, leg: str, name: str) -> bool:
    return event.has(Event=name, Uniqueid=leg)


def _answers(event: Message, offer: str) -> bool:
    return _of(event, offer, "OriginateResponse")
