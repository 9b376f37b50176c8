"""Put what the tests need on a Debian or Ubuntu machine. Does nothing where all is there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.testbed.need import OTHERS, PROGRAMS, missing, missing_programs
from tests.testbed.tree import BrokenTestbedError, tree_folder

SUITE = "forky"
"""Debian 12 and 13 carry no Asterisk; forky has version 22, the long-term one."""
ELSEWHERE = "sid"
"""What debootstrap knows by itself on a machine whose apt uses no Debian mirror."""
PACKAGES = (
    "ca-certificates",
    "asterisk",
    "asterisk-core-sounds-fr",
    "asterisk-core-sounds-fr-gsm",
    "asterisk-core-sounds-en-gsm",
)
INSTALLERS = {"debootstrap": "debootstrap"}
"""Program to Debian package: what is run once, to make the tree."""
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
DEBIAN_URI = re.compile(r"https?://\S+/debian/?(?=\s|$)", re.MULTILINE)


def install() -> int:
    """Install what is missing; 0 if the testbed can run afterwards."""
    if not missing() and not missing_programs(OTHERS):
        return 0
    try:
        _install_programs()
        if not tree_folder().exists():
            _install_tree(tree_folder())
    except (BrokenTestbedError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"the testbed was not installed: {error}\n")
    for lack in (still := missing()):
        sys.stderr.write(f"the testbed lacks {lack}\n")
    return 1 if still else 0


def as_root() -> list[str]:
    """Give the words to put before a command that needs root.

    Raises
    ------
    BrokenTestbedError
        if we are not root and sudo is not to be had without a password.

    """
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _succeeds(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    packages = " ".join({**PROGRAMS, **OTHERS, **INSTALLERS}.values())
    raise BrokenTestbedError(
        "this needs root or sudo without a password; as root, run: "
        f"apt-get install {packages}; then again, as root with HOME={Path.home()}: "
        "python -m tests.testbed install"
    )


def debian_mirror(sources: Sequence[Path] | None = None) -> str | None:
    """Give the Debian mirror that apt itself uses, or None where it uses none (Ubuntu)."""
    if sources is None:
        etc = Path("/etc/apt")
        sources = [etc / "sources.list", *sorted((etc / "sources.list.d").glob("*"))]
    for path in sources:
        lines = path.read_text().splitlines() if path.is_file() else []
        said = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
        if uri := DEBIAN_URI.search(said):
            return uri[0]
    return None


def _install_programs() -> None:
    wanted = {**PROGRAMS, **OTHERS, **INSTALLERS}
    if not missing_programs(wanted):
        return
    apt = [*as_root(), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    packages = [*wanted.values(), "debian-archive-keyring"]
    subprocess.run([*apt, "update"], check=True)
    subprocess.run([*apt, "install", "--no-install-recommends", "-y", *packages], check=True)


def _install_tree(tree: Path) -> None:
    """Make the tree beside its place, and rename it once it is whole."""
    begun = tree.with_name(f"{tree.name}-begun-{os.getpid()}")
    begun.parent.mkdir(parents=True, exist_ok=True)
    root = as_root()
    scripts = Path("/usr/share/debootstrap/scripts")
    mirror = debian_mirror()
    words = ["debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}"]
    if KEYRING.exists():
        words.append(f"--keyring={KEYRING}")
    if mirror is None:
        words += [ELSEWHERE, str(begun)]
    else:
        words += [SUITE, str(begun), mirror, str(scripts / ELSEWHERE)]
    try:
        subprocess.run([*root, *words], check=True)
        subprocess.run([*root, "mv", "--no-target-directory", str(begun), str(tree)], check=True)
    finally:
        subprocess.run([*root, "rm", "-rf", "--one-file-system", str(begun)], check=True)


def _succeeds(words: list[str]) -> bool:
    return subprocess.run(words, capture_output=True, check=False).returncode == 0
