"""Figures about the link to Asterisk, and about Asterisk's half."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge


class PbxMetrics:
    """Whether Asterisk and we hear each other."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.ami_connected = Gauge(
            "decroche_ami_connected",
            "1 while the link to Asterisk is up and what it holds is known: calls are routed.",
            registry=registry,
        )
        self.ami_last_event_timestamp_seconds = Gauge(
            "decroche_ami_last_event_timestamp_seconds",
            "Epoch time of the last event from Asterisk; where no echo comes back, also of the "
            "last list of its channels, which is asked for each 30 s; 0 before the first.",
            registry=registry,
        )
        self.resyncs = Counter(
            "decroche_resyncs_total",
            "Times the state was compared with Asterisk's.",
            registry=registry,
        )
        self.dialplan_fits = Gauge(
            "decroche_dialplan_fits",
            "0 while Asterisk runs dialplans of another version than the daemon's.",
            registry=registry,
        )
        self.dialplan_secret_fits = Gauge(
            "decroche_dialplan_secret_fits",
            "0 while the dialplan signs with another secret than the daemon's.",
            registry=registry,
        )
        self.ami_echo_returns = Gauge(
            "decroche_ami_echo_returns",
            "1 while what the daemon sets in Asterisk each 10 s comes back as an event; 0 after "
            "three that did not, as where manager.conf holds them back.",
            registry=registry,
        )
        self.ignored_events = Counter(
            "decroche_ignored_events_total",
            "Messages from Asterisk that were not acted upon.",
            ["reason"],
            registry=registry,
        )
