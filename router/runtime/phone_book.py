"""How listeners are dialled and let in, as the configuration says."""

from __future__ import annotations

from router.ami.act import Phones
from router.ami.call_back import Dialling
from router.ami.menu import Door
from router.config import Settings


def phones(settings: Settings) -> Phones:
    """Give how each listener is rung for a call."""
    endpoints = {name: one.endpoint for name, one in settings.listeners.items()}
    return Phones(endpoints, _caller_ids(settings))


def phones_to_wake(settings: Settings) -> Phones:
    """Give how those are rung who may be rung before there is a call."""
    woken = {name: one.endpoint for name, one in settings.listeners.items() if one.wakes}
    return Phones(woken, _caller_ids(settings))


def dialling(settings: Settings) -> Dialling:
    """Give how callers are called back."""
    return Dialling(
        endpoint=settings.asterisk.callers_endpoint or "",
        calling_back=settings.lines_that_call_back(),
        caller_ids=_caller_ids(settings),
        zone=settings.time_zone,
    )


def doors(settings: Settings) -> dict[str, Door]:
    """Give whom each login number lets into the menu; a partner's place has none."""
    return {
        one.login: Door(name, one.pin_hash) for name, one in settings.listeners.items() if one.login
    }


def _caller_ids(settings: Settings) -> dict[str, str]:
    return {name: one.caller_id or one.number for name, one in settings.lines.items()}
