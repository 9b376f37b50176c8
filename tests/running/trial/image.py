"""The Containerfile's instructions, one by one, where there is nothing that makes images.

The machine stands for the base image: it has the same Python, of Debian.
"""

from __future__ import annotations

import json
import re
import shlex

from tests.running.containerfile import said, stages
from tests.running.trial.machine import SOURCE, Machine

BASE = """
ln -s /usr/bin/python3 /usr/local/bin/python
rm -f /usr/lib/python3*/EXTERNALLY-MANAGED
rm -rf /opt/decroche /var/lib/decroche
"""
RUN = """
install -d -m 0755 /run/secrets
for name in ami caller dialplan vault; do
    install -o 8077 -m 0400 /etc/credstore/decroche.$name /run/secrets/
done
chmod 0755 /etc/decroche
chmod 0644 /etc/decroche/*.toml
cd {workdir}
setpriv --reuid {user} --regid {user} --clear-groups --bounding-set -all --no-new-privs \\
    env {environment} {command} > /run/said 2>&1 &
timeout 60 sh -c 'until curl --fail --silent http://127.0.0.1:8077/readyz; do sleep 0.2; done'
env {environment} {health}
kill -TERM $!
wait $!
"""


def build(machine: Machine) -> None:
    """Carry out what makes the image; it takes the place of the daemon that was installed."""
    first, last = stages()
    lines = [BASE]
    for word, words in [*first, *last]:
        if word == "RUN":
            lines.append(f"(cd /; {words})")
        elif word == "COPY" and not words.startswith("--from"):
            *taken, there = words.split()
            lines.append(f"mkdir -p {there.rpartition('/')[0]}")
            lines += [f"cp -r {SOURCE}/{one} {there}" for one in taken]
    machine.run("\n".join(lines), online=True)


def run(machine: Machine) -> None:
    """Run it as nobody in particular, until it routes; look at its health, and end it."""
    last = stages()[-1]
    (environment,), (user,), (workdir,) = (said(last, one) for one in ("ENV", "USER", "WORKDIR"))
    (health,), (entry,), (command,) = (
        said(last, one) for one in ("HEALTHCHECK", "ENTRYPOINT", "CMD")
    )
    check = json.loads(re.sub(r"^.*CMD ", "", health))
    machine.run(
        RUN.format(
            user=user.partition(":")[0],
            workdir=workdir,
            environment=environment,
            command=shlex.join(json.loads(entry) + json.loads(command)),
            health=shlex.join(check),
        )
    )
