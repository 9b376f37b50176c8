"""The scenes of promises and of those whom we call back."""

from __future__ import annotations

from collections.abc import Coroutine

from tests.simulations.pbx_scenes import Scenes, of_leg

ENDS_UNTAKEN = ("busy0101", "rejects0102", "nobody0199", "leaves0105", "0639980114")
"""Phones where a call-back soon ends with nobody taking it."""

VOICEMAIL_SECONDS = 30.0
PROMISED_SECONDS = 30.0
"""The words, twice, and what is left for the key."""


class CallBackScenes(Scenes):
    """What is rung here are callers' phones."""

    def of_call_backs(self) -> list[Coroutine[None, None, None]]:
        """Give the scenes."""
        return [
            self._is_called_back(),
            self._is_not_reached(),
            self._is_not_dialled_by_an_older_daemon(),
            self._is_never_there(),
            *(self._dial_in_vain(phone) for phone in ENDS_UNTAKEN),
            self._dial_in_vain("machine0106", VOICEMAIL_SECONDS),
            self._is_promised_it(),
            self._stays_once_it_is_promised(),
            self._is_not_promised_it("store", "0639980008"),
            self._is_not_promised_it("number_unknown", "0639980009"),
            self._chooses_it(),
        ]

    async def _is_called_back(self) -> None:
        offer, leg = await self._takes_a_call_back("calls0111"), "dcb-called-1"
        await self._list("calling", offer)
        await self._dial(leg, "0639980113")
        await self._wait(lambda e: e.is_user_event("DecrocheCallBack", Leg=leg))
        await self._wait(lambda _: self._waited(leg) == 1)
        await self._ask("called back", "Getvar", Variable="DECROCHE_ACK", Channel=leg)
        await self._join("called back", leg, offer)
        for one in (leg, offer):
            talk = {"Variable": "DECROCHE_TALK", "Value": "1", "Channel": one}
            await self._ask("called back", "Setvar", **talk)
        await self._list("called back", leg)
        waited = self._waited(leg)
        await self._is_cut("called back", offer)
        # Cut off, they are a caller like any other.
        await self._wait(lambda _: self._waited(leg) > waited)
        await self._is_cut("called back", leg)

    async def _is_not_dialled_by_an_older_daemon(self) -> None:
        await self._ask("fence", "Setvar", Variable="DECROCHE_EPOCH", Value="3")
        await self._dial("dcb-older-1", "0639980113", "2")
        await self._gone("dcb-older-1")

    async def _is_not_reached(self) -> None:
        offer = await self._takes_a_call_back("calls0112")
        await self._redirect("not reached", offer, "decroche-offer", "not_reached")
        await self._gone(offer)

    async def _is_never_there(self) -> None:
        await self._dial_in_vain("never0103", Timeout="1000")
        await self._dial("dcb-dropped-1", "never0103")
        await self._wait(lambda e: of_leg(e, "dcb-dropped-1", "Newstate"))
        await self._is_cut("dropped", "dcb-dropped-1")

    async def _is_promised_it(self) -> None:
        _, call = await self._arrive("0639980007")
        due = {"Variable": "DECROCHE_DUE", "Value": "decroche/hour-14", "Channel": call}
        await self._ask("promised", "Setvar", **due)
        await self._redirect("promised", call, "decroche-promise", "noted")
        await self._gone(call, PROMISED_SECONDS)

    async def _stays_once_it_is_promised(self) -> None:
        caller, call = await self._arrive("0639980011")
        await self._redirect("stays", call, "decroche-promise", "noted")
        await self._wait(lambda _: self._waited(call) == 1)
        await self._stage.press(caller, "1")
        await self._wait(lambda _: self._waited(call) == 1 + 1)
        await self._leaves(caller, call)

    async def _is_not_promised_it(self, why: str, number: str) -> None:
        caller, call = await self._arrive(number)
        await self._redirect(why, call, "decroche-promise", why)
        # Once before the words, and once in the hold loop that they lead to.
        await self._wait(lambda _: self._waited(call) == 1 + 1)
        await self._leaves(caller, call)

    async def _chooses_it(self) -> None:
        caller, call = await self._arrive("0639980010")
        busy = {"Variable": "DECROCHE_USUAL", "Value": "busy-call-back", "Channel": call}
        await self._ask("chooses", "Setvar", **busy)
        await self._redirect("chooses", call, "decroche-hold", "s")
        await self._wait(lambda _: self._waited(call) == 1)
        await self._stage.press(caller, "3")
        await self._wait(lambda e: e.is_user_event("DecrocheChoice", Call=call))
        await self._wait(lambda _: self._waited(call) == 1 + 1)
        await self._leaves(caller, call)

    async def _takes_a_call_back(self, phone: str) -> str:
        offer = f"dcr-{phone}"
        await self._originate(offer, f"PJSIP/{phone}@trunk", {"DECROCHE_CALL_BACK": "1"})
        await self._wait(lambda e: of_leg(e, offer, "BridgeEnter"))
        return offer

    async def _dial_in_vain(self, phone: str, seconds: float = 20.0, **fields: str) -> None:
        leg = f"dcb-{phone}-1"
        await self._dial(leg, phone, **fields)
        await self._gone(leg, seconds)

    async def _dial(self, leg: str, phone: str, epoch: str = "3", /, **fields: str) -> None:
        where = {"Context": "decroche-call-back", **fields}
        asked = {"DECROCHE_DIAL": f"PJSIP/{phone}@trunk", "DECROCHE_DIAL_EPOCH": epoch}
        await self._originate(leg, "Local/s@decroche-fence/n", asked, **where)
