"""Our Asterisk: the project's dialplans, prompts and manager account, and a trunk to the farm."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from tests.testbed.ami import Account
from tests.testbed.instance import Instance
from tests.testbed.tree import cache_folder, french_sounds, tree_folder

PROJECT = Path(__file__).parents[2]
DIALPLANS = PROJECT / "dialplans"
MANAGER = PROJECT / "config/manager.conf"
FEATURES = PROJECT / "config/features.conf"
TRUNK = PROJECT / "config/pjsip.conf"
ON_LOOPBACK = "media_address = 127.0.0.1\nbind_rtp_to_media_address = yes"


class Pbx(Instance):
    """The Asterisk that the daemon drives."""

    def __init__(self, folder: Path, account: Account, sip_port: int) -> None:
        super().__init__(folder, account, sip_port)
        self.secret = "a-secret-of-the-testbed-0123456789"
        """The dialplan's `DECROCHE_SECRET`."""
        self.manager = Account(account.port, "decroche", "the-daemon-on-the-testbed")
        """The daemon's AMI account, with the rights of config/manager.conf."""

    def furnish(self, farm_sip_port: int, rtp_start: int, fallback: Sequence[str]) -> None:
        """Write configuration, dialplans and prompts; `fallback` are phones of the farm."""
        values = {
            "is_phones": "no",
            "rtp_start": str(rtp_start),
            "rtp_end": str(rtp_start + 999),
            "secret": self.secret,
            "farm_sip_port": str(farm_sip_port),
            "fallback": "&".join(f"PJSIP/{phone}@trunk" for phone in fallback),
        }
        self.configure("pbx", values)
        etc = self.folder / "etc"
        shutil.copytree(DIALPLANS, etc / "decroche", ignore=shutil.ignore_patterns("prompts"))
        (etc / "site.conf").rename(etc / "decroche/site.conf")
        (etc / "manager.conf").write_text(self._manager())
        (etc / "pjsip.conf").write_text(self._trunk(farm_sip_port))
        shutil.copy(FEATURES, etc)
        (self.folder / "data/sounds/decroche").symlink_to(prompts_folder())
        hold_music(self.folder / "data/moh")

    def _manager(self) -> str:
        text = re.sub(r"(?m)^port = .*$", f"port = {self.manager.port}", MANAGER.read_text())
        text = re.sub(r"(?m)^secret = .*$", f"secret = {self.manager.secret}", text)
        # When something happened is Asterisk's to say, however busy those are who hear of it.
        text = text.replace("[general]\n", "[general]\ntimestampevents = yes\n", 1)
        return text + '\n#include "admin.conf"\n'

    def _trunk(self, farm_sip_port: int) -> str:
        text = TRUNK.read_text().replace("0.0.0.0:5060", f"127.0.0.1:{self.sip_port}")
        text = text.replace("sip:sip.provider.example", f"sip:127.0.0.1:{farm_sip_port}")
        text = text.replace("sip.provider.example", "127.0.0.1")
        text = re.sub(r"(?m)^direct_media = no$", rf"\g<0>\n{ON_LOOPBACK}", text)
        return text + '\n#include "desk.conf"\n'


def prompts_folder() -> Path:
    """Give the folder of the prompts, made anew only when the catalogue or its maker changed."""
    sources = (DIALPLANS / "prompts/fr.toml", DIALPLANS / "prompts/make.py")
    content = b"".join(source.read_bytes() for source in sources)
    made = cache_folder() / f"prompts-{hashlib.sha256(content).hexdigest()[:16]}"
    if not made.exists():
        made.parent.mkdir(parents=True, exist_ok=True)
        begun = Path(tempfile.mkdtemp(dir=made.parent, prefix="prompts-begun-"))
        prompt_maker().make(begun, sounds=french_sounds(tree_folder()))
        try:
            begun.rename(made)
        except OSError:  # another testbed was first
            shutil.rmtree(begun)
    return made


def prompt_maker() -> ModuleType:
    """Load dialplans/prompts/make.py, which is a script and not in a package."""
    path = DIALPLANS / "prompts/make.py"
    spec = importlib.util.spec_from_file_location("decroche_prompts", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot load {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def hold_music(folder: Path) -> None:
    """Put something quiet where Asterisk looks for music on hold."""
    folder.mkdir()
    words = ["sox", "-n", "-r", "8000", "-c", "1", "-b", "16", str(folder / "quiet.wav")]
    subprocess.run([*words, "synth", "4", "sine", "330", "vol", "0.05"], check=True)
