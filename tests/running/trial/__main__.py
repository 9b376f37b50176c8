"""`make install-trial`: follow docs/install.md to a first call, and print how long it took."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.running.trial import image
from tests.running.trial.existing import start_asterisk
from tests.running.trial.guide import new_master_key, steps
from tests.running.trial.machine import SOURCE, Machine, MachineError
from tests.testbed import behaviour
from tests.testbed.ami import Account
from tests.testbed.farm import FarmInstance, at_the_farm
from tests.testbed.tree import BrokenTestbedError, asterisk_command, tree_folder
from tests.tidy.source import ROOT

PBX_SIP, FARM_SIP, FARM_RTP = 5060, 5070, 30_000
FARM_AMI = Account(5138, "testbed", "the-tests-own-account")
LINE, LISTENER, CALLER = "0805232336", "0199000101", "0639980001"
ANSWER_SECONDS = 30.0
REPOSITORY, PLACE = "/srv/repository", "/opt/decroche"


RELOADS = """
systemctl reload decroche
echo 'nonsense = 1' >> /etc/decroche/decroche.toml
! systemctl reload decroche
sed -i '$d' /etc/decroche/decroche.toml
systemctl reload decroche
systemctl is-active decroche
"""
HANGS = """
systemctl kill --kill-whom=main --signal=STOP decroche
until test "$(systemctl show -P NRestarts decroche)" = 1; do sleep 0.2; done
timeout 60 sh -c 'until systemctl is-active --quiet decroche; do sleep 0.2; done'
curl --fail --silent http://127.0.0.1:8077/readyz
grep -q 'Watchdog timeout' <(journalctl --unit decroche)
"""
AWAY = """
systemctl stop decroche asterisk
mkdir /run/systemd/system/decroche.service.d
printf '[Service]\\nTimeoutStartSec=5\\n' > /run/systemd/system/decroche.service.d/impatient.conf
systemctl daemon-reload
systemctl start --no-block decroche
sleep 12
test "$(systemctl show -P ActiveState decroche)" = activating
test "$(systemctl show -P NRestarts decroche)" = 0
grep 'no link to Asterisk' <(systemctl show -P StatusText decroche)
systemctl start asterisk
timeout 60 sh -c 'until systemctl is-active --quiet decroche; do sleep 0.2; done'
"""
"""Were it not for the daemon asking for more time, systemd would give it up after five seconds."""


def main() -> int:
    """Follow the guide; 0 if the call was answered, and all else went as it is told."""
    if os.geteuid():
        sys.stderr.write("a machine of its own wants root: sudo make install-trial\n")
        return 1
    figures: dict[str, object] = {}
    try:
        asterisk_command(tree_folder())
        with Machine(tree_folder(), ROOT) as machine, _journal_of(machine):
            _try(machine, figures)
    except (MachineError, BrokenTestbedError, TimeoutError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        sys.stdout.write(f"{json.dumps(figures, indent=2)}\n")
    return 0


def _try(machine: Machine, figures: dict[str, object]) -> None:
    figures["asterisk"] = start_asterisk(machine)
    _hand_over_repository(machine)
    begun = time.monotonic()
    filled_in = {"REPOSITORY": REPOSITORY, "PROVIDER": f"127.0.0.1:{FARM_SIP}"}
    for step in steps(filled_in):
        with _timed(figures, f"step {step.number}, {step.title}"):
            # All of it is typed in one shell; only its first step takes anything from elsewhere.
            first = step.number == 1
            said = machine.run(f"cd {'/' if first else PLACE}\n{step.script}", online=first)
        if step.title == "Look before you start":
            figures["doctor"] = [line.rstrip() for line in said.splitlines()]
    with machine.network(), _timed(figures, "first call answered"), _farm() as farm:
        figures["answered by"] = asyncio.run(_call(farm))
    figures["seconds in all"] = round(time.monotonic() - begun, 1)
    _see_service(machine, figures)


def _see_service(machine: Machine, figures: dict[str, object]) -> None:
    """See that systemd and the daemon understand each other."""
    figures["status"] = machine.run("systemctl show -P StatusText decroche").strip()
    figures["exposure"] = machine.run("systemd-analyze security decroche | tail -1").strip()
    with _timed(figures, "reloaded, and a bad config refused"):
        machine.run(RELOADS)
    with _timed(figures, "a new master key"):
        machine.run(new_master_key())
    with _timed(figures, "routes again after it hung"):
        machine.run(HANGS)
    with _timed(figures, "waits for an Asterisk that is away"):
        machine.run(AWAY)
    machine.run("systemctl stop decroche")
    with _timed(figures, "the Containerfile's instructions"):
        image.build(machine)
    with _timed(figures, "routes, is healthy and ends as a container"):
        image.run(machine)


async def _call(farm: FarmInstance) -> str:
    async with at_the_farm(farm.admin) as remote:
        await remote.listener(LISTENER, behaviour.answers())
        caller = await remote.call(LINE, CALLER, talk_seconds=2)
        answered_by = await remote.heard(caller, ANSWER_SECONDS)
        await remote.left(caller, ANSWER_SECONDS)
        return answered_by


@contextmanager
def _farm() -> Iterator[FarmInstance]:
    folder = Path(tempfile.mkdtemp(prefix="decroche-trial-"))
    farm = FarmInstance(folder / "farm", FARM_AMI, FARM_SIP)
    farm.furnish(PBX_SIP, FARM_RTP)
    farm.start()
    try:
        yield farm
    finally:
        farm.remove()
        shutil.rmtree(folder)


def _hand_over_repository(machine: Machine) -> None:
    """Give the machine this tree, as it stands now, as a repository."""
    machine.run(
        f"""
        mkdir {REPOSITORY}
        cd {SOURCE}
        git ls-files -z --cached --others --exclude-standard > /run/files
        tar -c --null --files-from=/run/files --ignore-failed-read | tar -x -C {REPOSITORY}
        cd {REPOSITORY}
        git init --quiet
        git add --all
        git -c user.name=trial -c user.email=trial@example.org commit --quiet --message trial
        """
    )


@contextmanager
def _journal_of(machine: Machine) -> Iterator[None]:
    """Tell what the machine's services said, if something fails."""
    try:
        yield
    except (MachineError, TimeoutError):
        sys.stderr.write(machine.run("journalctl --no-pager --lines 60"))
        raise


@contextmanager
def _timed(figures: dict[str, object], what: str) -> Iterator[None]:
    begun = time.monotonic()
    yield
    figures[what] = round(time.monotonic() - begun, 1)


if __name__ == "__main__":
    sys.exit(main())
