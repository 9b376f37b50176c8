"""All the checks, in order; one that cannot be made says so and the others go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from router.config import Settings, load
from router.config.mqtt import mqtt_secret
from router.config.secret import (
    Secret,
    ami_secret,
    caller_secret,
    dialplan_secret,
    vault_before_secret,
    vault_secret,
    wallboard_secret,
)
from router.doctor.api import check_api
from router.doctor.broker import check_broker
from router.doctor.clock import check_clock
from router.doctor.dialplan import (
    check_contexts,
    check_fallback,
    check_form,
    check_lines,
    check_secret,
)
from router.doctor.echo import check_echo
from router.doctor.finding import Finding, Verdict, fail, fine, skip
from router.doctor.link import AmiRefusedError, Link
from router.doctor.rights import check_rights
from router.doctor.senior import check_help
from router.doctor.sounds import check_sounds
from router.doctor.store import check_store
from router.doctor.user import check_user
from router.doctor.version import check_version
from router.errors import AmiError, ConfigError

BY_AMI: dict[str, Callable[[Settings, Link], Verdict]] = {
    "AMI permissions": check_rights,
    "Asterisk version": check_version,
    "dialplan contexts": check_contexts,
    "dialplan form": check_form,
    "dialplan lines": check_lines,
    "dialplan secret": check_secret,
    "fallback group": check_fallback,
    "help in a talk": check_help,
    "sounds": check_sounds,
    "clock": check_clock,
    # Last: it may wait in vain, and nobody shall wait for the others meanwhile.
    "AMI events": check_echo,
}


def run(settings_path: Path) -> list[Finding]:
    """Make every check, within seconds whatever the other side does."""
    try:
        settings = load(settings_path)
    except ConfigError as error:
        return [_finding("config", fail(str(error), "correct each line above"))]
    return [
        _finding("config", fine(str(settings.path))),
        _finding("user", check_user(settings)),
        _finding("secrets", _check_secrets(settings)),
        *_check_asterisk(settings),
        _finding("store", check_store(settings)),
        *_check_doors(settings),
    ]


def _check_doors(settings: Settings) -> Iterator[Finding]:
    """Look at what only some sites have."""
    if settings.mqtt is not None:
        yield _finding("broker", check_broker(settings.mqtt, settings.web.port))
    if settings.api is not None:
        yield _finding("API", check_api(settings.api))


def _check_secrets(settings: Settings) -> Verdict:
    problems = []
    vault = vault_secret(settings)
    wanted: list[Secret | None] = [ami_secret(settings), caller_secret(settings)]
    wanted += [dialplan_secret(settings), wallboard_secret(settings)]
    if settings.keeps_numbers() or vault.is_given():
        wanted += [vault, vault_before_secret(settings)]
    if settings.mqtt is not None:
        wanted.append(mqtt_secret(settings.mqtt))
    for secret in filter(None, wanted):
        try:
            secret.load()
        except ConfigError as error:
            problems.append(str(error))
    if problems:
        return fail("\n".join(problems), "mend each as its line says")
    return fine("found, long enough, private")


def _check_asterisk(settings: Settings) -> Iterator[Finding]:
    try:
        with Link(settings.asterisk.host, settings.asterisk.port) as link:
            yield _finding("AMI reachable", fine("Asterisk greets"))
            yield from _check_logged_in(settings, link)
    except AmiError as error:
        mend = "start Asterisk with enabled = yes in manager.conf, or correct [asterisk]"
        yield _finding("AMI reachable", fail(str(error), mend))
        yield from _not_checked(["AMI log-in", *BY_AMI])


def _check_logged_in(settings: Settings, link: Link) -> Iterator[Finding]:
    verdict = _log_in(settings, link)
    yield _finding("AMI log-in", verdict)
    waiting = list(BY_AMI)
    while waiting and verdict.mark == "ok":
        name = waiting.pop(0)
        try:
            yield _finding(name, BY_AMI[name](settings, link))
        except AmiRefusedError as error:
            yield _finding(name, fail(f"refused: {error}", "see AMI permissions"))
        except AmiError as error:
            yield _finding(name, fail(str(error), "look at Asterisk's load and its log"))
            break
    yield from _not_checked(waiting)


def _log_in(settings: Settings, link: Link) -> Verdict:
    username = settings.asterisk.username
    mend = f"compare [{username}] in manager.conf with [asterisk] and the credential decroche.ami"
    try:
        password = ami_secret(settings).load().decode(errors="replace")
        link.ask("Login", Username=username, Secret=password, Events="off")
    except ConfigError:
        return skip("we have no AMI secret", "see secrets")
    except AmiError as error:
        return fail(str(error), mend)
    return fine(f"as {username}")


def _not_checked(names: list[str]) -> Iterator[Finding]:
    for name in names:
        yield _finding(name, skip("Asterisk was not reached that far"))


def _finding(name: str, verdict: Verdict) -> Finding:
    return Finding(name, verdict.mark, verdict.detail, verdict.mend)
