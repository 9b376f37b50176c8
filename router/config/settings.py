"""The configuration, read and checked."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from router.config import shape
from router.config.care import care_of
from router.config.ladder import ladder_of, shock_ladder_of
from router.core import policy
from router.schedule import NO_HOLIDAYS, Calendar, PublicHolidays, Shifts, Swap, Turns


class Settings(Struct, frozen=True):
    """The whole configuration. All paths are absolute; no secret is in it."""

    path: Path
    time_zone: ZoneInfo
    known_caller_days: float
    asterisk: shape.Asterisk
    store: shape.Store
    secrets: shape.Secrets
    web: shape.Web
    log: shape.Log
    care: shape.Care
    lines: dict[str, shape.Line]
    pools: dict[str, str]
    listeners: dict[str, shape.Listener]
    rotas: dict[str, shape.Rota] = {}
    public_holidays: PublicHolidays = NO_HOLIDAYS
    directory_file: Path | None = None

    def policy(self, opened: Container[str] | None = None) -> policy.Policy:
        """Give the rules the engine works by while these lines are open; None: while all are."""
        return policy.Policy(
            lines={
                name: _line(name, self.lines[_taken_by(name, self.lines, opened)])
                for name in self.lines
            },
            listeners={
                name: policy.Listener(name, listener.skills, listener.pool)
                for name, listener in self.listeners.items()
            },
            care=care_of(self.care),
            known_caller_days=self.known_caller_days,
            utc_offset_seconds=_utc_offset_seconds(self.time_zone),
        )

    def shifts(self) -> Shifts:
        """Give who is on duty when."""
        hours = {name: listener.shifts for name, listener in self.listeners.items()}
        return Shifts(hours, self._calendar(), [_turns(rota) for rota in self.rotas.values()])

    def openings(self) -> Shifts:
        """Give which line is open when."""
        return Shifts({name: line.hours for name, line in self.lines.items()}, self._calendar())

    def _calendar(self) -> Calendar:
        return Calendar(self.time_zone, self.public_holidays)


def _utc_offset_seconds(zone: ZoneInfo) -> float:
    offset = datetime.now(zone).utcoffset()
    return offset.total_seconds() if offset is not None else 0.0


def _taken_by(name: str, lines: Mapping[str, shape.Line], opened: Container[str] | None) -> str:
    """Name the line whose rules this one's callers are served by: never none, if only its own."""
    passed = [name]
    while opened is not None and passed[-1] not in opened:
        following = lines[passed[-1]].when_closed
        if following is None or following in passed:
            return name
        passed.append(following)
    return passed[-1]


def _turns(rota: shape.Rota) -> Turns:
    swaps = (Swap(one.first, one.last or one.first, one.listener) for one in rota.swaps)
    return Turns(rota.begins, rota.every_days, rota.hours, rota.listeners, tuple(swaps))


def _line(name: str, line: shape.Line) -> policy.Line:
    return policy.Line(
        name=name,
        ladder=ladder_of(line),
        shock_ladder=shock_ladder_of(line),
        ring_seconds=line.ring_seconds,
        accept_seconds=line.accept_seconds,
        connect_seconds=line.connect_seconds,
        after_talk_seconds=line.after_talk_seconds,
        short_call_seconds=line.short_call_seconds,
        fallback_after_seconds=line.fallback_after_seconds,
        target_share=line.target_share,
        target_seconds=line.target_seconds,
        same_listener_seconds=line.same_listener_seconds,
        head_start_seconds=line.head_start_seconds,
        risk_wakes_above=line.risk_wakes_above,
    )
