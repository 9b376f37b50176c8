"""Which calls end differently, and why."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from router.core.policy import Policy
from simulations.replay.past import Past, PastCall
from simulations.replay.rerun import Rerun, Ring
from simulations.replay.restep import Ended

SAME_WAIT_SECONDS = 1.0
"""A wait that differs by less is the same to the caller."""


class Change(Struct, frozen=True):
    """A call that ends otherwise."""

    call: str
    line: str
    arrived: float
    then: Ended
    now: Ended
    why: str
    doubtful: bool = False
    """It ends otherwise under its own rules too, when it is replayed: that is our own error."""


def is_same(then: Ended, now: Ended) -> bool:
    """Say whether a caller met the same: the outcome, the listener, and the wait."""
    same_wait = abs(then.waited_seconds - now.waited_seconds) <= SAME_WAIT_SECONDS
    return (then.outcome, then.listener) == (now.outcome, now.listener) and same_wait


def differing(then: Mapping[str, Ended], now: Mapping[str, Ended]) -> list[str]:
    """Name the calls that both tell of and that end otherwise, in their order."""
    return [name for name, one in then.items() if name in now and not is_same(one, now[name])]


def changes(
    past: Past, then: Mapping[str, Ended], rerun: Rerun, policy: Policy, doubtful: set[str]
) -> list[Change]:
    """Give the calls that end otherwise in a rerun, the most hurt first."""
    now = rerun.ended
    reasons = Reasons(past, rerun, policy)
    found = [
        Change(
            call=name,
            line=past.calls[name].line,
            arrived=past.calls[name].arrived,
            then=then[name],
            now=now[name],
            why=reasons.why(past.calls[name], then[name], now[name]),
            doubtful=name in doubtful,
        )
        for name in differing(then, now)
    ]
    return sorted(found, key=_least_hurt)


def plain_changes(past: Past, then: Mapping[str, Ended], now: Mapping[str, Ended]) -> list[Change]:
    """Give the calls of which the engine, told the same, reports another end than the people do."""
    why = "the engine could not take all that it was told of this call"
    found = [
        Change(name, past.calls[name].line, past.calls[name].arrived, then[name], now[name], why)
        for name in differing(then, now)
    ]
    return sorted(found, key=_least_hurt)


def _least_hurt(change: Change) -> tuple[int, float]:
    """Lost now, then waiting longer, then somebody else's, then waiting less, then saved."""
    then, now = change.then, change.now
    longer_seconds = now.waited_seconds - then.waited_seconds
    if then.picked_up != now.picked_up:
        grade = 0 if then.picked_up else 4
    elif abs(longer_seconds) <= SAME_WAIT_SECONDS or not now.picked_up:
        grade = 2
    else:
        grade = 1 if longer_seconds > 0 else 3
    return grade, -longer_seconds


class Reasons:
    """Says in a line why a call ends otherwise, where that is plain."""

    def __init__(self, past: Past, rerun: Rerun, policy: Policy) -> None:
        self._policy = policy
        self._then: dict[str, list[tuple[str, float]]] = {}
        for ring in past.rings:
            self._then.setdefault(ring.call, []).append((ring.listener, ring.at))
        self._now: dict[str, list[Ring]] = {}
        self._of_listener: dict[str, list[Ring]] = {}
        for made in rerun.rings:
            self._now.setdefault(made.call, []).append(made)
            self._of_listener.setdefault(made.listener, []).append(made)

    def why(self, call: PastCall, then: Ended, now: Ended) -> str:
        """Give the reason."""
        if call.line not in self._policy.lines:
            return "the rules have no such line: anybody may be asked"
        if not now.picked_up:
            return self._why_not(call, then, now)
        if then.listener is not None and then.listener != now.listener:
            return self._why_another(call, then.listener)
        if not then.picked_up:
            return f"taken at ring {now.offers}" if now.listener else "the fallback group was asked"
        return f"{now.offers} rings instead of {then.offers}"

    def _why_not(self, call: PastCall, then: Ended, now: Ended) -> str:
        if now.offers:
            return f"{now.offers} rings, and nobody took it in time"
        missed = self._missing(call, then.listener) if then.listener is not None else None
        return missed or "nobody who may be asked was free"

    def _why_another(self, call: PastCall, listener: str) -> str:
        missing = self._missing(call, listener)
        if missing is not None:
            return missing
        rung = {ring.listener for ring in self._now.get(call.name, ())}
        return f"{listener} was {'not first' if listener in rung else 'not asked'}"

    def _missing(self, call: PastCall, listener: str) -> str | None:
        """Say why the listener of then could not be asked now; None where they could."""
        if listener not in self._policy.listeners:
            return f"{listener} is in no rules"
        at = next((at for name, at in self._then.get(call.name, ()) if name == listener), None)
        for ring in self._of_listener.get(listener, ()):
            if at is not None and ring.call != call.name and ring.at <= at < ring.until:
                return f"{listener} was held by call {ring.call}"
        return None
