from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from router.config.secret import CREDENTIALS_DIRECTORY, Secret
from router.errors import ConfigError

SECRET = b"a secret of at least 32 bytes, for tests"
VARIABLE = "DECROCHE_CALLER_SECRET"


def load_secret(path: Path | None, environment: Mapping[str, str]) -> bytes:
    return Secret("caller secret", VARIABLE, path, 32).load(environment)


def secret_file(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    path = folder / "secret"
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_a_private_secret_file_is_read_without_its_last_newline(tmp_path: Path) -> None:
    assert load_secret(secret_file(tmp_path, SECRET + b"\n"), {}) == SECRET


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    path = secret_file(tmp_path, b"x" * 40)
    assert load_secret(path, {VARIABLE: SECRET.decode()}) == SECRET


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o644, 0o602])
def test_a_secret_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = secret_file(tmp_path, SECRET, mode)
    with pytest.raises(ConfigError, match=rf"{path}: .*expected mode 0600.*chmod 600"):
        load_secret(path, {})


@pytest.mark.parametrize("content", [b"", b"\n", b"changeme", b"x" * 31 + b"\n"])
def test_a_short_secret_is_refused_and_not_shown(tmp_path: Path, content: bytes) -> None:
    path = secret_file(tmp_path, content)
    with pytest.raises(ConfigError, match=r"expected at least 32 bytes.*openssl rand") as caught:
        load_secret(path, {})
    assert "changeme" not in str(caught.value)


def test_a_short_secret_in_the_environment_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match=f"^{VARIABLE}: "):
        load_secret(None, {VARIABLE: "short"})


def test_a_missing_secret_is_refused_with_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere: .*cannot be read.*openssl rand"):
        load_secret(tmp_path / "nowhere", {})
    with pytest.raises(ConfigError, match="openssl rand"):
        load_secret(None, {})


def test_the_way_to_make_a_secret_makes_one_that_is_taken(tmp_path: Path) -> None:
    made = secret_file(tmp_path, b"A" * 64 + b"\n")
    assert len(load_secret(made, {})) == 64


def test_a_secret_of_several_lines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expected one line of text"):
        load_secret(secret_file(tmp_path, SECRET + b"\n" + SECRET), {})


def credential(folder: Path, mode: int = 0o440) -> dict[str, str]:
    path = folder / "decroche.caller"
    path.write_bytes(SECRET)
    path.chmod(mode)
    return {CREDENTIALS_DIRECTORY: str(folder)}


def test_what_systemd_hands_over_is_read_where_the_config_names_no_file(tmp_path: Path) -> None:
    assert load_secret(None, credential(tmp_path)) == SECRET


def test_the_files_of_the_config_go_before_credentials(tmp_path: Path) -> None:
    named = secret_file(tmp_path, b"x" * 40)
    assert load_secret(named, credential(tmp_path)) == b"x" * 40


def test_a_credential_that_anybody_can_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"decroche\.caller: .*expected mode 0600"):
        load_secret(None, credential(tmp_path, 0o444))


def test_a_credential_of_another_name_is_not_taken_for_ours(tmp_path: Path) -> None:
    environment = credential(tmp_path)
    (tmp_path / "decroche.caller").rename(tmp_path / "decroche.ami")
    with pytest.raises(ConfigError, match=r"expected the credential decroche\.caller"):
        load_secret(None, environment)
