"""Watches whether Asterisk's half is of our version. Calls are routed all the same."""

from __future__ import annotations

from typing import Final

import structlog

from router.ami import contract
from router.ami.form import MEND, other_form
from router.ami.link import AmiLink
from router.ami.variable import global_variable
from router.observe.metrics import Metrics

WARNING: Final = "Asterisk's dialplans are of another version than the daemon"

log = structlog.get_logger(__name__)


class DialplanForm:
    """Knows what the last look has found; before the first, that all is well.

    To refuse service would leave every caller to the fallback, where most of what the two halves
    say to each other is as it was.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._metrics.dialplan_fits.set(1)
        self._problem: str | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """Say what is wrong, if anything is."""
        return () if self._problem is None else (WARNING,)

    async def look(self, link: AmiLink) -> None:
        """Ask Asterisk. Should it not answer, what was found before stands."""
        form = await global_variable(link, contract.FORM)
        if form is None:
            return
        before, self._problem = self._problem, other_form(form)
        self._metrics.dialplan_fits.set(self._problem is None)
        if self._problem is None and before is not None:
            log.info("dialplan_fits")
        elif self._problem not in (None, before):
            log.error("dialplan_differs", problem=self._problem, how_to_mend=MEND)
