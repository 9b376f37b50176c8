"""What mosquitto reads: the files of `config/mosquitto`, for one machine and one evening."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from simulations.demo.certificates import write_certificates
from simulations.demo.ports import HERE

SAMPLE = Path(__file__).parents[2] / "config/mosquitto"
THERE = "/etc/mosquitto/decroche"
PORT = "8883"
"""Both as the sample has them."""

MAIN_FILE = "mosquitto.conf"
HASHES_SECONDS = 60.0
"""Of a thousand passwords, on a slow machine."""


def find(program: str) -> str | None:
    """Give where a program is: Debian keeps the broker where only root's shell looks."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])
    return shutil.which(program, path=path)


def write_broker_files(folder: Path, port: int, passwords: Mapping[str, str]) -> None:
    """Write the config, the rights, certificates, and the passwords by their users' names."""
    write_certificates(folder)
    config = (SAMPLE / MAIN_FILE).read_text(encoding="utf-8")
    config = config.replace(THERE, str(folder)).replace(PORT, f"{port} {HERE}")
    (folder / MAIN_FILE).write_text(f"{config}\nuser {getpass.getuser()}\n", encoding="utf-8")
    shutil.copyfile(SAMPLE / "acl", folder / "acl")
    path = folder / "passwords"
    path.touch(mode=0o600)
    path.write_text("".join(f"{user}:{one}\n" for user, one in passwords.items()), encoding="utf-8")
    program = find("mosquitto_passwd") or "mosquitto_passwd"
    words = [program, "-U", str(path)]
    subprocess.run(words, check=True, timeout=HASHES_SECONDS)  # noqa: S603 - all of it is ours
