"""Numbers that come without a call: put on disk in time, or as if they had never been given."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from router.errors import StoreError
from router.observe.metrics import Metrics
from router.runtime.asked_terms import Terms
from router.runtime.number_writer import NumberWriter
from router.runtime.promise_desk import NOTING_SECONDS, PromiseDesk
from router.store.kept_numbers import PROMISES, Changes, OwedNumber, encode
from router.store.number_vault import NumberVault

log = structlog.get_logger(__name__)


class AskedNumbers:
    """Seals numbers and has them written; `desk` holds those that are on disk."""

    def __init__(
        self, vault: NumberVault, writer: NumberWriter, desk: PromiseDesk, metrics: Metrics
    ) -> None:
        self._vault = vault
        self._writer = writer
        self._desk = desk
        self._metrics = metrics

    async def put_down(
        self, promise: str, terms: Terms, then: Callable[[OwedNumber], None]
    ) -> OwedNumber:
        """Put a promise on disk, and do what follows at the instant at which it is there.

        Raises
        ------
        StoreError
            if it is not there in time; what comes too late is taken away again.

        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[OwedNumber] = loop.create_future()
        made: list[OwedNumber] = []

        def work() -> Changes:
            made.append(terms.record(self._vault.seal(terms.number)))
            return {(PROMISES, promise): encode(made[-1])}

        def done(stored: bool) -> None:  # noqa: FBT001 - the writer's answer
            if stored and not answer.done():
                self._desk.hold(promise, made[-1])
                then(made[-1])
                answer.set_result(made[-1])
                return
            if made:
                self._desk.forget([one.number.key for one in made], {(PROMISES, promise): None})
            if not answer.done():
                answer.set_exception(self._not_noted("store", "it could not be put on disk"))

        def give_up() -> None:
            if not answer.done():
                late = f"the store has not confirmed it within {NOTING_SECONDS:g} s"
                answer.set_exception(self._not_noted("too_slow", late))

        timer = loop.call_later(NOTING_SECONDS, give_up)
        self._writer.add(work, done)
        try:
            return await answer
        finally:
            timer.cancel()

    def _not_noted(self, reason: str, problem: str) -> StoreError:
        self._metrics.promises_not_noted.labels(reason).inc()
        log.error("promise_not_noted", call=None, reason=reason)
        return StoreError(f"{problem}: nothing is promised")
