"""The daemon as a process: signals in, exit code out."""

from __future__ import annotations

import asyncio
import faulthandler
import signal
import sys
from pathlib import Path

from router.config import load
from router.config.shape import Log
from router.observe.logging import set_up_logging
from router.runtime.daemon import Daemon
from router.runtime.notify import Notify


def serve(config: Path) -> None:
    """Run the daemon until SIGTERM or SIGINT; SIGHUP has it read its config again.

    Raises
    ------
    DecrocheError
        if it cannot start.

    """
    settings = load(config)
    _set_up(settings.log)
    # Where a loop was stuck is told before the watchdog's SIGABRT ends it.
    faulthandler.enable()
    notify = Notify()
    asyncio.run(_serve(Daemon(settings, notify), notify))


async def _serve(daemon: Daemon, notify: Notify) -> None:
    def stop() -> None:
        notify.stopping()
        daemon.stop()

    def reload() -> None:
        with notify.reloading():
            daemon.reload()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    loop.add_signal_handler(signal.SIGHUP, reload)
    try:
        await daemon.run()
    finally:
        notify.stopping()


def _set_up(log: Log) -> None:
    on_terminal = log.format == "console" or (log.format == "auto" and sys.stderr.isatty())
    set_up_logging("console" if on_terminal else "json", log.level.upper())
