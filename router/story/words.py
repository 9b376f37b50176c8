"""What happened to a call, in plain words. No caller is named, and no number is known here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from router.core import commands, events
from router.core import promise_commands as promised
from router.core import promise_events as told
from router.story.follow import Followed, Gap, Moment

NOT_TOLD: Final = (
    commands.AcknowledgeCall,
    commands.ConnectCall,
    commands.ReportAnswer,
    events.TimeReached,
)
"""What says nothing that is not told besides."""

ASKED_BY: Final = {
    "key": "the caller, by key",
    "hang_up": "the caller, by hanging up while waiting",
    "listener": "a listener, after a talk",
    "site": "the site",
    "crash": "nobody: the call was cut off by a fault",
    "ops": "ops",
}

WHY_DISMISSED: Final = {
    "taken": "somebody else has the call",
    "caller_left": "the caller has left",
    "timeout": "the time is over",
    "talk_over": "the talk is over",
    "not_reached": "whom to call back could not be reached",
    "unknown": "nobody knows what it is for",
}


class Teller:
    """Puts the moments of one story into words."""

    def __init__(self, story: Followed, zone: ZoneInfo) -> None:
        self._story = story
        self._zone = zone

    def say(self, moment: Moment) -> str | None:
        """Give a moment in words; None where there is nothing to say of it."""
        thing: Any = moment.thing
        kind = type(thing)
        if kind in NOT_TOLD or (kind is events.CallWaiting and self._is_known_by_then(moment)):
            return None
        words = _WORDS[kind](thing, self) if kind in _WORDS else _plain(kind.__name__)
        if moment.misfit:
            return f"{words} (what it followed from is not in the journal)"
        return f"{words} (too late: nothing came of it)" if moment.refused else words

    def listener(self, offer: str) -> str:
        """Name whose phone an offer rang."""
        return self._story.listener_of.get(offer, "a listener")

    def time(self, at: float) -> str:
        """Give an instant on the clock of the service."""
        return f"{datetime.fromtimestamp(at, self._zone):%Y-%m-%d %H:%M:%S}"

    def seen(self, event: events.PbxResynced) -> str:
        """Say where a resync has found this story's calls."""
        names = self._story.names
        here = [
            f"call {seen.call} is {_plain(seen.place)}"
            for seen in event.calls
            if seen.call in names
        ]
        here += [f"call {name} has talked and is gone" for name in event.talked if name in names]
        return "; ".join(here) or "this call is not there"

    def _is_known_by_then(self, moment: Moment) -> bool:
        first = next(
            one
            for one in self._story.moments
            if isinstance(one.thing, events.CallArrived | events.CallWaiting)
        )
        return moment is not first


