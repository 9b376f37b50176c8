# ruff: noqa: INP001 - a script that a site runs by itself, in no package
"""Make the sound files of the prompts: `python dialplans/prompts/make.py OUT_DIR`.

For each key of the catalogue, the first of these that there is: a studio recording of that name,
the sound of Asterisk's own French set that the catalogue names, the text spoken by espeak-ng. All
come out as 8 kHz mono 16-bit WAV, which every Asterisk plays.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tomllib
from pathlib import Path

CATALOGUE = Path(__file__).with_name("fr.toml")
WORDS_PER_MINUTE = "160"
"""Calm, and clear over a bad line."""
LEAD_SECONDS = "0.2"
"""Silence before the words: what is lost while the sound path opens must not be a word."""


class PromptError(Exception):
    """A prompt cannot be made; the message says which, and what was expected."""


def main(arguments: list[str] | None = None) -> int:
    """Make every prompt; 0 if all are there."""
    parser = argparse.ArgumentParser(description="Make the sound files of the prompts.")
    parser.add_argument("out", type=Path, help="folder for the WAV files")
    parser.add_argument("--studio", type=Path, help="folder of studio recordings, <key>.wav")
    parser.add_argument("--sounds", type=Path, help="folder of Asterisk's own French sounds")
    options = parser.parse_args(arguments)
    try:
        made = make(options.out, studio=options.studio, sounds=options.sounds)
    except PromptError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{len(made)} prompts in {options.out}\n")
    return 0


def catalogue(path: Path = CATALOGUE) -> dict[str, dict[str, str]]:
    """Read the catalogue: key to its `text` and, where one fits, its `asterisk` sound.

    Raises
    ------
    PromptError
        if a prompt has no text, or anything besides `text` and `asterisk`.

    """
    prompts = tomllib.loads(path.read_text(encoding="utf-8"))
    for key, prompt in prompts.items():
        if not isinstance(prompt, dict) or not prompt.get("text"):
            raise PromptError(f"{path}: [{key}] wants a text")
        if unknown := prompt.keys() - {"text", "asterisk"}:
            raise PromptError(f"{path}: [{key}] has {sorted(unknown)}; wanted: text, asterisk")
    return prompts


def make(out: Path, *, studio: Path | None = None, sounds: Path | None = None) -> list[Path]:
    """Make every prompt of the catalogue into `out`, and give the files.

    Raises
    ------
    PromptError
        if the catalogue is bad, or espeak-ng or sox is missing or fails.

    """
    out.mkdir(parents=True, exist_ok=True)
    return [_make_one(out, key, p, studio, sounds) for key, p in catalogue().items()]


def _make_one(
    out: Path, key: str, prompt: dict[str, str], studio: Path | None, sounds: Path | None
) -> Path:
    target = out / f"{key}.wav"
    recording = studio / f"{key}.wav" if studio else None
    own = sounds / f"{prompt['asterisk']}.gsm" if sounds and "asterisk" in prompt else None
    ready = next((path for path in (recording, own) if path and path.exists()), None)
    if ready:
        _convert(key, target, str(ready))
    else:
        spoken = _run(
            key, "espeak-ng", "-v", "fr", "-s", WORDS_PER_MINUTE, "--stdout", prompt["text"]
        )
        _convert(key, target, "-", "pad", LEAD_SECONDS, spoken=spoken)
    return target


def _convert(key: str, target: Path, source: str, *effects: str, spoken: bytes = b"") -> None:
    form = ["-t", "wav"] if source == "-" else []
    telephone = ["-r", "8000", "-c", "1", "-b", "16"]
    _run(key, "sox", "-G", "-V1", *form, source, *telephone, str(target), *effects, given=spoken)


def _run(key: str, program: str, *words: str, given: bytes = b"") -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - fixed programs, and words of the catalogue
            [program, *words], input=given, capture_output=True, check=True
        )
    except FileNotFoundError:
        raise PromptError(
            f"[{key}]: {program} is missing; install it, or record {key}.wav"
        ) from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip()
        raise PromptError(f"[{key}]: {program} failed: {said}") from None
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
