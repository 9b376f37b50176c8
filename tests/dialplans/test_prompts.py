"""The catalogue has every prompt that a dialplan plays, and none besides."""

from __future__ import annotations

import re
import wave
from pathlib import Path

import pytest

from router.ami.spoken_wait import SPOKEN
from router.ami.words import CALL_BACK_PROMPTS
from tests.testbed import require_testbed
from tests.testbed.pbx import DIALPLANS, PROJECT, prompt_maker, prompts_folder

CATALOGUE = prompt_maker().catalogue()
SHORTEST = ("digit-1", "minute-1")
"""Both are "un", and no word is shorter."""
SAMPLE = PROJECT / "config/decroche.toml"


def test_every_prompt_that_a_dialplan_plays_is_in_the_catalogue() -> None:
    assert played() - CATALOGUE.keys() == set()


def test_every_prompt_of_the_catalogue_is_played_by_a_dialplan() -> None:
    assert CATALOGUE.keys() - played() == set()


def test_every_prompt_comes_out_as_telephone_sound_with_words_in_it() -> None:
    require_testbed()
    for key in CATALOGUE:
        with wave.open(str(prompts_folder() / f"{key}.wav")) as sound:
            form = (sound.getframerate(), sound.getnchannels(), sound.getsampwidth())
            assert form == (8000, 1, 2), key
            assert sound.getnframes() > (3500 if key in SHORTEST else 4000), key


def test_a_studio_recording_replaces_the_made_prompt(tmp_path: Path) -> None:
    require_testbed()
    studio = tmp_path / "studio"
    studio.mkdir()
    with wave.open(str(studio / "welcome.wav"), "wb") as recording:
        recording.setparams((1, 2, 8000, 0, "NONE", ""))
        recording.writeframes(bytes(2 * 1234))
    prompt_maker().make(tmp_path / "out", studio=studio)
    with wave.open(str(tmp_path / "out/welcome.wav")) as sound:
        assert sound.getnframes() == 1234


def test_a_prompt_without_words_is_refused_with_file_and_key(tmp_path: Path) -> None:
    maker = prompt_maker()
    bad = tmp_path / "fr.toml"
    bad.write_text('[welcome]\ntext = ""\n')
    with pytest.raises(maker.PromptError, match=r"fr.toml: \[welcome\] wants a text"):
        maker.catalogue(bad)


def played() -> set[str]:
    """Give every prompt that the dialplans play, for every line and for known and new callers.

    Some are named by the daemon: the ranges of the expected wait, times of day, and the config's
    hold words, of which the sample has some in a comment.
    """
    text = "\n".join(path.read_text() for path in DIALPLANS.glob("*.conf"))
    lines = set(re.findall(r"Gosub\(decroche-line,s,1\((\w+)\)\)", text))
    holes = {
        "${DECROCHE_LINE}": lines,
        "${DECROCHE_KNOWN}": {"0", "1"},
        "${digit}": set("0123456789"),
    }
    keys = set(re.findall(r"decroche/([a-z0-9-]*(?:\$\{\w+\})?)(?=[&,)])", text))
    for names in re.findall(r"decroche-prompt,first,1\(([^()<>]*)\)", text):
        keys |= set(names.split("&"))
    keys |= {one.prompt for one in SPOKEN} | set(CALL_BACK_PROMPTS)
    keys |= set(re.findall(r'words = "([a-z-]+)"', SAMPLE.read_text()))
    for hole, values in holes.items():
        keys |= {key.replace(hole, value) for key in keys if hole in key for value in values}
    return {key for key in keys if "$" not in key}
