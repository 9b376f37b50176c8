"""Whom we have called back: the number that was rung, and what they have typed on that leg.

No outcome is reported of such a leg: what is held of it goes with the leg, or with the promise.
"""

from __future__ import annotations

from collections.abc import Collection, Container, MutableMapping

from router.ami.mirror import is_call_back
from router.runtime.live_numbers import HeldNumber, LiveNumbers
from router.runtime.typed_numbers import TypedNumbers
from router.runtime.wrap_ups import promise_of
from router.store.kept_numbers import OwedNumber


class CalledBack:
    """Holds no number by itself. `owed` are the promises of the desk."""

    def __init__(
        self, live: LiveNumbers, typed: TypedNumbers, owed: MutableMapping[str, OwedNumber]
    ) -> None:
        self._live = live
        self._typed = typed
        self._owed = owed
        self._kept_by: dict[str, str] = {}
        """The listener who talks with whom a promise is owed to."""

    def kept(self, promise: str, listener: str) -> None:
        """Note who talks with whom this promise is owed to."""
        self._kept_by[promise] = listener

    def number_on(self, leg: str) -> HeldNumber | None:
        """Give the number at which somebody was called back, who now talks with a listener."""
        promise = promise_of(leg) if is_call_back(leg) else ""
        owed, listener = self._owed.get(promise), self._kept_by.get(promise)
        if owed is None or listener is None:
            return None
        return HeldNumber(owed.line, owed.caller, owed.place_at, owed.number, listener=listener)

    def left(self, leg: str) -> None:
        """Let go what was typed on a leg that is over."""
        if leg in self._live.calls():
            self._live.ended(leg)
        self._typed.ended(leg)

    def keep_only(self, there: Container[str]) -> None:
        """Let go of the legs that Asterisk does not hold: the promise itself says who is owed."""
        for leg in self._legs():
            if leg not in there:
                self.left(leg)

    def close(self, promise: str) -> Collection[str]:
        """Let a promise's number go, and what was typed on its legs; name the keys to be erased.

        A number that a listener may yet have called again stays for as long.
        """
        leg = self._live.wrap_ups.call_back_of(promise) or ""
        held = self.number_on(leg)
        self._kept_by.pop(promise, None)
        owed = self._owed.pop(promise, None)
        for one in self._legs():
            if promise_of(one) == promise:
                self.left(one)
        if self._live.of(leg) is not None:
            # Typed on this very leg, it is the same number under a key of its own.
            held = None
        elif held is not None:
            self._live.let_go(leg, held)
        else:
            self._live.wrap_ups.forget([leg])
        return [owed.number.key] if owed is not None and held is None else []

    def _legs(self) -> list[str]:
        held = {*self._live.calls(), *self._typed.calls()}
        return [one for one in held if is_call_back(one)]
