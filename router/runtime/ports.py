"""Where the daemon is watched, and where it is asked for things."""

from __future__ import annotations

import time

import structlog

from router.config import Settings
from router.errors import ControlError
from router.observe.metrics import Metrics
from router.runtime.api_part import ApiPart
from router.runtime.dialplan_form import DialplanForm
from router.runtime.loop import Loop
from router.runtime.notify import Notify
from router.runtime.recorder import Recorder
from router.runtime.storage import Storage
from router.runtime.wallboard_part import WallboardPart
from router.version import VERSION
from router.web.control import ControlServer
from router.web.counter import Counter
from router.web.server import Readiness, WebServer

log = structlog.get_logger(__name__)


class Ports:
    """The web port, the control socket, the API where there is one, and the service manager's ear.

    `counter` is None where nobody is called back.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        loop: Loop,
        storage: Storage,
        recorder: Recorder,
        metrics: Metrics,
        control: ControlServer,
        counter: Counter | None,
        wallboard_token: bytes | None,
        notify: Notify,
        form: DialplanForm,
    ) -> None:
        self._loop = loop
        self._storage = storage
        self._recorder = recorder
        self._metrics = metrics
        self._control = control
        self._form = form
        self._wallboard = WallboardPart(settings, wallboard_token, loop, storage, recorder)
        self._web = WebServer(
            settings.web.port,
            since_turn_seconds=lambda: loop.still_seconds,
            readiness=self._readiness,
            render_metrics=self._render_metrics,
            wallboard=self._wallboard.pages,
            hosts=settings.web.hosts,
        )
        self._api: ApiPart | None = None
        if settings.api is not None and counter is not None:
            self._api = ApiPart(settings, counter, storage.url, metrics)

        self._notify = notify
        loop.on_turn = self._tell_turned

    async def open(self) -> None:
        """Open all, and say so.

        Raises
        ------
        ConfigError
            if a port cannot be had; `close` then closes what is open.

        """
        port = await self._web.start()
        if self._api is not None:
            await self._api.start()
        self._wallboard.start()
        await self._open_control()
        log.info("started", version=VERSION, web_port=port)

    async def close(self) -> None:
        """Close all, once what is being answered is."""
        if self._api is not None:
            await self._api.stop()
        await self._control.stop()
        await self._wallboard.stop()
        await self._web.stop()

    def take(self, settings: Settings) -> None:
        """Go by these settings from now on."""
        self._wallboard.take(settings)
        if self._api is not None:
            self._api.take(settings.api)

    async def _open_control(self) -> None:
        """Let ops ask for things; without it calls are routed all the same."""
        try:
            await self._control.start()
        except ControlError as error:
            log.error("control_closed", problem=str(error))

    def _readiness(self) -> Readiness:
        up, degraded = self._loop.engine.state.pbx_up, self._storage.journal.degraded
        warnings = ["journal down: a restart would forget"] if degraded else []
        return Readiness(
            reasons=() if up else ("no link to Asterisk: the dialplan's fallback takes the calls",),
            warnings=(*warnings, *self._form.warnings),
        )

    def _tell_turned(self) -> None:
        now = self._readiness()
        self._notify.turned(now.reasons, now.warnings)

    def _render_metrics(self) -> bytes:
        self._recorder.set_gauges(self._loop.engine.state, time.time())
        self._metrics.loop_last_turn_timestamp_seconds.set(self._loop.turned_at)
        return self._metrics.render()
