"""The scenes of talks that no daemon sees: nobody sets DECROCHE_TALK on their legs."""

from __future__ import annotations

from collections.abc import Coroutine

from tests.simulations.pbx_call_backs import CallBackScenes


class UnseenScenes(CallBackScenes):
    """Each leaves a mark, and its legs go on as after any talk, if they know of it."""

    def of_unseen_talks(self) -> list[Coroutine[None, None, None]]:
        """Give the scenes."""
        return [self._nobody_sees_a_talk(), self._nobody_sees_one_with_who_is_called_back()]

    async def _nobody_sees_a_talk(self) -> None:
        caller, call = await self._arrive("0639980014")
        offer = await self._accepted("unseen0115")
        await self._shows(offer, call)
        await self._join("unseen", call, offer)
        await self._stage.hears(caller)
        await self._stage.hang_up(caller)
        await self._gone(offer)
        await self._is_marked(call)

    async def _nobody_sees_one_with_who_is_called_back(self) -> None:
        offer, leg = await self._takes_a_call_back("unseen0116"), "dcb-unseen-1"
        await self._dial(leg, "0639980117")
        await self._wait(lambda _: self._waited(leg) == 1)
        await self._shows(offer, leg)
        await self._join("unseen", leg, offer)
        await self._is_cut("unseen", offer)
        await self._wait(lambda _: self._waited(leg) > 1)
        await self._is_cut("unseen", leg)
        await self._is_marked(leg)

    async def _shows(self, offer: str, call: str) -> None:
        shown = {"Variable": "DECROCHE_PASS", "Value": f"anne/{call}", "Channel": offer}
        await self._ask("unseen", "Setvar", **shown)

    async def _is_marked(self, leg: str) -> None:
        told = await self._ami.send("Getvar", Variable="DECROCHE_TALKED")
        times = told["Value"].split("&").count(leg)
        self.heard.answers[f"marked: {self._names[leg]}"] = [(times,)]
