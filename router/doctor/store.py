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
from router.store.promise_store import may_evict

ANSWER_SECONDS = 2.0
"""A store takes milliseconds; one that takes this long is of no use to a call."""

PROBE_KEY = "decroche:doctor"
PROBE_SECONDS = 5
PROBE = "return redis.call('SET', KEYS[1], '1', 'EX', ARGV[1])"


def check_store(settings: Settings) -> Verdict:
    """Write to the store that is configured, or look whether one can be started."""
    if settings.store.redis_url is None:
        return _check_embedded(settings.store.state_dir)
    return _check_redis(settings, settings.store.redis_url)


def _check_redis(settings: Settings, url: str) -> Verdict:
    try:
        client = Redis.from_url(
            url,
            socket_timeout=ANSWER_SECONDS,
            socket_connect_timeout=ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        with client:
            # As the daemon writes: by a script.
            client.eval(PROBE, 1, PROBE_KEY, str(PROBE_SECONDS))
            durable = bool(client.info("persistence").get("aof_enabled"))
            syncs = client.config_get("appendfsync").get("appendfsync", "") if durable else ""
            evicts = may_evict(client.info("memory"))
            replicas = int(client.info("replication").get("connected_slaves", 0))
    except (RedisError, OSError, ValueError) as error:
        return fail(
            f"the store cannot be written ({type(error).__name__})",
            "start it, correct redis_url under [store], or let its account run scripts",
        )
    if evicts:
        judge = fail if settings.keeps_numbers() else warn
        return judge(
            "the store, when it is full, makes room by throwing away what we keep",
            "set maxmemory-policy noeviction in redis.conf; no promise is made until then",
        )
    if not durable:
        return warn(
            "the store forgets the journal when it restarts",
            "set appendonly yes and appendfsync always in redis.conf",
        )
    if settings.keeps_numbers() and syncs != "always":
        return warn(
            "a promise waits for the disk up to a second, or, before Redis 7.2, is never confirmed",
            "set appendfsync always in redis.conf",
        )
    asked = settings.store.replicas_acknowledge
    if replicas < asked:
        judge = fail if settings.keeps_numbers() else warn
        return judge(
            f"{replicas} of {asked} replicas follow the store: no promise can be confirmed",
            "start the others, or correct replicas_acknowledge under [store]",
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
