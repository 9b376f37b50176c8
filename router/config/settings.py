"""The configuration, read and checked."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from router.config import shape
from router.config.api_tables import Api
from router.config.call_back import call_back_of
from router.config.call_back_tables import CallBack, CallBacks
from router.config.care import care_of
from router.config.ladder import (
    at_these_hours,
    ladder_of,
    rungs_named,
    senior_ladder_of,
    shock_ladder_of,
)
from router.config.mqtt_tables import Mqtt
from router.core import policy
from router.schedule import AT_ALL_HOURS, NO_HOLIDAYS, Calendar, PublicHolidays, Shifts, Swap, Turns


class Settings(Struct, frozen=True):
    """The whole configuration. All paths are absolute; no secret is in it."""

    path: Path
    time_zone: ZoneInfo
    known_caller_days: float
    calls_per_number: int
    asterisk: shape.Asterisk
    store: shape.Store
    secrets: shape.Secrets
    web: shape.Web
    log: shape.Log
    care: shape.Care
    call_back: CallBacks
    lines: dict[str, shape.Line]
    pools: dict[str, str]
    listeners: dict[str, shape.Listener]
    rotas: dict[str, shape.Rota] = {}
    public_holidays: PublicHolidays = NO_HOLIDAYS
    directory_file: Path | None = None
    api: Api | None = None
    mqtt: Mqtt | None = None

    def policy(
        self, opened: Container[str] | None = None, at: datetime | None = None
    ) -> policy.Policy:
        """Give the rules the engine works by.

        Parameters
        ----------
        opened
            the lines that are open and the rungs that are there, as `openings` names them; None:
            all of them.
        at
            the aware instant whose wall clock they go by; None: now.

        """
        calendar, by = self.calendar(), at or datetime.now(UTC)
        return policy.Policy(
            lines={
                name: _line(
                    name,
                    _rules_for(name, self.lines, opened),
                    call_back_of(own) if own is not None else None,
                )
                for name, own in self._call_backs().items()
            },
            listeners={
                name: policy.Listener(name, listener.skills, listener.pool)
                for name, listener in self.listeners.items()
            },
            care=care_of(self.care),
            known_caller_days=self.known_caller_days,
            calls_per_number=self.calls_per_number,
            utc_offset_seconds=calendar.utc_offset_seconds(by),
            clock_change=_clock_change(calendar, by),
        )

    def shifts(self) -> Shifts:
        """Give who is on duty when."""
        hours = {name: listener.shifts for name, listener in self.listeners.items()}
        return Shifts(hours, self.calendar(), [_turns(rota) for rota in self.rotas.values()])

    def openings(self) -> Shifts:
        """Give which line is open when, and which rung is there that is not so always."""
        hours = {name: line.hours for name, line in self.lines.items()}
        for name, line in self.lines.items():
            rungs = rungs_named(name, line)
            hours |= {key: rung.hours for key, rung in rungs if rung.hours != AT_ALL_HOURS}
        return Shifts(hours, self.calendar())

    def closed_lines(self, opened: Container[str]) -> frozenset[str]:
        """Name the lines that are closed with no other one to take their callers."""
        return frozenset(
            name for name in self.lines if _taken_by(name, self.lines, opened) not in opened
        )

    def calendar(self) -> Calendar:
        """Give the site's calendar."""
        return Calendar(self.time_zone, self.public_holidays)

    def lines_that_say_the_wait(self) -> frozenset[str]:
        """Name the lines whose callers are told how long it may yet take."""
        return frozenset(name for name, line in self.lines.items() if line.says_wait)

    def lines_that_call_back(self) -> frozenset[str]:
        """Name the lines whose callers may be called back."""
        return frozenset(name for name, own in self._call_backs().items() if own is not None)

    def keeps_numbers(self) -> bool:
        """Say whether callers' numbers are kept: now, or for what was promised before."""
        return bool(self.lines_that_call_back()) or self.secrets.vault_file is not None

    def _call_backs(self) -> dict[str, CallBack | None]:
        """Give each line's own: a line that is closed goes on calling back as it has promised."""
        return {name: line.call_back for name, line in self.lines.items()}

    def hold_words(self) -> dict[str, str]:
        """Give the prompts that the lines name as hold words, each with where it is named first."""
        found: dict[str, str] = {}
        for name, line in self.lines.items():
            named = {f"{key}.words": rung.words for key, rung in rungs_named(name, line)}
            named[f"lines.{name}.everybody_words"] = line.everybody_words
            for key, words in named.items():
                if words is not None:
                    found.setdefault(words, key)
        return found


def _clock_change(calendar: Calendar, after: datetime) -> policy.ClockChange | None:
    at = calendar.next_clock_change(after)
    return policy.ClockChange(at.timestamp(), calendar.utc_offset_seconds(at)) if at else None


def _rules_for(
    name: str, lines: Mapping[str, shape.Line], opened: Container[str] | None
) -> shape.Line:
    if opened is None:
        return lines[name]
    taken_by = _taken_by(name, lines, opened)
    return at_these_hours(taken_by, lines[taken_by], opened)


def _taken_by(name: str, lines: Mapping[str, shape.Line], opened: Container[str]) -> str:
    """Name the line whose rules this one's callers are served by: never none, if only its own."""
    passed = [name]
    while passed[-1] not in opened:
        following = lines[passed[-1]].when_closed
        if following is None or following in passed:
            return name
        passed.append(following)
    return passed[-1]


def _turns(rota: shape.Rota) -> Turns:
    swaps = (Swap(one.first, one.last or one.first, one.listener) for one in rota.swaps)
    return Turns(rota.begins, rota.every_days, rota.hours, rota.listeners, tuple(swaps))


def _line(name: str, line: shape.Line, call_back: policy.CallBack | None) -> policy.Line:
    return policy.Line(
        name=name,
        ladder=ladder_of(line),
        shock_ladder=shock_ladder_of(line),
        senior_ladder=senior_ladder_of(line),
        help_seconds=line.help_seconds,
        consult_seconds=line.consult_seconds,
        ring_seconds=line.ring_seconds,
        accept_seconds=line.accept_seconds,
        connect_seconds=line.connect_seconds,
        after_talk_seconds=line.after_talk_seconds,
        short_call_seconds=line.short_call_seconds,
        fallback_after_seconds=line.fallback_after_seconds,
        nobody_on_duty_seconds=line.nobody_on_duty_seconds,
        target_share=line.target_share,
        target_seconds=line.target_seconds,
        same_listener_seconds=line.same_listener_seconds,
        wait_for_usual_seconds=line.wait_for_usual_seconds,
        head_start_seconds=line.head_start_seconds,
        risk_wakes_above=line.risk_wakes_above,
        call_back=call_back,
    )
