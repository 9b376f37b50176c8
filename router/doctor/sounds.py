"""Whether every prompt that the dialplan plays is there.

Asterisk lists no files to an account with our rights, so they are looked for from here, which
needs Asterisk's files to be on this machine. The names come from the dialplan that is loaded, and
from the config: hold words, the ranges of the expected wait where a line says it, and the times of
day where a line calls back.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from pathlib import Path
from string import digits

from router.ami.spoken_wait import SPOKEN
from router.ami.words import CALL_BACK_PROMPTS
from router.config import Settings
from router.doctor.dialplan import CONTEXTS, steps_of
from router.doctor.finding import Verdict, fail, fine, skip
from router.doctor.link import Link

LANGUAGE = "fr"
WELCOME = "welcome-{}"
_PROMPT = re.compile(r"decroche/([a-z0-9-]+)(?:\$\{(DECROCHE_LINE|DECROCHE_KNOWN|digit)\})?")
_ONE_OF = re.compile(r"decroche-prompt,first,1\(([^()]*)\)")
"""What is looked for before it is played: only the last one must be there."""
_PLAYERS = frozenset({"Playback", "Read", "Set"})
"""What plays prompts, or puts together those that are played next."""
_SHOWN = 5


def check_sounds(settings: Settings, link: Link) -> Verdict:
    """Look for a file of any format for each prompt."""
    folder = settings.asterisk.sounds_dir or _local_folder(settings, link)
    if folder is None or not folder.is_dir():
        return skip(
            "Asterisk's sounds are not to be seen from this machine",
            "set sounds_dir under [asterisk] if they are",
        )
    prompts = dict.fromkeys(sorted(_prompts(settings, link)), "") | _named(settings)
    missing = [
        f"{prompt} ({where})" if where else prompt
        for prompt, where in prompts.items()
        if not _is_there(folder, prompt)
    ]
    if missing:
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        return fail(
            f"no sound for: {', '.join(missing[:_SHOWN])}{more}",
            f"run: python dialplans/prompts/make.py {folder / LANGUAGE / 'decroche'}",
        )
    return fine(f"{len(prompts)} prompts in {folder}{_without_welcome(settings, folder)}")


def _without_welcome(settings: Settings, folder: Path) -> str:
    """Tell, so that nobody wonders, whose callers hear the general welcome."""
    plain = [name for name in settings.lines if not _is_there(folder, WELCOME.format(name))]
    return f"; with the general welcome: {', '.join(plain)}" if plain else ""


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
    endings["digit"] = list(digits)
    for context in CONTEXTS:
        for step in steps_of(link, context):
            said = step.get("AppData", "")
            yield from (names.rpartition("&")[2] for names in _ONE_OF.findall(said))
            if step.get("Application") in _PLAYERS:
                for name, variable in _PROMPT.findall(said):
                    yield from (name + ending for ending in endings[variable])


def _named(settings: Settings) -> dict[str, str]:
    """Give the prompts that the config asks for, each with where it does."""
    ranges = [one.prompt for one in SPOKEN] if settings.lines_that_say_the_wait() else []
    calls_back = any(line.call_back is not None for line in settings.lines.values())
    times = CALL_BACK_PROMPTS if calls_back else ()
    said = dict.fromkeys(ranges, "says_wait") | dict.fromkeys(times, "call_back")
    return said | settings.hold_words()


def _is_there(folder: Path, prompt: str) -> bool:
    return any(any(place.glob(f"decroche/{prompt}.*")) for place in (folder / LANGUAGE, folder))
