"""A listener's pauses after talks, told from those that have nothing to do with a call.

Whoever rests after a talk would have rested after another one, at another time; a pause at noon is
at noon whatever happens.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simulations.replay.past import DutyChange, PastRing, Pause

AFTER_TALK_SECONDS = 60.0
"""So soon after a talk a pause is a rest from it: to dial the menu and key a choice takes less."""


def take_out_pauses(duties: Sequence[DutyChange], rings: Iterable[PastRing]) -> list[DutyChange]:
    """Give each pause after a talk to the ring that led to it, and give back all the others."""
    left = list(duties)
    of_listener: dict[str, list[PastRing]] = {}
    for ring in rings:
        of_listener.setdefault(ring.listener, []).append(ring)
    changes: dict[str, list[DutyChange]] = {}
    for change in duties:
        changes.setdefault(change.listener, []).append(change)
    taken = {
        id(change)
        for name, own in changes.items()
        for change in _give_out(own, of_listener.get(name, []))
    }
    return [change for change in left if id(change) not in taken]


def _give_out(changes: Sequence[DutyChange], rings: Sequence[PastRing]) -> list[DutyChange]:
    taken: list[DutyChange] = []
    talks = iter([ring for ring in rings if ring.connected is not None and ring.ended is not None])
    talk = next(talks, None)
    for index, change in enumerate(changes):
        if change.duty != "paused":
            continue
        last: PastRing | None = None
        while talk is not None and talk.ended is not None and talk.ended <= change.at:
            last, talk = talk, next(talks, None)
        if last is None or last.ended is None or change.at - last.ended > AFTER_TALK_SECONDS:
            continue
        following = changes[index + 1] if index + 1 < len(changes) else None
        back = following if following is not None and following.duty == "on" else None
        ended = back.at if back is not None else None
        last.pause = Pause(change.at - last.ended, change.at, ended)
        taken += [change] if back is None else [change, back]
    return taken
