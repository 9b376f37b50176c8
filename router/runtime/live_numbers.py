"""The numbers of the callers who are on the line now, should a fault cut them off."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from functools import partial

from router.ami.mirror import CallerLeg
from router.numbers.call_back import CallBackNumbers, NumberRefused, Refusal
from router.runtime.number_writer import NumberWriter
from router.runtime.wrap_ups import WRAP_UP_SECONDS, WrapUps
from router.store.kept_numbers import LIVE, Changes, LiveNumber, encode
from router.store.number_vault import NumberVault, SealedNumber


@dataclass
class HeldNumber:
    """What is kept of one caller. `number` comes in the writer's thread, before any later job."""

    line: str
    caller: str
    arrived: float
    number: SealedNumber | None = None
    answered: bool = False
    listener: str | None = None
    over_at: float | None = None
    typed: int = 0
    """At which try its caller has typed it; 0: it is what the call shows."""
    life: str | None = None

    def record(self, number: SealedNumber) -> LiveNumber:
        """Give what is stored of it."""
        return LiveNumber(
            self.line,
            self.caller,
            self.arrived,
            number,
            self.answered,
            self.listener,
            self.over_at,
            self.typed,
            self.life,
        )


class LiveNumbers:
    """Keeps each number, sealed, from a caller's arrival to the end of the call.

    After a talk that is until its listener has had the time to promise a call-back. `lines` are
    those that call back: of other lines' callers nothing is kept.
    """

    def __init__(
        self,
        vault: NumberVault,
        writer: NumberWriter,
        numbers: CallBackNumbers,
        clock: Callable[[], float],
    ) -> None:
        self.lines: Container[str] = frozenset()
        self.numbers = numbers
        self.life: Callable[[], str | None] = _unknown
        """Gives the word for the life of Asterisk's in which calls come in now."""
        self.wrap_ups = WrapUps(self._wrapped_up)
        self._clock = clock
        self._vault = vault
        self._writer = writer
        self._held: dict[str, HeldNumber] = {}
        self._over: dict[str, HeldNumber] = {}
        self._refused: dict[str, Refusal] = {}
        self._answered_early: dict[str, str | None] | None = {}
        """Calls that are answered while it is not known yet what is kept of them; None: it is."""

    def keep(self, call: str, leg: CallerLeg, number: str) -> None:
        """Keep the number that a call shows; once for each call, however often it is told."""
        known = call in self._held or call in self._refused
        if known or leg.caller is None or leg.line not in self.lines:
            return
        try:
            checked = self.numbers.check(number)
        except NumberRefused as refused:
            self._refused[call] = refused.reason
            return
        held = self._held[call] = HeldNumber(leg.line, leg.caller, leg.arrived, life=self.life())
        self._writer.add(lambda: self._seal(call, held, checked), _let_be)

    def take_up(self, call: str, kept: LiveNumber) -> None:
        """Hold a call again that an earlier daemon has left in the store."""
        self._held.setdefault(
            call,
            HeldNumber(
                kept.line,
                kept.caller,
                kept.arrived,
                kept.number,
                kept.answered,
                kept.listener,
                typed=kept.typed,
                life=kept.life,
            ),
        )

    def put(self, call: str, held: HeldNumber) -> None:
        """Hold this number of a caller instead of the one before, which is erased once it may."""
        before = self._held.get(call)
        if before is not None:
            held.answered, held.listener = before.answered, before.listener
            held.life = held.life or before.life
        self._held[call] = held
        self._writer.insist(lambda: self.row(call, self.of(call)), lambda: self._forget_key(before))

    def take_up_over(self, call: str, kept: LiveNumber) -> None:
        """Hold what an earlier daemon has left of a call that is over, for what is left of it."""
        now = self._clock()
        over_at = kept.over_at if kept.over_at is not None else now
        left_seconds = WRAP_UP_SECONDS - (now - over_at)
        held = HeldNumber(kept.line, kept.caller, kept.arrived, kept.number, over_at=over_at)
        if 0.0 < left_seconds <= WRAP_UP_SECONDS:
            self._over[call] = held
            self.wrap_ups.wait(call, left_seconds)
        else:
            self.erase(call, held)

    def calls(self) -> set[str]:
        """Name the calls that are held."""
        return set(self._held)

    def of(self, call: str) -> HeldNumber | None:
        """Give what is held of a call, or of one that is just over."""
        return self._held.get(call) or self._over.get(call)

    def chosen(self, call: str) -> int | None:
        """Say which number of a call it is to be called at: 0, shown; else, typed at which try."""
        held = self._held.get(call)
        return held.typed if held is not None else None

    def row(self, call: str, held: HeldNumber | None) -> Changes:
        """Give what the store is to hold of a call."""
        return {(LIVE, call): None} if held is None else _stored(call, held)

    def rows(self) -> Changes:
        """Give what the store is to hold of all of them."""
        rows: Changes = {}
        for call, held in (self._held | self._over).items():
            rows |= _stored(call, held)
        return rows

    def refusal(self, call: str) -> Refusal | None:
        """Say why the number of a call is not kept; None where that is not for its own sake."""
        return self._refused.get(call)

    def answered(self, call: str, listener: str | None) -> None:
        """Note with whom a caller talks."""
        held = self._held.get(call)
        if held is not None:
            held.answered, held.listener = True, listener
            self._writer.add(lambda: _stored(call, held), _let_be)
        elif self._answered_early is not None:
            self._answered_early[call] = listener

    def seen(self, calls: Iterable[str], life: str | None) -> None:
        """Note that Asterisk holds these calls, in this life of its own."""
        found = {call: self._held[call] for call in calls if call in self._held}
        for call, held in found.items() if life is not None else ():
            if held.life != life:
                held.life = life
                self._writer.add(partial(_stored, call, held), _let_be)

    def all_taken_up(self, talked: Iterable[str]) -> None:
        """Note who of those just taken up talks, or has talked before, as the journal tells.

        To be called once, when all that an earlier daemon has left is taken up.
        """
        early, self._answered_early = self._answered_early or {}, None
        for call, listener in (dict.fromkeys(talked) | early).items():
            self.answered(call, listener)

    def ended(self, call: str) -> None:
        """Let the number of a call go that is over."""
        self._refused.pop(call, None)
        held = self._held.pop(call, None)
        if held is not None:
            self.let_go(call, held)
        else:
            self.wrap_ups.forget([call])

    def let_go(self, call: str, held: HeldNumber) -> None:
        """Erase a number, but not before its listener can promise nothing any more."""
        if not self.wrap_ups.may_speak(call, if_unknown=held.listener is not None):
            self.wrap_ups.forget([call])
            self.erase(call, held)
            return
        held.over_at = self._clock()
        self._over[call] = held
        self._writer.add(lambda: _stored(call, held), _let_be)
        self.wrap_ups.wait(call, WRAP_UP_SECONDS)

    def erase(self, call: str, held: HeldNumber) -> None:
        """Erase a number that is held no more."""
        self._writer.insist(lambda: self._erase(call, held))

    def take_missing(self, seen: Container[str]) -> dict[str, HeldNumber]:
        """Give the calls that are not among those seen, and hold them no longer."""
        missing = {call: held for call, held in self._held.items() if call not in seen}
        for call in missing:
            del self._held[call]
        for call in [call for call in self._refused if call not in seen]:
            del self._refused[call]
        return missing

    def _wrapped_up(self, call: str) -> None:
        self.erase(call, self._over.pop(call))

    def _seal(self, call: str, held: HeldNumber, number: str) -> Changes:
        held.number = self._vault.seal(number)
        return _stored(call, held)

    def _forget_key(self, held: HeldNumber | None) -> None:
        if held is not None and held.number is not None:
            self._writer.insist(partial(self._erase_key, held.number.key))

    def _erase_key(self, key: str) -> Changes:
        self._vault.erase([key])
        return {}

    def _erase(self, call: str, held: HeldNumber) -> Changes:
        if held.number is not None:
            self._vault.erase([held.number.key])
        return {(LIVE, call): None}


def _stored(call: str, held: HeldNumber) -> Changes:
    return {} if held.number is None else {(LIVE, call): encode(held.record(held.number))}


def _unknown() -> None:
    """Stand in where nobody has asked Asterisk."""


def _let_be(_stored: bool) -> None:  # noqa: FBT001 - the writer's answer
    """Go on: the writer has told of its trouble, and tries again by itself."""
