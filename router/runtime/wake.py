"""Whose phone is rung because the next call is at risk: a few at a time, and nobody twice soon."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec
import structlog

from router.ami.act import Phones
from router.ami.wake import WakeCalls

log = structlog.get_logger(__name__)

MOST_AT_ONCE: Final = 3
"""Phones of one waking. Whoever is needed besides is rung by the next, five minutes later."""

LEFT_ALONE_SECONDS: Final = 1_800.0
"""From one ring of this kind to the next for the same listener, whatever the line."""

MOST_RINGS: Final = 3
"""For the same listener within `NIGHT_SECONDS`: a risk that comes and goes keeps nobody awake."""

NIGHT_SECONDS: Final = 28_800.0


class WakeBook:
    """When each listener was last rung so. It outlives the daemon, which may die again and again.

    Without the file, or where it cannot be read, nobody has been rung.
    """

    def __init__(self, state_dir: Path) -> None:
        self._path = state_dir / "wakes.json"
        self._rings = self._read()
        """Listener to when, of the last night, the latest last."""

    def left_alone(self, listener: str, now: float) -> bool:
        """Say whether it is too soon to ring this listener again."""
        rings = self._of_this_night(listener, now)
        return len(rings) >= MOST_RINGS or any(now - at < LEFT_ALONE_SECONDS for at in rings)

    def last_rung_at(self, listener: str) -> float:
        """Give when this listener was last rung so, in epoch seconds: 0 for never."""
        return max(self._rings.get(listener, ()), default=0.0)

    def note(self, listeners: Sequence[str], now: float) -> None:
        """Note that these are being rung, on disk first."""
        recent = {name: self._of_this_night(name, now) for name in (*self._rings, *listeners)}
        recent |= {name: (*recent[name], now) for name in listeners}
        self._rings = {name: rings for name, rings in recent.items() if rings}
        begun = self._path.with_suffix(".begun")
        try:
            begun.write_bytes(msgspec.json.encode(self._rings))
            begun.replace(self._path)
        except OSError as error:
            # Better to be rung twice than to leave a caller alone.
            log.warning("wake_book_unwritable", problem=error.strerror)

    def _of_this_night(self, listener: str, now: float) -> tuple[float, ...]:
        rings = self._rings.get(listener, ())
        return tuple(at for at in rings if abs(now - at) < NIGHT_SECONDS)

    def _read(self) -> dict[str, tuple[float, ...]]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, tuple[float, ...]])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.DecodeError) as error:
            log.warning("wake_book_unreadable", problem=str(error))
            return {}


class Waker:
    """Rings those who are asked for. `phones` are of those alone who may be woken."""

    def __init__(self, phones: Phones, calls: WakeCalls, book: WakeBook) -> None:
        self.phones = phones
        self.tell_app: Callable[[str, str], None] = _tell_nobody
        """Told whose phone is rung, and for which line."""
        self._calls = calls
        self._book = book

    def wake(self, line: str, asleep: Sequence[str], now: float) -> bool:
        """Ring some of those who are on call for a line and free at this very instant.

        Gives whether there was anybody to ring: none is rung twice soon.
        """
        can_be_rung = [
            name
            for name in asleep
            if name in self.phones.endpoints and not self._book.left_alone(name, now)
        ]
        chosen = sorted(can_be_rung, key=self._book.last_rung_at)[:MOST_AT_ONCE]
        if not chosen:
            return False
        self._book.note(chosen, now)
        caller_id = self.phones.caller_ids.get(line, "")
        for name in chosen:
            self._calls.place(name, self.phones.endpoints[name], line, caller_id)
            log.info("wake_rung", line=line, listener=name)
            self.tell_app(name, line)
        return True


def _tell_nobody(_listener: str, _line: str) -> None:
    """Keep it to ourselves."""
