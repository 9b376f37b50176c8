"""From what comes into the loop to the engine's events: the first of the loop's four steps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from router.ami.act import Actor
from router.ami.errors import LinkDown
from router.ami.link import AmiLink
from router.ami.menu import MenuDesk, MenuRequest, MenuVerdict
from router.ami.message import Message
from router.ami.mirror import Mirror
from router.ami.parse import BadMessage
from router.ami.resync import list_legs, list_names, missed_ends, resynced
from router.ami.translate import CallerHasher, Translator
from router.ami.version import MEND, judge
from router.ami.wake import WakeDesk
from router.core.events import AnyEvent, PbxLost
from router.errors import AmiError
from router.observe.metrics import Metrics
from router.runtime.inbox import Errand, Inbox, Item, LegsListed, LegsNamed, LinkUp

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
        wake_desk: WakeDesk,
        actor: Actor,
        hash_caller: CallerHasher,
        metrics: Metrics,
        clock: Callable[[], float],
    ) -> None:
        self._inbox = inbox
        self._mirror = mirror
        self._translator = translator
        self._menu = menu
        self._wake_desk = wake_desk
        self._actor = actor
        self._hash_caller = hash_caller
        self._metrics = metrics
        self._clock = clock
        self._link: AmiLink | None = None
        self._synced = False
        self._checking = False
        self._tasks: set[asyncio.Task[None]] = set()

    def events_of(self, item: Item) -> list[AnyEvent]:
        """Give the events that an item means."""
        events: list[AnyEvent] = []
        match item:
            case Message():
                events = self._read(item)
            case LinkUp():
                self._begin_resync(item.link)
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
        self._synced = False
        self._mirror.forget_all()
        self._actor.use(None)

    def _begin_resync(self, link: AmiLink) -> None:
        self._link = link
        self._spawn(_warn_of_old_version(link))
        self._spawn(self._list(link))

    def _end_resync(self, done: LegsListed) -> list[AnyEvent]:
        if done.link is not self._link:
            return []
        self._synced = True
        self._metrics.resyncs.inc()
        truth = resynced(self._mirror, done.listed)
        self._actor.use(done.link)
        self._actor.wake_calls.hang_up_all(one.leg for one in done.listed)
        # At once: until the first beat the dialplan sends every caller to its fallback.
        self._actor.beat(self._clock())
        log.info("resynced", calls=len(truth.calls), offers=len(truth.offers))
        return [truth]

    def _end_check(self, done: LegsNamed) -> list[AnyEvent]:
        self._checking = False
        if not self._synced:
            return []
        if done.named is None:
            self._actor.doubts = True
            return []
        return [*missed_ends(self._mirror, done.asked, done.named)]

    async def _list(self, link: AmiLink) -> None:
        try:
            listed = await list_legs(link, self._hash_caller)
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
        self._inbox.put(LegsListed(link, listed))

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
