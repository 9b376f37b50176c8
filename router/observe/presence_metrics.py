"""Figures about what listeners' apps say, and what they are told."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge


class PresenceMetrics:
    """Who is there, what was acted upon, and what was not. No label grows with the listeners."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.presence_apps = Gauge(
            "decroche_presence_apps",
            "Listeners' apps that were ever heard of, by whether they are there now.",
            ["state"],
            registry=registry,
        )
        self.presence_messages = Counter(
            "decroche_presence_messages_total",
            "Messages of listeners' apps that were let in, by the last level of their topic.",
            ["kind"],
            registry=registry,
        )
        self.presence_refused = Counter(
            "decroche_presence_refused_total",
            "Messages on listeners' topics that changed nothing.",
            ["reason"],
            registry=registry,
        )
        self.presence_unsent = Counter(
            "decroche_presence_unsent_total",
            "Words to listeners' apps that could not be sent while they were of use.",
            registry=registry,
        )
