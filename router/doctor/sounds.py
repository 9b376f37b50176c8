"""Whether every prompt that the dialplan plays is there.

Asterisk lists no files to an account with our rights, so they are looked for from here, which
needs Asterisk's files to be on this machine. The names come from the dialplan that is loaded.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from pathlib import Path

from router.config import Settings
from router.doctor.dialplan import CONTEXTS, steps_of
from router.doctor.finding import Verdict, fail, fine, skip
from router.doctor.link import Link

LANGUAGE = "fr"
_PROMPT = re.compile(r"decroche/([a-z0-9-]+)(?:\$\{(DECROCHE_LINE|DECROCHE_KNOWN)\})?")
_PLAYERS = frozenset({"Playback", "Read"})
_SHOWN = 5


def check_sounds(settings: Settings, link: Link) -> Verdict:
    """Look for a file of any format for each prompt."""
    folder = settings.asterisk.sounds_dir or _local_folder(settings, link)
    if folder is None or not folder.is_dir():
        return skip(
            "Asterisk's sounds are not to be seen from this machine",
            "set sounds_dir under [asterisk] if they are",
        )
    prompts = sorted(set(_prompts(settings, link)))
    missing = [prompt for prompt in prompts if not _is_there(folder, prompt)]
    if missing:
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        return fail(
            f"no sound for: {', '.join(missing[:_SHOWN])}{more}",
            f"run: python dialplans/prompts/make.py {folder / LANGUAGE / 'decroche'}",
        )
    return fine(f"{len(prompts)} prompts in {folder}")


def _local_folder(settings: Settings, link: Link) -> Path | None:
    if not _is_loopback(settings.asterisk.host):
        return None
    data = link.variable("ASTDATADIR")
    return Path(data) / "sounds" if data.startswith("/") else None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _prompts(settings: Settings, link: Link) -> Iterator[str]:
    endings = {"": [""], "DECROCHE_LINE": list(settings.lines), "DECROCHE_KNOWN": ["0", "1"]}
    for context in CONTEXTS:
        for step in steps_of(link, context):
            if step.get("Application") not in _PLAYERS:
                continue
            for name, variable in _PROMPT.findall(step.get("AppData", "")):
                yield from (name + ending for ending in endings[variable])


def _is_there(folder: Path, prompt: str) -> bool:
    return any(any(place.glob(f"decroche/{prompt}.*")) for place in (folder / LANGUAGE, folder))
