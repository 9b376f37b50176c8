"""The part of the daemon that hears and tells listeners' apps, made and wired.

Without a broker it hears nobody and tells nobody. Whatever happens to the broker, or comes from it,
calls are routed.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Coroutine
from typing import Any, get_args

import msgspec
import structlog

from router.ami.act import Actor
from router.config import Settings
from router.config.mqtt import mqtt_secret
from router.config.mqtt_tables import Mqtt
from router.core.commands import AnyCommand
from router.core.engine import Engine
from router.core.events import AnyEvent, OfferDeclined
from router.core.floor import State
from router.core.presence_events import DutyWord
from router.errors import ConfigError
from router.observe.metrics import Metrics
from router.presence.book import Book, Presence, last_words
from router.presence.briefs import Briefs
from router.presence.desk import Desk
from router.presence.gate import Gate
from router.presence.link import Broker, Link
from router.presence.queue import BoundedQueue
from router.presence.refusals import TOLD, Reason, Refused, RefusedMessage
from router.presence.topics import HEARD, Heard, Sent, read_topic, topic_of
from router.presence.words_out import EXPIRY_SECONDS, SENT, AnyWord, Wake
from router.runtime.app_means import AppMeans
from router.runtime.lost_words import LostWords
from router.runtime.wake import Waker

log = structlog.get_logger(__name__)

_WHERE: dict[type[AnyWord], Sent] = {shape: where for where, shape in SENT.items()}


class PresencePart:
    """The link, the gate, the book and the desk.

    Raises
    ------
    ConfigError
        if the broker's password or certificates cannot be read.

    """

    def __init__(
        self,
        settings: Settings,
        actor: Actor,
        tell: Callable[[AnyEvent], None],
        waker: Waker,
        metrics: Metrics,
    ) -> None:
        self._metrics = metrics
        self._link = self._make_link(settings.mqtt)
        self._lost_words = LostWords(self._ask_again, time.monotonic)
        self._engine: Engine | None = None
        self._gate = Gate()
        self._book = Book()
        self._means = AppMeans(actor, tell, self._send)
        self._desk = Desk(self._book, self._means, self._engine_state)
        self._briefs = Briefs(self._send, time.time)
        waker.tell_app = lambda listener, line: self._send(listener, Wake(line, time.time()))
        if self._link is not None:
            self._show_from_zero()
            self.take(settings)

    def run(self, engine: Engine) -> Coroutine[Any, Any, None]:
        """Give what hears and tells for ever, or is done at once without a broker.

        To be called before the engine, as it was rebuilt, takes its first event.
        """
        self._engine, state = engine, engine.state
        self._book.begin(last_words(state))
        return self._link.run() if self._link is not None else _nothing()

    async def close(self) -> None:
        """Tell the apps that we go."""
        if self._link is not None:
            await self._link.close()

    def take(self, settings: Settings) -> None:
        """Go by these settings from now on; another broker takes a restart."""
        # A partner's places are nobody's app.
        listeners = {name for name, one in settings.listeners.items() if one.login}
        if self._link is not None and not listeners <= self._gate.listeners:
            self._link.ask_again()
        self._gate.listeners = listeners
        self._means.take(settings)

    def hear(self, event: AnyEvent) -> None:
        """Note an event that the engine has taken."""
        if self._link is None:
            return
        was_an_apps = self._means.was_an_apps(event)
        if isinstance(event, DutyWord) and not was_an_apps:
            said_at = time.time() if event.said_at is None else event.said_at
            self._book.others_word(event.listener, said_at)
        if isinstance(event, OfferDeclined) and was_an_apps:
            self._means.silence(event)
        self._briefs.hear(event)

    def refused(self, event: AnyEvent) -> None:
        """Note an event that the engine has refused: what goes on may have changed meanwhile."""
        said = self._means.said(event)
        if said is not None:
            reason: Reason = "outdated" if isinstance(event, DutyWord) else "not_now"
            self._refuse(said, RefusedMessage(reason))

    def carry_out(self, command: AnyCommand) -> None:
        """Tell the apps what the engine does."""
        if self._link is not None:
            self._briefs.carry_out(command)

    def _make_link(self, mqtt: Mqtt | None) -> Link | None:
        if mqtt is None:
            return None
        password = mqtt_secret(mqtt).load().decode(errors="surrogateescape")
        broker = Broker(mqtt.host, mqtt.port, mqtt.username, password, mqtt.ca_file)
        try:
            broker.tls()
        except OSError as error:
            raise ConfigError(f"mqtt.ca_file: {mqtt.ca_file}: no certificates: {error}") from error
        return Link(
            broker,
            on_message=self._take_message,
            on_change=self._link_is,
            on_unsent=self._metrics.presence_unsent.inc,
            jitter=random.random,
        )

    def _ask_again(self) -> None:
        if self._link is not None:
            self._link.ask_again()

    def _engine_state(self) -> State:
        assert self._engine is not None, "the link is held only while the engine runs"
        return self._engine.state

    def _link_is(self, up: bool) -> None:  # noqa: FBT001 - the link's own word
        self._metrics.broker_connected.labels("mqtt").set(up)
        if not up:
            self._desk.nobody_is_heard()
            self._show_apps()

    def _take_message(self, topic: str, payload: bytes, retained: bool) -> None:  # noqa: FBT001 - as MQTT has it
        now = time.time()
        self._count_thrown_away()
        try:
            admitted = self._gate.admit(topic, payload, now, retained=retained)
            if admitted is None:
                return
            self._desk.take(*admitted, now)
        except RefusedMessage as refused:
            self._refuse(read_topic(topic), refused)
            return
        except Exception:
            # What an app says must never end the link for the others, nor routing.
            log.exception("app_message_broke")
            return
        read = read_topic(topic)
        assert read is not None, "the gate has read it"
        self._metrics.presence_messages.labels(read[1]).inc()
        if read[1] == "availability":
            self._show_apps()

    def _refuse(self, said: tuple[str, Heard] | None, refused: RefusedMessage) -> None:
        reason = refused.reason
        self._metrics.presence_refused.labels(reason).inc()
        log.debug("app_refused", reason=reason)
        if said is None:
            return
        listener, word = said
        if reason == "flood" and not self._lost_words.flooded(listener):
            return
        if (told := TOLD.get(reason)) is not None:
            # As often as the gate lets something in, at most: an answer costs no less.
            self._send(listener, Refused(word, told, time.time(), refused.field))

    def _send(self, listener: str, word: AnyWord) -> None:
        if self._link is None or listener not in self._gate.listeners:
            return
        where = _WHERE[type(word)]
        topic = topic_of(listener, where)
        self._link.send(topic, msgspec.json.encode(word), EXPIRY_SECONDS[where])

    def _count_thrown_away(self) -> None:
        if BoundedQueue.thrown_away:
            self._metrics.presence_refused.labels("overflow").inc(BoundedQueue.thrown_away)
            BoundedQueue.thrown_away = 0
            self._lost_words.lost()

    def _show_apps(self) -> None:
        counted = self._book.presences()
        for presence in get_args(Presence):
            self._metrics.presence_apps.labels(presence).set(counted[presence])

    def _show_from_zero(self) -> None:
        self._metrics.broker_connected.labels("mqtt").set(0)
        for reason in get_args(Reason):
            self._metrics.presence_refused.labels(reason)
        for kind in HEARD:
            self._metrics.presence_messages.labels(kind)
        self._show_apps()


async def _nothing() -> None:
    """Be done."""
