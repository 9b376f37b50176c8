"""What happens to single events between Asterisk and the engine: lost, or each late by its own."""

from __future__ import annotations

from random import Random

from simulations.world.sampling import Sampler


class Noise:
    """Draws whether an event is lost, and by how much it comes later than it was said."""

    def __init__(self, losing: Random, delaying: Random) -> None:
        self.is_quiet = True
        """Nothing is lost and nothing overtaken now."""
        self._losing = losing
        self._delaying = delaying
        self._shares: list[float] = []
        self._delays: list[Sampler] = []

    def begin_loss(self, share: float) -> None:
        """Lose this share of the events, besides what is lost already."""
        self._shares.append(share)
        self._judge()

    def end_loss(self, share: float) -> None:
        """Lose it no more."""
        self._shares.remove(share)
        self._judge()

    def begin_disorder(self, by: Sampler) -> None:
        """Delay each event by a draw of its own, besides other delays."""
        self._delays.append(by)
        self._judge()

    def end_disorder(self, by: Sampler) -> None:
        """Delay them no more."""
        self._delays.remove(by)
        self._judge()

    def delay_seconds(self) -> float | None:
        """Draw by how much an event comes later; None if it never comes."""
        for share in self._shares:
            if self._losing.random() < share:
                return None
        return sum(by(self._delaying) for by in self._delays)

    def _judge(self) -> None:
        self.is_quiet = not self._shares and not self._delays
