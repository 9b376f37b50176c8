"""Whether an address is one of a Redis, by what its client makes of it."""

from __future__ import annotations


def is_redis_url(text: str) -> bool:
    """Say whether the client can make a connection of this address; it is not opened."""
    # At its place here only sites with a store of their own wait for it.
    from redis.asyncio import ConnectionPool  # noqa: PLC0415 - it takes half as long as all else
    from redis.exceptions import RedisError  # noqa: PLC0415 - the same

    try:
        pool = ConnectionPool.from_url(text)
        pool.connection_class(**pool.connection_kwargs)
    except (ValueError, TypeError, AttributeError, RedisError):
        return False
    return True
