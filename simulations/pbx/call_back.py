"""Being called back, as `call-back.conf` and `number.conf` have it: who is rung, who is promised.

Nobody here types a number.
"""

from __future__ import annotations

from router.ami import contract
from simulations.pbx.leg import Leg, Place, Step
from simulations.pbx.steps import Steps
from simulations.pbx.waiting import HOLD, STALE
from simulations.pbx.words import SECONDS, play

CALLED: Place = (contract.CALL_BACK_CONTEXT, "s")
TAKEN: Place = (contract.CALL_BACK_CONTEXT, "taken")
NOBODY: Place = (contract.CALL_BACK_CONTEXT, "T")
NUMBER_CONTEXT = "decroche-number"
NO_NUMBERS = {
    "number_unknown": "no-number",
    "not_a_number": "number-wrong",
    "emergency": "number-emergency",
    "short": "number-short",
    "premium": "number-premium",
    "own_line": "number-own",
    "international": "number-abroad",
}
"""Why no number is noted, and the words that say so."""

TIMES = 2
"""How often the words are said to who is rung."""
KEY_SECONDS = 3.0
"""After them, each time."""
STAY_SECONDS = 4.0
"""For a key of who has heard that it is noted."""
TYPE_SECONDS = 5.0
"""For the first digit of a number."""
SAID_SECONDS = 1.2
"""For each of the prompts that say a time of day."""
NUMBER_SECONDS = 10.0
"""For the number, digit by digit."""


class CallBack:
    """The extensions of somebody who is rung, and of callers who ask to be."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        promise = contract.PROMISE_CONTEXT
        self.extensions: dict[Place, Step] = {
            CALLED: self._called,
            TAKEN: self._taken,
            NOBODY: self._nobody,
            (promise, "noted"): self._noted,
            (promise, "store"): self._not_noted,
            **{(promise, why): self._again(words) for why, words in NO_NUMBERS.items()},
        }

    async def _called(self, leg: Leg) -> Place | None:
        leg.priority = 5
        leg.run("Read", "DECROCHE_KEY,decroche/call-back,1,,2,3")
        key = await leg.rest(TIMES * (SECONDS["call-back"] + KEY_SECONDS))
        if key == "1":
            return TAKEN
        if not key:
            return NOBODY
        leg.priority = 9
        self._steps.say_of_dialled(leg, "declined")
        leg.priority = 10
        await play(leg, "goodbye")
        leg.priority = 11
        return None

    async def _nobody(self, leg: Leg) -> None:
        self._steps.say_of_dialled(leg, "no_key")
        leg.priority = 2

    async def _taken(self, leg: Leg) -> Place:
        leg.variables[contract.ACK] = "1"
        self._steps.arrive(leg)
        leg.priority = 6
        line, arrived = leg.variables[contract.LINE], leg.variables["ARRIVED"]
        self._steps.say_of_dialled(leg, "taken", [("Line", line), ("Arrived", arrived)])
        return HOLD

    async def _noted(self, leg: Leg) -> Place | None:
        leg.priority = 2
        self._steps.say_of_call(leg, "DecrocheWaiting")
        leg.priority = 5
        due = leg.variables.get(contract.DUE, "")
        leg.run("Read", f"DECROCHE_KEY,decroche/promised&{due},1,,1,4")
        said = sum(SECONDS[word] for word in ("promised", "promised-change", "promised-stay"))
        said += SAID_SECONDS * due.count("decroche/")
        said += NUMBER_SECONDS if leg.variables.get(contract.AT) else 0.0
        if await leg.read(said + STAY_SECONDS):
            return HOLD
        leg.priority = 8
        await play(leg, "goodbye")
        leg.priority = 9
        return None

    async def _not_noted(self, leg: Leg) -> Place:
        leg.priority = 2
        self._steps.say_of_call(leg, "DecrocheWaiting")
        leg.priority = 3
        await play(leg, "not-promised")
        if leg.variables.get(contract.DUE):
            leg.priority = 5
            await play(leg, "number-kept")
        return HOLD

    def _again(self, why: str) -> Step:
        async def again(leg: Leg) -> Place:
            leg.at(NUMBER_CONTEXT, "again", 2)
            self._steps.say_of_call(leg, "DecrocheWaiting")
            leg.at(NUMBER_CONTEXT, "type", 1)
            if not self._steps.daemon_alive():
                return STALE
            leg.priority = 3
            words = f"decroche/{why}&decroche/number-again"
            leg.run("Read", f"DECROCHE_TYPED,{words},15,,1,5")
            await leg.read(SECONDS[why] + SECONDS["number-again"] + TYPE_SECONDS)
            return HOLD

        return again
