"""How a listener of the farm treats a ringing phone; set at run time, listener by listener."""

from __future__ import annotations

from dataclasses import dataclass

HUNG_UP = 16
"""Q.850: a person hung up."""
NETWORK_FAILED = 38
"""Q.850: network out of order."""
UNTIL_TOLD_SECONDS = 3600.0
"""Longer than any test."""
BUSY = 17
REJECTED = 21


@dataclass(frozen=True)
class Behaviour:
    """What the farm's dialplan is told."""

    kind: str
    after_seconds: float = 0
    key: str = ""
    talk_seconds: float | None = None
    cause: int = HUNG_UP
    key_after_seconds: float | None = None
    """From picking up to the key; None: as soon as the words begin."""
    stays: bool = False
    """Once the caller has left: does not hang up at the words that follow."""

    def __str__(self) -> str:
        """Give the value of the farm's global `B_<listener>`."""
        talk, pause = _or_empty(self.talk_seconds), _or_empty(self.key_after_seconds)
        stays = int(self.stays)
        return f"{self.kind},{self.after_seconds},{self.key},{talk},{self.cause},{pause},{stays}"


def answers(after_seconds: float = 0.2, talk_seconds: float | None = None) -> Behaviour:
    """Pick up, press 1, and talk until the caller hangs up or for `talk_seconds`."""
    return Behaviour("human", after_seconds, "1", talk_seconds)


def stays(after_seconds: float = 0.2) -> Behaviour:
    """Pick up, press 1, talk, and hear out what is said when the caller has hung up."""
    return Behaviour("human", after_seconds, "1", stays=True)


def takes(after_seconds: float, key_after_seconds: float) -> Behaviour:
    """Pick up, and press 1 so long after, whatever the words have come to by then."""
    return Behaviour("human", after_seconds, "1", key_after_seconds=key_after_seconds)


def rings_until_told() -> Behaviour:
    """Let it ring until `Farm.pick_up`; then press 1 as the words begin, and talk."""
    return Behaviour("human", UNTIL_TOLD_SECONDS, "1")


def waits_with_the_key(after_seconds: float = 0.2) -> Behaviour:
    """Pick up, and press 1 at `Farm.accept` only; then talk."""
    return takes(after_seconds, UNTIL_TOLD_SECONDS)


def is_called_back(after_seconds: float = 0.2, key: str = "1") -> Behaviour:
    """Pick up, press the key, and be a caller: known to a listener by the last seven digits.

    With `UNTIL_TOLD_SECONDS` it picks up at `Farm.pick_up`.
    """
    return Behaviour("called", after_seconds, key)


def helps(after_seconds: float = 0.2) -> Behaviour:
    """Pick up, press 1, and listen, saying nothing unless told to."""
    return Behaviour("helper", after_seconds, "1")


def drops(talk_seconds: float, after_seconds: float = 0.2) -> Behaviour:
    """Pick up, press 1, and lose the network after `talk_seconds` of talk."""
    return Behaviour("human", after_seconds, "1", talk_seconds, NETWORK_FAILED)


def presses(key: str, after_seconds: float = 0.2) -> Behaviour:
    """Pick up, and press that key instead of 1."""
    return Behaviour("human", after_seconds, key)


def never() -> Behaviour:
    """Let it ring."""
    return Behaviour("never")


def busy() -> Behaviour:
    """Be in another call."""
    return Behaviour("rejects", cause=BUSY)


def rejects(after_seconds: float = 0) -> Behaviour:
    """Reject the ring without picking up: at once, or after letting it ring for so long."""
    return Behaviour("rejects", after_seconds, cause=REJECTED)


def voicemail(after_seconds: float = 0.2) -> Behaviour:
    """Let a machine pick up: it talks, and presses no key."""
    return Behaviour("voicemail", after_seconds)


def leaves(after_seconds: float = 0.2) -> Behaviour:
    """Pick up, and hang up as the words begin, with no key pressed."""
    return Behaviour("leaves", after_seconds)


def _or_empty(seconds: float | None) -> str:
    return "" if seconds is None else str(seconds)
