"""What ops ask about promises by the control socket."""

from __future__ import annotations

import time

import msgspec
import pytest

from router.errors import ControlError
from router.runtime.promise_errands import PromiseErrands
from router.web.counter import PromiseRefused, Standing
from tests.runtime.counter_house import Counting, asked, at_the_counter


def errands(at: Counting) -> PromiseErrands:
    errands = PromiseErrands()
    errands.counter = at.counter
    return errands


def standing(body: bytes) -> Standing:
    return msgspec.json.decode(body, type=Standing)


def test_what_is_asked_for_is_by_ops_and_is_listed_shown_and_cancelled() -> None:
    async def story(at: Counting) -> None:
        ops = errands(at)
        one = standing(await ops.add(msgspec.json.encode(asked())))
        assert one.origin == "ops"
        assert msgspec.json.decode(await ops.all(b""), type=list[Standing]) == [one]
        assert standing(await ops.show(one.promise.encode())) == one
        assert standing(await ops.cancel(one.promise.encode())).state == "cancelled"
        assert await ops.all(b"") == b"[]"

    at_the_counter(story)


def test_one_that_waits_is_retried_and_not_given() -> None:
    async def story(at: Counting) -> None:
        ops = errands(at)
        one = await at.counter.add(asked(begins=time.time() + 7_200))
        name = one.promise.encode()
        with pytest.raises(ControlError, match="it is waiting, not with_seniors: use retry"):
            await ops.give(name)
        assert standing(await ops.retry(name)).history[-1][1] == "given_anew"

    at_the_counter(story)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"number":1}', b"\xff", b'{"number":'])
def test_what_is_no_request_is_refused(body: bytes) -> None:
    async def story(at: Counting) -> None:
        with pytest.raises(ControlError, match="expected a call-back"):
            await errands(at).add(body)

    at_the_counter(story)


def test_what_is_not_to_be_had_is_refused_in_words() -> None:
    async def story(at: Counting) -> None:
        with pytest.raises(PromiseRefused, match="emergency numbers are not called back"):
            await errands(at).add(msgspec.json.encode(asked("112")))

    at_the_counter(story)


@pytest.mark.parametrize("name", [b"", b"p-none", b"\xff", b"x" * 4_000])
def test_of_a_promise_that_is_not_there_it_is_said_so(name: bytes) -> None:
    async def story(at: Counting) -> None:
        with pytest.raises(ControlError, match="there is no promise of this name"):
            await errands(at).show(name)

    at_the_counter(story)


def test_a_daemon_that_promises_nothing_says_so() -> None:
    async def story(_: Counting) -> None:
        with pytest.raises(ControlError, match="makes no promises"):
            await PromiseErrands().all(b"")

    at_the_counter(story)
