"""Whether the journal can be written."""

from __future__ import annotations

import os
from pathlib import Path

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from router.config import Settings
from router.doctor.finding import Verdict, fail, fine, warn
from router.errors import StoreError
from router.store.embedded import find_server

ANSWER_SECONDS = 2.0
"""A store takes milliseconds; one that takes this long is of no use to a call."""

PROBE_KEY = "decroche:doctor"
PROBE_SECONDS = 5


def check_store(settings: Settings) -> Verdict:
    """Write to the store that is configured, or look whether one can be started."""
    if settings.store.redis_url is None:
        return _check_embedded(settings.store.state_dir)
    return _check_redis(settings.store.redis_url)


def _check_redis(url: str) -> Verdict:
    try:
        client = Redis.from_url(
            url,
            socket_timeout=ANSWER_SECONDS,
            socket_connect_timeout=ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        with client:
            client.set(PROBE_KEY, b"1", ex=PROBE_SECONDS)
            durable = bool(client.info("persistence").get("aof_enabled"))
    except (RedisError, OSError, ValueError) as error:
        return fail(
            f"the store cannot be written ({type(error).__name__})",
            "start it, or correct redis_url under [store]",
        )
    if not durable:
        return warn(
            "the store forgets the journal when it restarts",
            "set appendonly yes and appendfsync always in redis.conf",
        )
    return fine("reachable, writable, durable")


def _check_embedded(folder: Path) -> Verdict:
    try:
        server = find_server()
    except StoreError as error:
        return fail(str(error), "apt install redis-server")
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        return fail(
            f"{there} cannot be written",
            f"create {folder} for the daemon's user, or correct state_dir under [store]",
        )
    return fine(f"embedded {server.name} under {folder}")
