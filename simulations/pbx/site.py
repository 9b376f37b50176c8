"""What a site fills in: who may log in, the dialplan's secret, and who is in the fallback group."""

from __future__ import annotations

from dataclasses import dataclass, field

from router.ami.contract import Seal
from simulations.pbx.people import Manner


@dataclass(frozen=True)
class Site:
    """One site's settings; `phones` is whoever can be rung, by the name in their dial string."""

    username: str
    ami_secret: str = field(repr=False)
    dialplan_secret: str = field(repr=False)
    phones: dict[str, Manner]
    fallback: tuple[str, ...] = ()
    """Names of phones."""

    @property
    def seal(self) -> Seal:
        """What the dialplan signs its words with."""
        return Seal(self.dialplan_secret.encode())