def _plain(word: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", word).replace("_", " ").lower()


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s"


def _arrived(event: Any, _: Teller) -> str:
    shown = "a number that is withheld" if event.caller is None else "a number that shows"
    return f"call {event.call} arrives on line {event.line}, with {shown}"


def _gap(gap: Gap, _: Teller) -> str:
    if gap.is_over:
        return "up to here the journal does not tell all; from here on it does again"
    return (
        "from here on, at the latest, the journal does not tell all: whose phones rang, and what"
        " was decided, is not known"
    )


def _ring(order: commands.RingListener, _: Teller) -> str:
    known = ", whom the caller knows" if order.known_caller else ""
    what = "to help in it" if order.to_help else "to call back" if order.to_call_back else ""
    return f"we ring {order.listener}{known} {what}".rstrip() + f" (offer {order.offer})"


def _outcome(word: commands.ReportOutcome, _: Teller) -> str:
    owed = f", promise {word.promise}" if word.promise is not None else ""
    most, least = ("", "") if word.begin_seen else ("at most ", "at least ")
    return (
        f"call {word.call} is over: {_plain(word.outcome)}{owed}; waited"
        f" {most}{_seconds(word.waited_seconds)}, talked {least}{_seconds(word.talked_seconds)},"
        f" {word.offers} phones rung"
    )


def _noted(event: told.PromiseNoted, teller: Teller) -> str:
    who = "a senior" if event.by_senior else event.usual or "a listener"
    return (
        f"promise {event.promise} is on disk, asked for by {ASKED_BY[event.origin]}; {who} is to"
        f" call back from {teller.time(event.not_before)} and by {teller.time(event.due_by)}"
    )


def _promise(word: promised.ReportPromise, _: Teller) -> str:
    late = "" if word.result == "noted" else _late(word.late_seconds)
    into = f" with {word.into}" if word.into is not None else ""
    by = f" by {word.listener}" if word.listener is not None else ""
    return f"promise {word.promise}: {_plain(word.result)}{into}{by}{late}"


def _late(seconds: float) -> str:
    return f", {_seconds(abs(seconds))} {'after' if seconds > 0 else 'before'} its due time"


def _help(word: commands.ReportHelp, _: Teller) -> str:
    return (
        f"the search for help that {word.listener} asked for ({_plain(word.kind)}) is over:"
        f" {_plain(word.result)}, after {_seconds(word.waited_seconds)}"
    )


def _disposed(word: commands.ReportDisposition, _: Teller) -> str:
    given = f" ({word.orientation})" if word.orientation is not None else ""
    return f"{word.listener} says that the talk led to: {_plain(word.disposition)}{given}"


def _typed(event: told.NumberTyped, _: Teller) -> str:
    if event.refused is None:
        return "the caller has typed a number to be called back at"
    return f"the caller has typed a number that is not called back: {_plain(event.refused)}"


_WORDS: Final[Mapping[type, Callable[[Any, Teller], str]]] = {
    Gap: _gap,
    events.EngineStarted: lambda _, __: "the daemon starts anew, and reads the journal",
    events.PbxLost: lambda _, __: "the link to Asterisk is lost: what happens is not heard",
    events.PbxResynced: lambda it, by: f"the link to Asterisk is up: {by.seen(it)}",
    told.PbxBooted: lambda it, by: f"Asterisk is known to be up since {by.time(it.at)}",
    events.CallArrived: _arrived,
    events.CallWaiting: _arrived,
    events.CallerInShock: lambda _, __: "the caller presses the key for emotional shock",
    events.CallerAskedFor: lambda it, _: f"the caller types the code of {it.listener}",
    events.CallerChoseSkills: lambda it, _: f"the caller asks by key for {', '.join(it.skills)}",
    events.CallerChose: lambda it, _: f"the caller chooses: {_plain(it.choice)}",
    events.CallerHungUp: lambda it, _: f"the caller of {it.call} hangs up",
    events.FallbackBegan: lambda _, __: "the dialplan rings the fallback group",
    events.FallbackAnswered: lambda _, __: "somebody who is none of our listeners has the call",
    events.CallerPutThrough: lambda _, __: "the caller is put through: another phone rings",
    events.ListenerRang: lambda it, by: f"{by.listener(it.offer)}'s phone rings",
    events.ListenerPickedUp: lambda it, by: f"{by.listener(it.offer)}, or a voicemail, picks up",
    events.OfferAccepted: lambda it, by: f"{by.listener(it.offer)} presses 1",
    events.OfferDeclined: lambda it, by: f"{by.listener(it.offer)} declines",
    events.OfferFailed: lambda it, by: f"{by.listener(it.offer)}: {_plain(it.reason)}",
    events.ListenerLegEnded: lambda it, by: (
        f"{by.listener(it.offer)}'s leg is gone: {_plain(it.how)}"
    ),
    events.TalkStarted: lambda it, by: f"{by.listener(it.offer)} and the caller talk",
    events.ConnectFailed: lambda it, by: (
        f"{by.listener(it.offer)} and the caller could not be joined"
    ),
    events.HelpAsked: lambda it, by: f"{by.listener(it.offer)} asks for help: {_plain(it.kind)}",
    events.ConsultStarted: lambda it, by: (
        f"{by.listener(it.offer)} speaks with {by.listener(it.helper)}; the caller waits"
    ),
    told.CallBackAsked: lambda _, __: "the caller presses the key for being called back",
    told.PromiseNoted: _noted,
    told.PromiseNotNoted: lambda it, _: f"nothing is promised: {_plain(it.why)}",
    told.NumberTyped: _typed,
    told.NumberChanged: lambda it, _: f"promise {it.promise} is for the number typed now",
    told.PromiseCancelled: lambda it, _: f"promise {it.promise} is cancelled by the {it.by}",
    told.PromiseGiven: lambda it, _: f"promise {it.promise} is to be tried anew, now",
    told.NumberLost: lambda it, _: f"the number of promise {it.promise} is lost",
    told.CallBackTaken: lambda _, __: "whom we called back has pressed the key: it is them",
    told.CallBackEnded: lambda it, _: (
        f"the call back {it.leg} has reached nobody: {_plain(it.how)}"
    ),
    commands.RingListener: _ring,
    commands.DismissListener: lambda it, by: (
        f"{by.listener(it.offer)} is let go: {WHY_DISMISSED[it.why]}"
    ),
    commands.SendToFallback: lambda _, __: "we hand the caller to the fallback group",
    commands.OfferChoice: lambda _, __: "the caller may choose: to wait for whom they know, or not",
    commands.SayWhileWaiting: lambda it, _: f"while waiting the caller hears: {it.words}",
    commands.StartConsult: lambda it, by: f"{by.listener(it.helper)} is joined to the listener",
    commands.BringCallerIn: lambda _, __: "the caller is brought in",
    commands.TellListener: lambda it, by: f"{by.listener(it.offer)} hears: {_plain(it.words)}",
    commands.ReportOutcome: _outcome,
    commands.ReportRung: lambda it, _: f"rung {it.rung} of the ladder is reached",
    commands.ReportOffer: lambda it, _: f"what came of ringing {it.listener}: {_plain(it.result)}",
    commands.ReportBending: lambda it, _: (
        f"{it.listener} has it though this speaks against it: {_plain(it.kind)}"
    ),
    commands.ReportHelp: _help,
    commands.ReportDisposition: _disposed,
    promised.NotePromise: lambda it, _: f"promise {it.promise} is to be noted",
    promised.ChangeNumber: lambda it, _: f"promise {it.promise} is to be for the number typed",
    promised.SayPromised: lambda it, _: (
        f"the caller hears that they are called back within {_seconds(it.within_seconds)}"
    ),
    promised.SayNotPromised: lambda it, _: (
        f"the caller hears that no call-back could be noted: {_plain(it.why)}"
    ),
    promised.DialCaller: lambda it, _: f"we ring whom promise {it.promise} is owed to ({it.leg})",
    promised.DropCallBack: lambda it, _: f"the call back {it.leg} is ended",
    promised.CloseNumber: lambda it, _: f"the number of promise {it.promise} is erased",
    promised.ReportPromise: _promise,
}
