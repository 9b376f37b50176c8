from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.testbed import install, need, tree

BREAKS_OFF = """#!/bin/sh
for word; do case "$word" in */asterisk-begun-*) mkdir -p "$word/usr" ;; esac; done
echo breaks off >&2
exit 1
"""


def test_the_mirror_is_the_one_that_apt_itself_uses(tmp_path: Path) -> None:
    one_line = tmp_path / "sources.list"
    one_line.write_text(
        "# deb http://old.example/debian bookworm main\n"
        "deb http://security.example/debian-security bookworm-security main\n"
        "deb [signed-by=/k.gpg] https://mirror.example/debian/ bookworm main\n"
    )
    deb822 = tmp_path / "debian.sources"
    deb822.write_text("Types: deb\nURIs: http://other.example/debian\nSuites: bookworm\n")
    assert install.debian_mirror([one_line, deb822]) == "https://mirror.example/debian/"
    assert install.debian_mirror([deb822]) == "http://other.example/debian"


def test_a_machine_without_a_debian_mirror_has_none(tmp_path: Path) -> None:
    ubuntu = tmp_path / "ubuntu.sources"
    ubuntu.write_text("Types: deb\nURIs: http://archive.example/ubuntu\nSuites: noble\n")
    assert install.debian_mirror([ubuntu, tmp_path / "none"]) is None


def test_an_install_with_nothing_missing_runs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    need.require_testbed()
    monkeypatch.setattr("subprocess.run", _must_not_run)
    assert install.install() == 0


def test_an_install_that_breaks_off_is_never_taken_for_a_whole_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in (*need.PROGRAMS, *need.OTHERS, *install.INSTALLERS):
        (programs / name).write_text(BREAKS_OFF)
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(install, "as_root", list)
    assert install.install() == 1
    assert "the testbed lacks Asterisk" in capfd.readouterr().err
    assert list(tree.cache_folder().iterdir()) == []


def test_without_root_the_way_to_mend_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(tree.BrokenTestbedError, match="apt-get install espeak-ng sox redis-server"):
        install.as_root()


def _must_not_run(*words: object, **options: object) -> None:
    raise AssertionError(f"ran {words} {options}")
