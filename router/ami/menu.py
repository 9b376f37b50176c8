"""A listener's menu by phone: number, PIN and choice, judged here and answered by a redirect."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from msgspec import Struct

from router.ami.contract import MENU_CONTEXT, Seal
from router.ami.disposition import HARD, PROMISES, WORDS, Orientations, told_of_talk
from router.ami.message import Message
from router.ami.parse import BadMessage, read_id
from router.core.events import AnyEvent, ListenerCameOn, ListenerPaused, ListenerWentOff

MAX_WRONG_PINS = 5
"""Then nobody gets in under this number until the oldest wrong one is `WRONG_PIN_SECONDS` old."""

WRONG_PIN_SECONDS = 900.0
"""Four digits guessed 20 times an hour take three weeks on average, and ops see it."""

_CHOICES: dict[str, tuple[Callable[[str], AnyEvent], str]] = {
    "ready": (ListenerCameOn, "ready"),
    "pause": (ListenerPaused, "paused"),
    "off": (ListenerWentOff, "off"),
}
"""What a listener wants from now on; the other choices tell of the last talk."""

_OF_A_TALK = frozenset(WORDS) - {"follow_up"}
"""For a call at an agreed time there is no number any more: no such time is asked for."""


@dataclass(frozen=True)
class MenuRequest:
    """What somebody keyed. What may be a PIN is never shown (a Struct shows all to rich)."""

    channel: str
    login: str = field(repr=False)
    pin: str = field(repr=False)
    choice: str
    orientation: str = ""
    """The short number of the orientation that was given."""


class MenuVerdict(Struct, frozen=True):
    """What is to happen: an event if number and PIN are right, and the words to be said."""

    channel: str
    event: AnyEvent | None
    answer: str
    context: str = MENU_CONTEXT
    """Where those words are."""


class Door(Struct, frozen=True):
    """Whom a login number lets in, and by which PIN."""

    listener: str
    pin_hash: str


class MenuDesk:
    """Reads menu messages, and judges them; wrong PINs are counted for each login number."""

    def __init__(self, seal: Seal, pin_matches: Callable[[str, str], bool]) -> None:
        self.doors: Mapping[str, Door] = {}
        self.orientations: Orientations = {}
        self._seal = seal
        self._pin_matches = pin_matches
        self._wrong: dict[str, deque[float]] = {}
        self._one_at_a_time = Lock()

    def read(self, message: Message) -> MenuRequest | None:
        """Give what was keyed; None if this message is no menu's.

        Raises
        ------
        BadMessage
            if it is a menu's and cannot be true.

        """
        if message.name != "UserEvent" or message.get("UserEvent") != "DecrocheMenu":
            return None
        channel = read_id(message, "Call")
        if not self._seal.fits(channel, message.get("Token")):
            raise BadMessage("wrong_token")
        choice = message.get("Choice")
        if choice not in _CHOICES and choice not in _OF_A_TALK:
            raise BadMessage("bad_choice")
        login, pin = message.get("Listener"), message.get("Pin")
        return MenuRequest(channel, login, pin, choice, message.get("Orientation"))

    def judge(self, request: MenuRequest, now: float) -> MenuVerdict:
        """Decide. Takes some 50 ms, by the nature of the PIN's hash: call it off the loop."""
        door = self.doors.get(request.login)
        # Guesses made on many lines at the same time are counted like any others.
        with self._one_at_a_time:
            if door is None or not self._opens(door, request, now):
                return MenuVerdict(request.channel, None, "refused")
        return self._let_in(door.listener, request)

    def _let_in(self, listener: str, request: MenuRequest) -> MenuVerdict:
        if request.choice in _CHOICES:
            make_event, answer = _CHOICES[request.choice]
            return MenuVerdict(request.channel, make_event(listener), answer)
        told = told_of_talk(listener, request.choice, request.orientation, self.orientations)
        return MenuVerdict(request.channel, told, _answer_to(request.choice))

    def _opens(self, door: Door, request: MenuRequest, now: float) -> bool:
        wrong = self._wrong.setdefault(request.login, deque(maxlen=MAX_WRONG_PINS))
        while wrong and now - wrong[0] > WRONG_PIN_SECONDS:
            wrong.popleft()
        if len(wrong) == MAX_WRONG_PINS:
            return False
        if self._pin_matches(request.pin, door.pin_hash):
            wrong.clear()
            return True
        wrong.append(now)
        return False


def _answer_to(choice: str) -> str:
    if choice == HARD:
        # After the one word that says how it was, what it led to may be keyed.
        return "hard"
    return "too_late" if choice in PROMISES else "noted"
