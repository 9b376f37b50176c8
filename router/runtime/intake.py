"""From what comes into the loop to the engine's events: the first of the loop's four steps."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection, Coroutine
from typing import Any, Final, get_args

import structlog

from router.ami.act import Actor
from router.ami.contract import Seal
from router.ami.errors import LinkDown
from router.ami.link import AmiLink
from router.ami.menu import MenuDesk, MenuRequest, MenuVerdict
from router.ami.message import Message
from router.ami.mirror import Mirror
from router.ami.parse import BadMessage, BadReason
from router.ami.resync import list_legs, list_names, missed_ends, resynced
from router.ami.talked import read_marks
from router.ami.translate import CallerHasher, Translator
from router.ami.version import MEND, judge
from router.ami.wake import WakeDesk
from router.core.events import AnyEvent, PbxLost
from router.core.promise_events import PbxBooted
from router.errors import AmiError
from router.observe.metrics import Metrics
from router.runtime.dialplan_form import DialplanForm
from router.runtime.dialplan_secret import DialplanSecret
from router.runtime.echo import Echo
from router.runtime.fence import Fence
from router.runtime.inbox import Errand, Inbox, Item, LegsListed, LegsNamed, LinkUp
from router.runtime.pbx_life import PbxLife

LONGEST_UPTIME: Final = re.compile(r"[0-9]{1,9}")
"""In seconds: thirty years."""

HeldTeller = Callable[[Collection[str], float | None, Collection[str], str | None], None]

log = structlog.get_logger(__name__)


class Intake:
    """Translates items in order. What takes time is done beside the loop and comes back to it."""

    def __init__(
        self,
        *,
        inbox: Inbox,
        mirror: Mirror,
        translator: Translator,
        menu: MenuDesk,
        seal: Seal,
        actor: Actor,
        hash_caller: CallerHasher,
        metrics: Metrics,
        clock: Callable[[], float],
    ) -> None:
        self._inbox = inbox
        self._mirror = mirror
        self._translator = translator
        self._menu = menu
        self._wake_desk = WakeDesk(seal, actor.wake_calls)
        self._actor = actor
        self._hash_caller = hash_caller
        self._metrics = metrics
        self._clock = clock
        self.tell_held: HeldTeller = _tell_nobody
        """Told, at each resync, which callers Asterisk holds, since when it is up, who has talked
        unseen, and which life of Asterisk's it is."""
        self.life = PbxLife()
        self.fence: Fence | None = None
        self.form = DialplanForm(metrics)
        self._dialplan_secret = DialplanSecret(metrics, seal)
        self._echo = Echo(metrics)
        self._up_since: float | None = None
        self._link: AmiLink | None = None
        self._synced = False
        self._checking = False
        self._tasks: set[asyncio.Task[None]] = set()
        # Prometheus sees no increase where nothing was before.
        for reason in get_args(BadReason):
            metrics.ignored_events.labels(reason)

    def events_of(self, item: Item) -> list[AnyEvent]:
        """Give the events that an item means."""
        events: list[AnyEvent] = []
        match item:
            case Message():
                events = self._read(item)
            case LinkUp():
                self._take_up(item.link)
            case LegsListed():
                events = self._end_resync(item)
            case LegsNamed():
                events = self._end_check(item)
            case Errand():
                events = [item.event]
            case MenuVerdict():
                events = [item.event] if item.event is not None else []
            case PbxLost():
                self._lose_link()
                events = [item]
            case _:
                events = [item]
        return events

    def check(self) -> None:
        """Look whether a leg that is believed in is gone without a word."""
        if self._link is not None and self._synced and not self._checking:
            self._checking = True
            # What is refused from now on is another doubt, for another check.
            self._actor.doubts = False
            self._spawn(self._name(self._link, self._mirror.legs()))
            self._spawn(self.life.look(self._link))
            self._look_at_dialplans(self._link)

    def look_at_echo(self) -> None:
        """See whether Asterisk's events come; a link over which they do not is given up."""
        if self._link is not None:
            self._echo.look(self._link)

    def look_at_fence(self) -> None:
        """See whether a newer daemon is at Asterisk."""
        if self.fence is not None and self._link is not None and self._synced:
            self._spawn(self.fence.look(self._link))

    @property
    def doubtful(self) -> bool:
        """Say whether something is not as it is believed, so that a check is wanted soon."""
        return self._actor.doubts or self._mirror.suspicious

    def begin_anew(self) -> None:
        """Take up a new link: messages were lost, and only a whole resync makes up for that."""
        if self._link is not None:
            self._link.give_up(LinkDown("too many messages at once; some were lost"))

    def close(self) -> None:
        """Give up what is under way beside the loop."""
        for task in self._tasks:
            task.cancel()

    def _read(self, message: Message) -> list[AnyEvent]:
        self._metrics.ami_last_event_timestamp_seconds.set(self._clock())
        self._listen(message)
        if message.name == "FullyBooted":
            self._up_since = _up_since(message, self._clock())
        try:
            request = self._menu.read(message)
            if request is not None:
                self._spawn(self._judge(request))
                return []
            verdict = self._wake_desk.read(message)
            if verdict is not None:
                self._inbox.put(verdict)
                return []
            return self._translator.translate(message)
        except BadMessage as bad:
            self._metrics.ignored_events.labels(bad.reason).inc()
            log.warning("message_ignored", reason=bad.reason)
            return []

    def _lose_link(self) -> None:
        self._link = None
        self.life.begin(None)
        self._synced = False
        self._mirror.forget_all()
        self._actor.use(None)

    def _listen(self, message: Message) -> None:
        was_deaf = self._echo.is_deaf
        self._echo.hear(message)
        hears_again = was_deaf and not self._echo.is_deaf
        if hears_again and self._link is not None and not self._synced:
            self._begin_resync(self._link)

    def _take_up(self, link: AmiLink) -> None:
        self._link = link
        self.life.begin(link)
        self._echo.begin(link)
        # Without a resync there is no heartbeat: no caller is made to wait for a deaf daemon.
        if not self._echo.is_deaf:
            self._begin_resync(link)

    def _begin_resync(self, link: AmiLink) -> None:
        self._spawn(_warn_of_old_version(link))
        self._look_at_dialplans(link)
        self._spawn(self._list(link))

    def _look_at_dialplans(self, link: AmiLink) -> None:
        self._spawn(self.form.look(link))
        self._spawn(self._dialplan_secret.look(link))

    def _end_resync(self, done: LegsListed) -> list[AnyEvent]:
        if done.link is not self._link:
            return []
        self._synced = True
        self._metrics.resyncs.inc()
        truth = resynced(self._mirror, done.listed, done.talked)
        self._actor.use(done.link)
        self._actor.wake_calls.hang_up_all(one.leg for one in done.listed)
        # At once: until the first beat the dialplan sends every caller to its fallback.
        self._actor.beat(self._clock())
        calls, life = [seen.call for seen in truth.calls], self.life.word()
        self.tell_held(calls, self._up_since, truth.talked, life)
        there, talked = len(truth.calls), len(truth.talked)
        log.info("resynced", calls=there, offers=len(truth.offers), talked=talked)
        # One that has died since has nobody left who was there before, whatever the clocks say.
        up_since = self._clock() if self.life.is_another else self._up_since
        booted = [PbxBooted(up_since)] if up_since is not None else []
        return [*booted, truth]

    def _end_check(self, done: LegsNamed) -> list[AnyEvent]:
        self._checking = False
        if not self._synced:
            return []
        if done.named is None:
            self._actor.doubts = True
            return []
        if not self._echo.is_expected:
            self._metrics.ami_last_event_timestamp_seconds.set(self._clock())
        return [*missed_ends(self._mirror, done.asked, done.named)]

    async def _list(self, link: AmiLink) -> None:
        try:
            if self.fence is not None:
                # First: what an older daemon dials from here on is refused, and not in the list.
                await self.fence.tend(link)
            await self.life.tend(link)
            listed = await list_legs(link, self._hash_caller)
            # Last: a talk that is in the list no more is by now among these.
            talked = await read_marks(link)
        except AmiError as error:
            # A link that cannot list is of no use: a new one will ask again.
            log.warning("resync_failed", reason=str(error))
            link.give_up(error)
            return
        except Exception:
            # A task's end: in silence the link would stay up, without a heartbeat, for ever.
            log.exception("resync_broke")
            link.give_up(LinkDown("the resync broke by an error of ours"))
            return
        self._inbox.put(LegsListed(link, listed, talked))

    async def _name(self, link: AmiLink, asked: list[str]) -> None:
        named: frozenset[str] | None = None
        try:
            named = await list_names(link)
        except AmiError as error:
            log.info("check_failed", reason=str(error))
        finally:
            self._inbox.put(LegsNamed(asked, named))

    async def _judge(self, request: MenuRequest) -> None:
        verdict = await asyncio.to_thread(self._menu.judge, request, self._clock())
        self._inbox.put(verdict)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _tell_nobody(
    _calls: Collection[str],
    _up_since: float | None,
    _talked: Collection[str],
    _life: str | None,
) -> None:
    """Keep it to ourselves."""


def _up_since(booted: Message, now: float) -> float | None:
    """Give since when, in epoch seconds, Asterisk is up; None where it does not say so."""
    uptime = booted.get("Uptime")
    return now - int(uptime) if LONGEST_UPTIME.fullmatch(uptime) else None


async def _warn_of_old_version(link: AmiLink) -> None:
    """Say loudly where our account could be used to run programs; callers are served all the same.

    To refuse service would leave every caller to the fallback for a hole that only somebody with
    our account's secret can use; the doctor refuses, before a start.
    """
    try:
        settings = await link.send("CoreSettings", {})
    except AmiError:
        return
    judged = judge(settings.get("AsteriskVersion"))
    if judged.safety == "open":
        log.error("asterisk_vulnerable", version=judged.name, how_to_mend=MEND)
