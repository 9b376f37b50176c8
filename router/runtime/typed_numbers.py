"""The numbers that callers have typed, sealed, until one of them is what they are called at."""

from __future__ import annotations

import structlog

from router.ami.mirror import CallerLeg
from router.numbers.call_back import NumberRefused, Refusal
from router.observe.metrics import Metrics
from router.runtime.live_numbers import HeldNumber, LiveNumbers
from router.runtime.number_writer import NumberWriter
from router.store.kept_numbers import Changes
from router.store.number_vault import NumberVault

log = structlog.get_logger(__name__)


class TypedNumbers:
    """Holds them beside the numbers that calls show, for as long as these calls are on.

    What stands in a promise takes the place of what the call shows: to be owed a call after a fault
    of ours is to be owed it there.
    """

    def __init__(
        self, vault: NumberVault, writer: NumberWriter, live: LiveNumbers, metrics: Metrics
    ) -> None:
        self._vault = vault
        self._writer = writer
        self._live = live
        self._metrics = metrics
        self._held: dict[str, list[HeldNumber]] = {}

    def take(self, call: str, leg: CallerLeg, number: str, which_try: int) -> Refusal | None:
        """Hold what a caller has typed; or say why nobody is called back there."""
        if leg.line not in self._live.lines:
            return None
        try:
            checked = self._live.numbers.check(number)
        except NumberRefused as refused:
            return self._refuse(call, refused.reason)
        if leg.caller is None:
            return self._refuse(call, "not_a_number")
        life = self._live.life()
        held = HeldNumber(leg.line, leg.caller, leg.arrived, typed=which_try, life=life)
        self._held.setdefault(call, []).append(held)
        self._writer.add(lambda: self._seal(held, checked), _let_be)
        return None

    def of(self, call: str, caller: str) -> HeldNumber | None:
        """Give what was typed in a call, last, that has this hash."""
        held = reversed(self._held.get(call, ()))
        return next((one for one in held if one.caller == caller), None)

    def calls(self) -> set[str]:
        """Name the calls in which something was typed."""
        return set(self._held)

    def holds(self, call: str, held: HeldNumber) -> bool:
        """Say whether a number was typed in this call, which is still on."""
        return any(one is held for one in self._held.get(call, ()))

    def stands(self, call: str, held: HeldNumber) -> None:
        """Note that this is, on disk, the number to call at; nothing, if the call is over."""
        if self.holds(call, held):
            self._held[call].remove(held)
            self._live.put(call, held)

    def ended(self, call: str) -> None:
        """Erase what was typed in a call that is over."""
        typed = self._held.pop(call, [])
        if typed:
            self._writer.insist(lambda: self._erase(call, typed))

    def _seal(self, held: HeldNumber, number: str) -> Changes:
        held.number = self._vault.seal(number)
        return {}

    def _erase(self, call: str, typed: list[HeldNumber]) -> Changes:
        self._vault.erase(held.number.key for held in typed if held.number is not None)
        # A change that was on its way has put it in the place of what the call shows.
        return {} if self._live.of(call) is not None else self._live.row(call, None)

    def _refuse(self, call: str, reason: Refusal) -> Refusal:
        self._metrics.promises_not_noted.labels(reason).inc()
        log.info("typed_number_refused", call=call, reason=reason)
        return reason


def _let_be(_stored: bool) -> None:  # noqa: FBT001 - the writer's answer
    """Go on: what could not be sealed is found missing when it is to be noted."""
