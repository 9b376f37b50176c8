"""The store that a daemon writes to: a Redis of the site's, or an embedded one of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from router.config.shape import Store
from router.observe.metrics import Metrics
from router.store.embedded import EmbeddedStore
from router.store.journal import Journal
from router.store.lease import Lease


@dataclass
class Storage:
    """The journal, and the server under it where that is ours."""

    url: str
    journal: Journal
    embedded: EmbeddedStore | None
    lease: Lease

    async def close(self) -> None:
        """Leave the journal, and end our own server, unless a newer daemon is at work on it."""
        await self.journal.close()
        if self.embedded is not None and not self.lease.is_lost:
            await self.embedded.stop()


async def open_storage(
    store: Store, take_snapshot: Callable[[], bytes], metrics: Metrics
) -> Storage:
    """Open the journal where the config says.

    Raises
    ------
    StoreError
        if the embedded server cannot be started. A Redis that is away is waited for instead.

    """
    embedded = EmbeddedStore(store.state_dir) if store.redis_url is None else None
    url = store.redis_url if embedded is None else await embedded.start()
    assert url is not None, "either the config or the embedded store gives an address"
    lease = Lease(url)
    journal = Journal(
        url,
        take_snapshot=take_snapshot,
        metrics=metrics,
        revive=embedded.start if embedded is not None else None,
        journal_days=store.journal_days,
        lease=lease,
    )
    return Storage(url, journal, embedded, lease)
