"""What clients do with call-backs: ask for one, look at it, give it up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec
from aiohttp import web

from router.core.promise import PromiseState
from router.web.api.answers import Answers
from router.web.api.body import JSON, read_body, read_new_promise
from router.web.api.clients import Client
from router.web.api.ids import Ids, Slip
from router.web.api.problem import POINTERS, Problem
from router.web.api.shape import NewPromise, Promise, State
from router.web.counter import Asked, Counter, NoSuchPromise, PromiseRefused, Standing

PATH: Final = "/v1/promises"

KEY_HEADER: Final = "Idempotency-Key"
KEY_PATTERN: Final = "[!-~]{1,128}"

_KEY: Final = re.compile(KEY_PATTERN)

_SHOWN: Final[Mapping[PromiseState, State]] = {
    "waiting": "waiting",
    "searching": "waiting",
    "dialling": "waiting",
    "talking": "waiting",
    "rang_back": "waiting",
    "with_seniors": "with_seniors",
    "kept": "kept",
    "cancelled": "cancelled",
}
"""Whoever has typed somebody's number must not see whether they are on the line now."""


class Promises:
    """Speaks with the counter for clients. None learns of what it did not ask for itself."""

    def __init__(self, counter: Counter, ids: Ids, answers: Answers) -> None:
        self._counter = counter
        self._ids = ids
        self._answers = answers

    async def add(self, request: web.Request, client: Client) -> web.Response:
        """Answer `POST`: note a promise, and answer once it is on disk."""
        key = _key(request)
        wanted = read_new_promise(await read_body(request))

        async def make() -> Promise:
            return await self._make(client, wanted)

        try:
            promise = await self._answers.once(client.name, key, wanted, make)
        except PromiseRefused as error:
            raise Problem(error.reason, str(error), pointer=POINTERS[error.reason]) from None
        return _said(promise, status=201, headers={"Location": f"{PATH}/{promise.id}"})

    async def show(self, request: web.Request, client: Client) -> web.Response:
        """Answer `GET`."""
        written = request.match_info["id"]
        slip, standing = self._find(written, client)
        return _said(_shown(written, slip, _seen(slip, standing)))

    async def cancel(self, request: web.Request, client: Client) -> web.Response:
        """Answer `DELETE`: what is cancelled already is so again."""
        slip, standing = self._find(request.match_info["id"], client)
        if standing.state == "cancelled":
            return web.Response(status=204)
        if standing.state != "kept" and _is_owed_elsewhere(slip, standing):
            # Who knows a number must not be able to take from its owner what they were promised.
            words = "the caller is owed this call otherwise too: they can say so on the phone"
            raise Problem("owed_elsewhere", words)
        try:
            await self._counter.cancel(slip.promise, "caller")
        except NoSuchPromise:
            raise Problem("not_now", "it is kept, or about to be") from None
        return web.Response(status=204)

    async def _make(self, client: Client, wanted: NewPromise) -> Promise:
        window = wanted.window
        standing = await self._counter.add(
            Asked(
                number=wanted.number,
                line=wanted.line,
                origin="site",
                listener=wanted.listener,
                begins=_epoch(window.begins) if window is not None else None,
                ends=_epoch(window.ends) if window is not None else None,
            )
        )
        # Not a word of what stands: it may be the call that somebody else has asked for by phone.
        asked = standing.asked
        assert asked is not None, "the counter tells what was asked for"
        slip = Slip(
            standing.promise,
            joined=standing.promise != asked.promise,
            line=asked.line,
            begins=round(asked.not_before),
            due=round(asked.due_by),
        )
        return _shown(self._ids.make(client.name, slip), slip, "waiting")

    def _find(self, written: str, client: Client) -> tuple[Slip, Standing]:
        slip = self._ids.read(client.name, written)
        standing = self._counter.find(slip.promise) if slip is not None else None
        if slip is None or standing is None:
            raise Problem("not_found", "no promise of yours has this id, or it was over long ago")
        return slip, standing


def _key(request: web.Request) -> str:
    keys = request.headers.getall(KEY_HEADER, [])
    if len(keys) != 1 or not _KEY.fullmatch(keys[0]):
        raise Problem("bad_key", f"expected one {KEY_HEADER}: 1 to 128 characters, such as a UUID")
    return keys[0]


def _shown(written: str, slip: Slip, state: State) -> Promise:
    return Promise(
        id=written, line=slip.line, state=state, begins=_time(slip.begins), due=_time(slip.due)
    )


def _seen(slip: Slip, standing: Standing) -> State:
    """Give what a client may see: of another's attempts, nothing until they are over."""
    state = _SHOWN[standing.state]
    hidden = state == "with_seniors" and _is_owed_elsewhere(slip, standing)
    return "waiting" if hidden else state


def _is_owed_elsewhere(slip: Slip, standing: Standing) -> bool:
    """Say whether anybody else has asked for this call, or the caller has rung since then."""
    askings = [origin for _, what, origin in standing.history if what == "noted"]
    has_rung = any(what == "called_in" for _, what, _ in standing.history)
    return slip.joined or has_rung or askings != ["site"]


def _said(
    promise: Promise, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    return web.Response(
        status=status,
        body=msgspec.json.encode(promise),
        content_type=JSON,
        headers=headers,
    )


def _time(epoch_seconds: int) -> datetime:
    return datetime.fromtimestamp(epoch_seconds, UTC)


def _epoch(time: datetime | None) -> float | None:
    return time.timestamp() if time is not None else None
