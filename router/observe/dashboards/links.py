"""What the daemon is linked to: parts of *Engine*."""

from __future__ import annotations

from router.observe.dashboards.board import Section
from router.observe.dashboards.limits import NO_LIMIT, YES_OR_NO, bad_from, never
from router.observe.dashboards.panels import (
    COUNT,
    SECONDS,
    YES_NO,
    Bars,
    Chart,
    Number,
    Query,
    Size,
    Times,
    quantiles,
)

DOES_ASTERISK_SPEAK_WITH_US = Section(
    "Does Asterisk speak with us?",
    (
        Chart(
            "Since when has Asterisk said nothing?",
            "An echo comes back each 10 s, or its channels are asked for each 30 s, so that "
            "there is always something to hear. Longer: the link is up and dead.",
            SECONDS,
            bad_from(45, 100),
            Size(7, 7),
            (Query("time() - max(decroche_ami_last_event_timestamp_seconds)", "seconds since"),),
            alerts=("DecrocheAmiSilent",),
        ),
        Times(
            "Is the link up?",
            "And has Asterisk told over it what it holds? Each gap is a time in which the "
            "dialplan's fallback took the calls. Without an echo it would not be seen that "
            "events stop later on.",
            YES_NO,
            YES_OR_NO,
            Size(4, 7),
            (
                Query("min(decroche_ami_connected)", "link to Asterisk"),
                Query("min(decroche_ami_echo_returns)", "its echo"),
            ),
            alerts=("DecrocheAmiDown", "DecrocheAmiEchoMissing"),
        ),
        Number(
            "Compared with Asterisk anew",
            "Times in the last 24 hours that the daemon compared what it believes with "
            "what Asterisk holds: at its start, and at each new link.",
            COUNT,
            bad_from(5, 20),
            Size(3, 7),
            (Query("sum(increase(decroche_resyncs_total[1d]))", "times"),),
            decimals=0,
        ),
        Number(
            "Do both halves fit?",
            "No: Asterisk runs other dialplans than the daemon was made with "
            "(`dialplan_differs` in the log), or with another secret: it is not heard then.",
            YES_NO,
            YES_OR_NO,
            Size(4, 7),
            (
                Query("min(decroche_dialplan_fits)", "one version"),
                Query("min(decroche_dialplan_secret_fits)", "one secret"),
            ),
            alerts=("DecrocheDialplanDiffers", "DecrocheDialplanNotHeard"),
        ),
        Bars(
            "Messages that were not acted upon",
            "Of the last hour, by the reason: forged, malformed, or of a call that is "
            "over. A few are usual.",
            COUNT,
            bad_from(10, 100),
            Size(6, 7),
            (Query("sum by (reason) (increase(decroche_ignored_events_total[1h]))", "{{reason}}"),),
            decimals=0,
            without="none",
        ),
    ),
)

IS_WHAT_HAPPENS_STORED = Section(
    "Is what happens stored?",
    (
        Times(
            "Is the store there?",
            "The journal: calls are routed without it, and a daemon that dies then knows "
            "less of who waited. Promises: without confirmed storage none is made.",
            YES_NO,
            YES_OR_NO,
            Size(8, 7),
            (
                Query("min(decroche_journal_connected)", "journal"),
                Query("min(decroche_promise_store_up)", "promises"),
            ),
            alerts=("DecrocheJournalDown", "DecrochePromiseStoreDown"),
        ),
        Chart(
            "How long does it take to store?",
            "One group of events, to durable storage.",
            SECONDS,
            bad_from(0.05, 0.25),
            Size(8, 7),
            quantiles("decroche_journal_write_seconds"),
        ),
        Chart(
            "How much is stored?",
            "Groups of events a second.",
            "cps",
            NO_LIMIT,
            Size(5, 7),
            (Query("sum(rate(decroche_journal_write_seconds_count[$__rate_interval]))", "writes"),),
        ),
        Number(
            "Entries that could not be read",
            "Journal entries that the daemon skipped at its last start.",
            COUNT,
            never(),
            Size(3, 7),
            (Query("sum(decroche_journal_unreadable_entries_total)", "entries"),),
        ),
    ),
)

DO_APPS_AND_SITES_REACH_US = Section(
    "Do listeners' apps and the site reach us?",
    (
        Number(
            "Is the broker there?",
            "The message broker of listeners' apps, where there is one. Without it they go "
            "by phone, and routing by what rings tell.",
            YES_NO,
            YES_OR_NO,
            Size(4, 7),
            (Query("min by (protocol) (decroche_broker_connected)", "{{protocol}}"),),
            alerts=("DecrocheBrokerDown",),
            without="no broker",
        ),
        Chart(
            "Listeners' apps",
            "Apps that were ever heard of, by whether they are there now.",
            COUNT,
            NO_LIMIT,
            Size(7, 7),
            (Query("sum by (state) (decroche_presence_apps)", "{{state}}"),),
            decimals=0,
            without="no broker",
        ),
        Bars(
            "What apps said, and could not be told",
            "Of the last hour: messages let in, messages refused by the reason, and words "
            "of ours that could not be sent while they were of use.",
            COUNT,
            NO_LIMIT,
            Size(7, 7),
            (
                Query("sum by (kind) (increase(decroche_presence_messages_total[1h]))", "{{kind}}"),
                Query(
                    "sum by (reason) (increase(decroche_presence_refused_total[1h]))",
                    "refused: {{reason}}",
                ),
                Query("sum(increase(decroche_presence_unsent_total[1h]))", "not sent"),
            ),
            decimals=0,
        ),
        Bars(
            "Requests to the API",
            "Of the last hour, by client and HTTP status. Many of a stranger, or many 401 "
            "and 429: somebody tries keys, or a client is wrong.",
            COUNT,
            NO_LIMIT,
            Size(6, 7),
            (
                Query(
                    "sum by (client, status) (increase(decroche_api_requests_total[1h]))",
                    "{{client}} {{status}}",
                ),
            ),
            decimals=0,
            without="no client",
        ),
    ),
)
