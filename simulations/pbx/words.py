"""How long the prompts of `dialplans/prompts/fr.toml` last, as espeak-ng says them."""

from __future__ import annotations

from simulations.pbx.leg import Leg

SECONDS: dict[str, float] = {
    "welcome": 4.9,
    "welcome-health": 5.5,
    "welcome-students": 5.6,
    "welcome-police": 5.5,
    "welcome-short": 3.9,
    "confidential": 3.1,
    "keys-health": 4.9,
    "keys-students": 4.9,
    "keys-police": 4.1,
    "noted": 1.1,
    "choice": 4.7,
    "choice-call-back": 6.2,
    "reassurance": 5.3,
    "hold-further": 3.5,
    "hold-call-back": 5.6,
    "hold-everybody": 4.9,
    "wait-under-1": 2.6,
    "wait-1-to-2": 2.7,
    "wait-under-2": 2.7,
    "wait-2-to-5": 3.0,
    "wait-under-5": 2.8,
    "wait-5-to-10": 2.9,
    "wait-under-10": 2.7,
    "cut-off": 7.8,
    "promised": 2.5,
    "promised-change": 2.3,
    "promised-stay": 2.3,
    "no-number": 2.7,
    "number-wrong": 2.2,
    "number-emergency": 2.9,
    "number-short": 2.6,
    "number-premium": 2.8,
    "number-own": 3.9,
    "number-abroad": 2.7,
    "number-again": 4.6,
    "number-kept": 2.4,
    "not-promised": 5.1,
    "call-back": 6.9,
    "call-back-due": 1.3,
    "calling-back": 1.9,
    "not-reached": 2.7,
    "declined": 1.9,
    "taken": 2.2,
    "over": 2.3,
    "wrapup": 9.3,
    "menu-number": 2.9,
    "menu-pin": 2.4,
    "menu-choice": 6.4,
    "menu-ready": 2.4,
    "menu-paused": 1.4,
    "menu-off": 2.0,
    "menu-refused": 1.8,
    "menu-unavailable": 3.7,
    "goodbye": 0.9,
}


async def play(leg: Leg, *words: str) -> None:
    """Say these to a leg, one after the other."""
    leg.run("Playback", "&".join(f"decroche/{word}" for word in words))
    await leg.rest(sum(SECONDS[word] for word in words))
