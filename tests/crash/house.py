"""The configuration of the daemon that is killed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from msgspec.structs import replace

from router.config import Settings, hash_pin, load
from tests.crash.people import LINE, Plan
from tests.e2e import config_files
from tests.e2e.config_files import Person

ACCOUNT: Final = "decroche"
AMI_SECRET: Final = "ami secret of a world that is none"
DIALPLAN_SECRET: Final = "dialplan secret of a world that is none"
PIN_HASH: Final = hash_pin("2580")
FALLBACK_AFTER_SECONDS: Final = 120.0


def settings_of(folder: Path, plan: Plan, store_url: str, ami_port: int) -> Settings:
    """Write the files of a world, and read them."""
    secrets = {
        "ami": AMI_SECRET,
        "caller": "x" * 48,
        "dialplan": DIALPLAN_SECRET,
        "vault": "v" * 48,
    }
    for name, secret in secrets.items():
        path = folder / f"{name}.secret"
        path.write_text(secret)
        path.chmod(0o600)
    line = {
        "number": "0805232336",
        "skills": {"health": 2},
        "ladder": [{"after_seconds": 0, "ring_at_once": 1}],
        "call_back_key": "3",
        "call_back": plan.rules,
        "ring_seconds": 10.0,
        "fallback_after_seconds": FALLBACK_AFTER_SECONDS,
    }
    main = folder / "decroche.toml"
    config_files.write_main(
        main,
        {
            "asterisk": {
                "port": ami_port,
                "username": ACCOUNT,
                "secret_file": "ami.secret",
                "callers_endpoint": "PJSIP/{number}@trunk",
            },
            "store": {"state_dir": str(folder / "state"), "redis_url": store_url},
            "secrets": {
                "caller_hash_file": "caller.secret",
                "dialplan_file": "dialplan.secret",
                "vault_file": "vault.secret",
            },
            "care": {"wrap_up_seconds": 2.0, "missed_rest_seconds": [10.0, 20.0]},
            f"lines.{LINE}": line,
        },
    )
    team = {name: Person(skills={"health": 2}) for name in plan.listeners}
    config_files.write_listeners(folder / "listeners.toml", team, PIN_HASH, {})
    (folder / "state").mkdir()
    # No file may say so, but each life then has a port that nobody else is given in between.
    return replace(settings := load(main), web=replace(settings.web, port=0))
