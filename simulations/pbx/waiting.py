"""A caller's way as `inbound.conf`, `hold.conf` and `keys.conf` have it, until there is a human."""

from __future__ import annotations

from router.ami import contract
from router.ami.words import USUAL, WAIT, WORDS
from simulations.pbx.leg import UP, Leg, Place, Step
from simulations.pbx.steps import Steps
from simulations.pbx.words import SECONDS, play

TURN_SECONDS = 5.0
REASSURED_EVERY_TURNS = 4
CHOICE_SECONDS = 4.0
CODE_SECONDS = 3.0
AFTER_WORDS_SECONDS = 0.1
MOST_KEYS = 6
MOST_CODES = 3

BUSY_CALL_BACK = "busy-call-back"
"""Of a caller's usual listener, on a line that calls back."""
_CHOICES_ELSEWHERE = {"1": "wait", "2": "another"}
_CHOICES = {**_CHOICES_ELSEWHERE, "3": "call_back"}
"""By key: as what it is told."""

LINE_CONTEXT = "decroche-line"
KEYS_CONTEXT = "decroche-keys"
HOLD: Place = (contract.HOLD_CONTEXT, "s")
KEYS_TOLD: Place = (contract.HOLD_CONTEXT, "keys")
CHOICE: Place = (contract.HOLD_CONTEXT, "choice")
STALE: Place = (contract.FALLBACK_CONTEXT, "stale")
NOTED: Place = (KEYS_CONTEXT, "noted")


class Waiting:
    """The extensions that a caller goes through alone."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        hold = contract.HOLD_CONTEXT
        self.extensions: dict[Place, Step] = {
            (LINE_CONTEXT, "s"): self._line,
            KEYS_TOLD: self._say_keys,
            HOLD: self._hold,
            (hold, "join"): self._join,
            CHOICE: self._choice,
            (KEYS_CONTEXT, "pressed"): self._pressed,
            NOTED: _note,
        }

    async def _line(self, leg: Leg) -> Place:
        leg.priority = 3
        self._steps.exchange.change_state(leg, UP)
        self._steps.arrive(leg)
        leg.priority = 9
        self._steps.say_of_call(leg, "DecrocheArrived")
        if not self._steps.daemon_alive():
            leg.priority = 12
            await play(leg, "welcome-short")
            return STALE
        leg.priority = 15
        welcome = _first(f"welcome-{leg.variables[contract.LINE]}", "welcome")
        return await _ask(leg, welcome, "confidential") or KEYS_TOLD

    async def _say_keys(self, leg: Leg) -> Place:
        if not self._steps.daemon_alive():
            return STALE
        if leg.variables.get(USUAL):
            return CHOICE
        leg.priority = 4
        self._steps.say_of_call(leg, "DecrocheWaiting")
        leg.priority = 5
        return await _ask(leg, f"keys-{leg.variables[contract.LINE]}") or await self._look(leg)

    async def _hold(self, leg: Leg) -> Place:
        return await self._turn(leg) if self._steps.daemon_alive() else STALE

    async def _turn(self, leg: Leg) -> Place:
        if leg.variables.get(USUAL):
            return CHOICE
        leg.at(*HOLD, 4)
        self._steps.say_of_call(leg, "DecrocheWaiting")
        leg.priority = 6
        return await _ask(leg, seconds=TURN_SECONDS) or await self._look(leg)

    async def _look(self, leg: Leg) -> Place:
        leg.at(*HOLD, 9)
        if not self._steps.daemon_alive():
            return STALE
        if leg.variables.get(contract.ACK) != "1":
            return (contract.FALLBACK_CONTEXT, "unacknowledged")
        turn, words = _count(leg, "TURN"), leg.variables.get(WORDS, "")
        if words != leg.variables.get("HEARD", ""):
            leg.variables["HEARD"] = words
            said = _first(words, "reassurance")
        elif turn % REASSURED_EVERY_TURNS:
            return await self._turn(leg)
        else:
            said = _first(leg.variables.pop(WAIT, ""), words, "reassurance")
        leg.priority = 17
        return await _ask(leg, said) or HOLD

    async def _join(self, leg: Leg) -> Place:
        leg.variables[USUAL] = ""
        leg.priority = 4
        await self._steps.wait_in_bridge(leg, contract.JOIN_BRIDGE, "m(default)S(10)")
        if leg.variables.get(contract.TALK):
            leg.variables[contract.TALK] = ""
            leg.priority = 8
            self._steps.say_of_call(leg, "DecrocheWaiting")
            leg.priority = 9
            await play(leg, "cut-off")
        return await self._look(leg)

    async def _choice(self, leg: Leg) -> Place:
        calls_back, leg.variables[USUAL] = leg.variables[USUAL] == BUSY_CALL_BACK, ""
        self._steps.say_of_call(leg, "DecrocheWaiting")
        leg.priority = 7 if calls_back else 4
        words = "choice-call-back" if calls_back else "choice"
        await _ask(leg, words, seconds=CHOICE_SECONDS)
        choices = _CHOICES if calls_back else _CHOICES_ELSEWHERE
        chosen = choices.get(leg.variables["KEY"])
        if chosen is None:
            return HOLD if "TURN" in leg.variables else KEYS_TOLD
        leg.priority = 16
        self._steps.say_keyed(leg, "DecrocheChoice", [("Choice", chosen)])
        leg.priority = 17
        return await _note(leg)

    async def _pressed(self, leg: Leg) -> Place:
        if _count(leg, "PRESSED") > MOST_KEYS:
            return await self._look(leg)
        leg.variables[USUAL] = ""
        key = leg.variables["KEY"].removesuffix("#")
        leg.at(KEYS_CONTEXT, f"key{key}", 1)
        if key == "*":
            await self._read_code(leg)
        if not key.isdecimal():
            return NOTED
        self._steps.say_keyed(leg, "DecrocheKey", [("Key", key)])
        leg.priority = 2
        return await _note(leg)

    async def _read_code(self, leg: Leg) -> None:
        leg.run("Read", "DECROCHE_CODE,,4,,1,3")
        code = await leg.read(CODE_SECONDS)
        if _count(leg, "CODES") <= MOST_CODES:
            leg.priority = 4
            self._steps.say_keyed(leg, "DecrocheCode", [("Code", code)])


def _first(*names: str) -> str:
    """Give the first of these prompts that there is; the last one is there."""
    return next((name for name in names if name in SECONDS), names[-1])


async def _ask(leg: Leg, *words: str, seconds: float = AFTER_WORDS_SECONDS) -> Place | None:
    """Say these, and give where a key leads that is pressed meanwhile or soon after."""
    said = "&".join(f"decroche/{word}" for word in words)
    leg.run("Read", f"DECROCHE_KEY,{said},1,,1,{seconds:g}")
    leg.variables["KEY"] = await leg.read(sum(SECONDS[word] for word in words) + seconds)
    return (KEYS_CONTEXT, "pressed") if leg.variables["KEY"] else None


async def _note(leg: Leg) -> Place:
    await play(leg, "noted")
    return HOLD


def _count(leg: Leg, name: str) -> int:
    count = int(leg.variables.get(name, "0")) + 1
    leg.variables[name] = str(count)
    return count
