"""Replays a journal file through a new engine and writes all its commands to standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

from router.core.engine import Engine
from router.core.entry import decode
from router.core.machine import EventRefused


def replay(lines: Iterable[bytes]) -> bytes:
    """Give the wire form of every command, a line for each event."""
    engine = Engine()
    said = [_said(engine, line) for line in lines]
    return b"\n".join([*said, engine.snapshot()])


def _said(engine: Engine, line: bytes) -> bytes:
    entry = decode(line)
    try:
        return msgspec.json.encode(engine.step(entry.event, entry.at))
    except EventRefused as refused:
        return type(refused).__name__.encode()


if __name__ == "__main__":
    sys.stdout.buffer.write(replay(Path(sys.argv[1]).read_bytes().splitlines()))
