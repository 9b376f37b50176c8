"""Watches whether the dialplan signs with our secret: all that it says with another is dropped."""

from __future__ import annotations

from typing import Final

import structlog

from router.ami import contract
from router.ami.contract import Seal
from router.ami.link import AmiLink
from router.ami.variable import global_variable
from router.observe.metrics import Metrics

MEND: Final = (
    "write the same secret in dialplans/site.conf (DECROCHE_SECRET) and in the credential "
    "decroche.dialplan; then run asterisk -rx 'dialplan reload' and restart the daemon"
)

log = structlog.get_logger(__name__)


class DialplanSecret:
    """Knows what the last look has found; before the first, that all is well.

    Asterisk is asked for the secret itself, as the doctor asks: the account's own goes the same
    way in the clear, and who has that may ask too. Nothing of the answer is kept or shown.
    """

    def __init__(self, metrics: Metrics, seal: Seal) -> None:
        self._metrics = metrics
        self._seal = seal
        self._fits = True
        metrics.dialplan_secret_fits.set(1)

    async def look(self, link: AmiLink) -> None:
        """Ask Asterisk. Should it not answer, what was found before stands."""
        secret = await global_variable(link, contract.SECRET)
        if secret is None:
            return
        before, self._fits = self._fits, self._seal.is_of(secret.encode())
        self._metrics.dialplan_secret_fits.set(self._fits)
        if before and not self._fits:
            log.error("dialplan_secret_differs", how_to_mend=MEND)
        elif self._fits and not before:
            log.info("dialplan_secret_fits")
