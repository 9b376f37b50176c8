"""One replay from its journal to its findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from router.config import Settings
from router.core.events import PolicyLoaded
from router.core.policy import Policy
from router.past.journal import Journal
from simulations.replay.compare import Change, changes, differing, plain_changes
from simulations.replay.fates import fates
from simulations.replay.history import read_past
from simulations.replay.newcomers import duties_of, newcomers
from simulations.replay.past import DutyChange, Past
from simulations.replay.rerun import Rerun
from simulations.replay.restep import Ended, Restep
from simulations.replay.start import from_a_start

DISORDERLY_SHARE = 0.01
"""Of calls that end otherwise when told again: a journal of the worst faults together has 0.4 %. An
engine that decides otherwise soon has more, since one other listener changes all that follows."""


class SelfCheck(Struct, frozen=True):
    """Whether the journal, told to today's engine again, ends as it did."""

    entries: int
    calls: int
    differing: int
    strange_lines: list[int]
    """Lines that speak of offers which today's engine does not make."""

    @property
    def is_exact(self) -> bool:
        """Say whether each call ends, as the engine tells it, as the people's events tell it."""
        return not self.differing and not self.strange_lines

    @property
    def is_same_engine(self) -> bool:
        """Say whether today's engine decides as then, but for what it was told in disorder."""
        return not self.strange_lines and self.differing <= DISORDERLY_SHARE * self.calls


class Findings(Struct, frozen=True):
    """What came of a replay."""

    source: str
    self_check: SelfCheck
    then: dict[str, Ended]
    now: dict[str, Ended]
    calls: dict[str, str]
    """Every call that is compared, to its line."""
    callers: dict[str, str]
    """Every such call, to who called."""
    changes: list[Change]
    notes: list[str]
    reproduced: int | None = None
    """With other rules: how many calls end as they did when replayed under their own rules."""


def study(journal: Journal, settings: Settings | None, seed: int) -> Findings:
    """Replay a journal under other rules; under its own, with today's engine, if None are given.

    Raises
    ------
    DecrocheError
        if the journal cannot be begun anywhere, or today's engine fails at one of its entries.
    RerunFailed
        if today's engine breaks an invariant in the replay.

    """
    journal = from_a_start(journal)
    past, restep = read_past(journal)
    then = fates(past)
    check = _self_check(journal, then, restep)
    if settings is None and check.is_same_engine:
        told = plain_changes(past, then, restep.ended)
        return _findings(_Other(past, check, then, {**then, **restep.ended}, told, journal.notes))
    own = Rerun(past, None, seed)
    own.run()
    if settings is None:
        found = changes(past, then, own, _last_rules(past), set())
        return _findings(_Other(past, check, then, own.ended, found, journal.notes))
    policy, new = settings.policy(), newcomers(settings, past)
    other = Rerun(past, policy, seed, duties_of(new, settings, past))
    other.run()
    doubtful = set(differing(then, own.ended))
    found = changes(past, then, other, policy, doubtful)
    notes = (*journal.notes, *_misfits(past, policy, settings), *_welcome(new))
    reproduced = sum(name in own.ended for name in then) - len(doubtful)
    return _findings(_Other(past, check, then, other.ended, found, notes, reproduced))


class _Other(Struct, frozen=True):
    """The past, and what would have been instead."""

    past: Past
    check: SelfCheck
    then: Mapping[str, Ended]
    now: Mapping[str, Ended]
    changes: list[Change]
    notes: tuple[str, ...]
    reproduced: int | None = None


def _findings(other: _Other) -> Findings:
    past, then, now = other.past, other.then, other.now
    names = [name for name in then if name in now]
    return Findings(
        source=past.source,
        self_check=other.check,
        then={name: then[name] for name in names},
        now={name: now[name] for name in names},
        calls={name: past.calls[name].line for name in names},
        callers={name: past.calls[name].caller or name for name in names},
        changes=other.changes,
        notes=[*other.notes, *_left_out(past, len(names))],
        reproduced=other.reproduced,
    )


def _self_check(journal: Journal, then: Mapping[str, Ended], restep: Restep) -> SelfCheck:
    return SelfCheck(
        entries=len(journal.entries),
        calls=sum(name in restep.ended for name in then),
        differing=len(differing(then, restep.ended)),
        strange_lines=restep.strange_lines,
    )


def _last_rules(past: Past) -> Policy:
    rules = [event.policy for _, event in past.daemon if isinstance(event, PolicyLoaded)]
    return rules[-1] if rules else Policy(lines={}, listeners={})


def _left_out(past: Past, compared: int) -> Iterable[str]:
    if past.already_there:
        yield f"{past.already_there} calls were there before the journal begins: left out"
    for gap in past.gaps:
        yield (
            f"{past.source}: before line {gap.line} the journal does not tell all; from there on it"
            f" is told anew with the state that was kept, and {gap.cut_calls} calls that were there"
            " then are left out"
        )
    if len(past.calls) > compared:
        yield f"{len(past.calls) - compared} calls were not over as it ends: not compared"


def _misfits(past: Past, policy: Policy, settings: Settings) -> Iterable[str]:
    """Say what the journal knows and the other rules do not."""
    first: dict[str, int] = {}
    for call in past.calls.values():
        if call.line not in policy.lines:
            first.setdefault(call.line, call.at_line)
    for line, at_line in first.items():
        yield (
            f"{settings.path}: no line {line!r}, first called in line {at_line} of the journal:"
            " anybody may be asked for its calls"
        )
    gone: dict[str, DutyChange] = {}
    for change in past.duties:
        if change.listener not in policy.listeners:
            gone.setdefault(change.listener, change)
    for name, change in gone.items():
        yield (
            f"{settings.path}: no listener {name!r}, first on duty in line {change.at_line} of the"
            " journal: left out"
        )


def _welcome(new: list[str]) -> Iterable[str]:
    if new:
        yield (
            f"not in the journal, and on duty by the config's shifts: {', '.join(new)};"
            " they answer as others do at the same hour"
        )
