"""What ops ask is done once the journal and the engine have it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from router.core.events import CallerForgotten
from router.errors import ControlError
from router.runtime import errands
from router.runtime.errands import Errands
from router.runtime.inbox import Errand, Inbox
from router.store.vault import CallerHash

HASH = CallerHash(b"a secret of this test, and of no site").hash
NUMBER = "06 39 98 00 42"


def forget(
    number: str, loop: Callable[[Errand], None] | None = None
) -> tuple[CallerForgotten | None, str]:
    """Have a caller forgotten; give the event that came of it, and what is wrong."""
    inbox = Inbox()

    async def asked() -> tuple[CallerForgotten | None, str]:
        asking = asyncio.create_task(Errands(inbox, HASH).forget(number.encode()))
        woken = asyncio.create_task(inbox.wait())
        await asyncio.wait([asking, woken], return_when=asyncio.FIRST_COMPLETED)
        woken.cancel()
        event = None
        for item in inbox.take(2):
            assert isinstance(item, Errand)
            assert isinstance(item.event, CallerForgotten)
            event = item.event
            if loop is not None:
                loop(item)
        try:
            await asking
        except ControlError as error:
            return event, str(error)
        return event, ""

    return asyncio.run(asked())


def stored(errand: Errand) -> None:
    errand.stored.set_result(True)


def test_a_caller_is_forgotten_by_the_hash_that_their_calls_have() -> None:
    by_network = HASH("+33639980042")
    assert by_network is not None
    assert forget(NUMBER, stored) == (CallerForgotten(by_network), "")


@pytest.mark.parametrize("number", ["", "anonymous", "12", "x" * 4_000, "été"])
def test_what_is_no_number_is_refused_and_not_shown(number: str) -> None:
    event, problem = forget(number)
    assert event is None
    assert "expected a telephone number" in problem
    assert not number or number not in problem


def test_where_a_restart_would_undo_it_that_is_said() -> None:
    _, problem = forget(NUMBER, lambda errand: errand.stored.set_result(False))
    assert "look once the store is back" in problem


def test_a_loop_that_hangs_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errands, "ERRAND_SECONDS", 0.01)
    assert "has not come to it" in forget(NUMBER)[1]
