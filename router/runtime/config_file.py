"""The config file of a running daemon, read again when ops ask for it."""

from __future__ import annotations

import structlog

from router.config import Settings, load
from router.config.restart import waiting_for_a_restart
from router.errors import ConfigError
from router.observe.metrics import Metrics

log = structlog.get_logger(__name__)


class ConfigFile:
    """Reads it again, and says what a running daemon does not take of it."""

    def __init__(self, begun_with: Settings, metrics: Metrics) -> None:
        self._begun_with = begun_with
        self._metrics = metrics

    def read_again(self) -> Settings | None:
        """Give what it says now; None where that is bad, which is told."""
        try:
            settings = load(self._begun_with.path)
        except ConfigError as error:
            self._metrics.config_last_reload_successful.set(0)
            problems = str(error).splitlines()
            log.error("config_refused", problems=problems, effect="the old one stays")
            return None
        if waiting := waiting_for_a_restart(self._begun_with, settings):
            log.error("config_wants_a_restart", keys=waiting, effect="as at the start until then")
        return settings
