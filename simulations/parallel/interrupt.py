"""Ctrl-C as something that is looked at, and not as something that happens."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def at_sigint(act: Callable[[], None]) -> Iterator[None]:
    """Have SIGINT do this, and nothing else, for a while."""
    before = signal.signal(signal.SIGINT, lambda *_: act())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def sigint_ignored() -> Iterator[None]:
    """Ignore SIGINT for a while; processes that are started meanwhile ignore it for ever."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
