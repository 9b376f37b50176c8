"""How we talk to the store: clients that never repeat a command on their own."""

from __future__ import annotations

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

from router.errors import StoreError

log = structlog.get_logger(__name__)

Client = Redis

STORE_TROUBLE = (RedisError, OSError)
"""All that can come of talking to the store. A passed deadline is an OSError."""

REPLY_DEADLINE_SECONDS = 0.5
"""For one reply. A healthy store on the same machine takes about a millisecond; a caller waits
behind it, so this is as long as a hiccup of the disk may last before we go on without."""

WRITER_NAME = "decroche-journal"
"""The name that a journal's connections bear on the server."""

PROMISES_NAME = "decroche-promises"
"""The name that the connections bear which write numbers and promises."""


def open_client(
    url: str, name: str = "decroche-reader", reply_seconds: float | None = None
) -> Client:
    """Make a client; it connects with its first command.

    A reply is waited for `reply_seconds`, or `REPLY_DEADLINE_SECONDS`. A lost one does not mean
    that the command was not run, so nothing is ever sent again.

    Raises
    ------
    StoreError
        if the address is not one (`redis://host:port/0`, `rediss://...`, `unix:///path`).

    """
    try:
        return Redis.from_url(
            url,
            retry=Retry(NoBackoff(), 0),
            socket_timeout=REPLY_DEADLINE_SECONDS if reply_seconds is None else reply_seconds,
            socket_connect_timeout=REPLY_DEADLINE_SECONDS,
            client_name=name,
        )
    except ValueError as error:
        message = (
            "store address: expected redis://host:port/0, rediss://host:port/0 or "
            "unix:///path/of/socket"
        )
        raise StoreError(message) from error


async def fence_off_other_writers(client: Client, *names: str) -> None:
    """Cut every other connection of these names: what they still have on the way is never run.

    A frozen store that wakes up would otherwise write, late, a group of which its sender was told
    that it was not written.
    """
    try:
        own_id = await client.client_id()
        for other in await client.client_list():
            if other["name"] in names and int(other["id"]) != own_id:
                await client.client_kill_filter(_id=other["id"])
    except ResponseError:
        return  # an account without the right to do so; the snapshot that follows mends most of it


async def warn_if_not_durable(client: Client) -> None:
    """Log a warning where the store would forget the journal with its next restart."""
    try:
        persistence = await client.info("persistence")
    except ResponseError:
        return  # an account without the right to ask
    if not persistence.get("aof_enabled"):
        log.warning("journal_not_durable", expected="appendonly yes, appendfsync always")
