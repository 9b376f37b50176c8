"""How long the prompts of `dialplans/prompts/fr.toml` last, in seconds, as espeak-ng says them."""

from __future__ import annotations

SECONDS: dict[str, float] = {
    "welcome": 4.9,
    "welcome-short": 3.9,
    "confidential": 3.1,
    "reassurance": 5.3,
    "cut-off": 7.8,
    "declined": 1.9,
    "taken": 2.2,
    "over": 2.3,
}
