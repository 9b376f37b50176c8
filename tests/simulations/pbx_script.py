"""What happens to some calls, scene by scene, and what a manager hears of it on one stage."""

from __future__ import annotations

import asyncio
import time

from tests.simulations.pbx_heard import ERRORS, Heard
from tests.simulations.pbx_scenes import answers, of_leg
from tests.simulations.pbx_stages import Stage
from tests.simulations.pbx_unseen import UnseenScenes
from tests.testbed.ami import connected

BEAT_EVERY_SECONDS = 2.0
WAITED_TIMES = 3
"""How often a caller is said to wait, in a hold of more than one turn and after a talk."""


class Script(UnseenScenes):
    """Plays the scenes on a stage, many at the same time."""

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
            # Apart: a machine with so many calls at once no longer hears every key.
            await asyncio.gather(*self.of_call_backs(), *self.of_unseen_talks())
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
            await self._wait(lambda e, o=offer: answers(e, o))  # type: ignore[misc]
        await self._ring("never0103", Timeout="1000")
        await self._originate("dcr-cut", "PJSIP/never0103@trunk")
        await self._wait(lambda e: of_leg(e, "dcr-cut", "Newstate"))
        await self._list("ringing", "dcr-cut")
        await self._is_cut("ringing", "dcr-cut")

    async def _a_talk(self) -> None:
        caller, call = await self._arrive("0639980001")
        offer = await self._accepted("answers0107")
        await self._list("welcome", call, offer)
        await self._join("talk", call, offer)
        for variable in ("DECROCHE_PASS", "NOBODY_SET_IT"):
            await self._ask("talk", "Getvar", Variable=variable, Channel=call)
        for leg in (call, offer):
            where = await self._ami.send("Getvar", Variable="EXTEN", Channel=leg)
            self.heard.answers[f"where: {self._names[leg]}"] = [(where["Value"],)]
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
        await self._wait(lambda _: self._waited(call) > 0)
        offer = await self._accepted("drops0108")
        # One turn of the hold loop passes, and they are joined well before the next one.
        await self._wait(lambda _: self._waited(call) == WAITED_TIMES - 1)
        await self._join("drops", call, offer)
        for leg in (call, offer):
            talk = {"Variable": "DECROCHE_TALK", "Value": "1", "Channel": leg}
            await self._ask("drops", "Setvar", **talk)
        await self._gone(offer)
        # Once as the hold began, once for its second turn, and now for the talk that was cut off.
        await self._wait(lambda _: self._waited(call) == WAITED_TIMES)
        await self._leaves(caller, call)

    async def _no_longer_needed(self) -> None:
        offer = await self._accepted("taken0109")
        await self._redirect("taken", offer, "decroche-offer", "taken")
        await self._gone(offer)
        offer = await self._accepted("cut0110")
        await self._is_cut("cut", offer)

    async def _the_fallback(self) -> None:
        caller, call = await self._arrive("0639980003")
        await self._redirect("fallback", call, "decroche-fallback", "asked")
        answered = await self._wait(
            lambda e: e.is_user_event("DecrocheFallbackAnswered", Call=call)
        )
        self.heard.answers["fallback answered"] = [(answered["Context"], answered["UserEvent"])]
        await self._wait(lambda e: e.is_user_event("DecrocheWaiting", Call=call))
        await self._leaves(caller, call)

    async def _nobody_acknowledges(self) -> None:
        caller, call = await self._arrive("0639980004", acknowledged=False)
        await self._redirect("unacknowledged", call, "decroche-hold", "s")
        await self._wait(lambda e: e.is_user_event("DecrocheFallback", Call=call))
        await self._leaves(caller, call)

    async def _a_caller_presses_keys(self) -> None:
        caller, call = await self._arrive("0639980006")
        await self._stage.rests(call)
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
        await self._leaves(caller, call)

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


async def play(stage: Stage) -> Heard:
    """Play the script with a manager's session of its own."""
    async with connected(stage.account) as ami:
        script = Script(stage, ami)
        await script.play()
        return script.heard
