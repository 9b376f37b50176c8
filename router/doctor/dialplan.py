"""Whether Asterisk holds our dialplan: contexts, form, lines, secret and fallback group."""

from __future__ import annotations

import hmac
import re

from router.ami.contract import FORM
from router.ami.form import MEND, OURS, other_form
from router.config import Settings
from router.config.secret import dialplan_secret
from router.doctor.finding import Verdict, fail, fine, skip, warn
from router.doctor.link import AmiRefusedError, Link
from router.errors import ConfigError

INBOUND = "decroche-inbound"
CONTEXTS = {
    INBOUND: (),
    "decroche-line": ("s",),
    "decroche-prompt": ("first",),
    "decroche-hold": ("s", "join", "keys", "choice"),
    "decroche-keys": ("pressed", "noted"),
    "decroche-offer": ("s", "calling", "taken", "not_reached", "over"),
    "decroche-wrapup": ("s", "meaning", "promised", "not_promised"),
    "decroche-menu": (
        "s",
        "ready",
        "paused",
        "off",
        "noted",
        "hard",
        "too_late",
        "refused",
        "unavailable",
    ),
    "decroche-wake": ("s", "ready", "paused", "unavailable"),
    "decroche-call-back": ("s", "taken"),
    "decroche-fence": ("s",),
    "decroche-promise": (
        "noted",
        "number_unknown",
        "not_a_number",
        "emergency",
        "short",
        "premium",
        "own_line",
        "international",
        "store",
    ),
    "decroche-number": ("said", "again", "type"),
    "decroche-senior": ("ask", "ask-senior", "ask-shock", "room", "consult", "together"),
    "decroche-whisper": ("s", "sought", "nobody"),
    "decroche-put-through": (),
    "decroche-put-through-to": ("s", "emergency"),
    "decroche-put-through-hidden": ("s",),
    "decroche-fallback": ("asked", "stale", "unacknowledged"),
    "decroche-fallback-member": (),
    "decroche-fallback-screen": ("s",),
    "decroche-fallback-answered": ("s",),
    "decroche-daemon": ("alive",),
    "decroche-talked": ("begin", "caller", "listener"),
    "decroche-emergency": (),
}
"""Each context, with the extensions that the daemon or another context goes to."""

_LINE = re.compile(r"decroche-line,s,1\(([^()]*)\)")


def check_contexts(_settings: Settings, link: Link) -> Verdict:
    """Look for every context and the extensions gone to by name."""
    missing = []
    for context, extensions in CONTEXTS.items():
        steps = steps_of(link, context)
        there = {step.get("Extension") for step in steps}
        missing += [f"{context},{name}" for name in extensions if name not in there]
        missing += [] if steps else [context]
    if missing:
        return fail(
            f"not in the dialplan: {', '.join(missing)}",
            'end extensions.conf with #include "decroche/decroche.conf", and have the files of '
            "this version there (docs/install.md, A newer version); then run "
            "asterisk -rx 'dialplan reload'",
        )
    return fine(f"{len(CONTEXTS)} contexts")


def check_form(_settings: Settings, link: Link) -> Verdict:
    """Compare what Asterisk calls its dialplans with those of this version."""
    problem = other_form(link.variable(FORM))
    return fine(OURS) if problem is None else fail(problem, MEND)


def check_lines(settings: Settings, link: Link) -> Verdict:
    """Look for every line's number, leading to the line of that name."""
    leads_to = {
        step.get("Extension"): match[1]
        for step in steps_of(link, INBOUND)
        if (match := _LINE.search(step.get("AppData", "")))
    }
    astray = [
        f"{line.number} does not lead to the line {name!r}"
        for name, line in settings.lines.items()
        if leads_to.get(line.number) != name
    ]
    if astray:
        return fail("; ".join(astray), "write it in dialplans/lines.conf, as the others are")
    return fine(f"{len(settings.lines)} lines")


def check_secret(settings: Settings, link: Link) -> Verdict:
    """Compare the dialplan's secret with ours; neither is shown."""
    try:
        ours = dialplan_secret(settings).load()
    except ConfigError:
        return skip("we have no secret to compare with")
    theirs = link.variable("DECROCHE_SECRET").encode()
    if not theirs:
        return fail("DECROCHE_SECRET is not set", "set it in dialplans/site.conf")
    if not hmac.compare_digest(ours, theirs):
        return fail(
            "the dialplan has another secret than the daemon: every event would be dropped",
            "write the same one in dialplans/site.conf and in the credential decroche.dialplan",
        )
    return fine("the same on both sides")


def check_fallback(_settings: Settings, link: Link) -> Verdict:
    """Look whether somebody is rung when the daemon does not answer."""
    members = [member for member in link.variable("DECROCHE_FALLBACK").split("&") if member]
    mend = "set DECROCHE_FALLBACK in dialplans/site.conf: at least two dial strings joined by &"
    if not members:
        return fail("nobody is rung when the daemon does not answer", mend)
    if len(members) == 1:
        return warn("one person alone is rung when the daemon does not answer", mend)
    return fine(f"{len(members)} dial strings")


def steps_of(link: Link, context: str) -> list[dict[str, str]]:
    """List a context's steps; none where it is not there.

    Raises
    ------
    AmiError
        if Asterisk does not answer in time.

    """
    try:
        return link.list_of("ShowDialPlan", Context=context)
    except AmiRefusedError:
        return []
