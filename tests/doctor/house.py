"""A configuration on disk as a site has it, for the doctor to look at."""

from __future__ import annotations

from pathlib import Path

from router.config import Settings, load
from router.doctor import Finding, run
from tests.config.trees import LISTENERS
from tests.testbed.ami import Account

MAIN = """\
listeners_file = "listeners.toml"
[asterisk]
port = {port}
username = "{username}"
secret_file = "ami.secret"
[secrets]
caller_hash_file = "caller.secret"
dialplan_file = "dialplan.secret"
[store]
state_dir = "state"
[pools]
house = "On the platform"
[lines.health]
number = "0805232336"
skills = {{ health = 2, fr = 1 }}
"""


class House:
    """A config tree with its secrets; healthy towards the testbed once `at` was called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "decroche.toml"
        (folder / "listeners.toml").write_text(LISTENERS, encoding="utf-8")
        self.keep("caller", "the-key-of-the-hashes-0123456789-abcdef")

    def at(self, account: Account, dialplan_secret: str = "d" * 32) -> House:
        text = MAIN.format(port=account.port, username=account.username)
        self.path.write_text(text, encoding="utf-8")
        self.keep("ami", account.secret)
        self.keep("dialplan", dialplan_secret)
        return self

    def keep(self, name: str, secret: str) -> Path:
        path = self.folder / f"{name}.secret"
        path.write_text(f"{secret}\n")
        path.chmod(0o600)
        return path

    def change(self, good: str, bad: str) -> None:
        text = self.path.read_text(encoding="utf-8")
        assert good in text
        self.path.write_text(text.replace(good, bad, 1), encoding="utf-8")

    def settings(self) -> Settings:
        return load(self.path)

    def findings(self) -> dict[str, Finding]:
        return {finding.name: finding for finding in run(self.path)}
