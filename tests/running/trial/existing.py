"""What is there before the guide is followed: an Asterisk that runs, as Debian sets one up."""

from __future__ import annotations

from tests.running.trial.machine import Machine

UNIT = """\
[Service]
Type=notify
ExecStart=/usr/sbin/asterisk -f -U asterisk -G asterisk
RuntimeDirectory=asterisk
"""
PROGRAM = """\
#!/bin/sh
modules=$(echo /srv/tree/usr/lib/*/asterisk)
exec /srv/tree/lib*/ld-linux*.so.* --library-path "${modules%/asterisk}" \\
    /srv/tree/usr/sbin/asterisk "$@"
"""
SET_UP = """
cp -a /srv/tree/etc/asterisk /etc/
cp -a /srv/tree/usr/share/asterisk /usr/share/
cp -a /srv/tree/var/lib/asterisk /var/lib/
cp -a /srv/tree/etc/alternatives/asterisk* /etc/alternatives/
modules=$(echo /srv/tree/usr/lib/*/asterisk)
mkdir -p /var/log/asterisk /var/spool/asterisk "${modules#/srv/tree}"
mount --bind "$modules" "${modules#/srv/tree}"
useradd --system --home-dir /var/lib/asterisk asterisk
mkdir -p /usr/share/asterisk/moh
sox -n -r 8000 -c 1 -b 16 /usr/share/asterisk/moh/quiet.wav synth 4 sine 330 vol 0.05
chown -R asterisk: /etc/asterisk /var/lib/asterisk /var/log/asterisk /var/spool/asterisk
systemctl daemon-reload
systemctl start asterisk
asterisk -rx 'core show version'
"""


def start_asterisk(machine: Machine) -> str:
    """Start Debian's Asterisk with Debian's own configuration; give its version."""
    machine.write("/usr/sbin/asterisk", PROGRAM, 0o755)
    machine.write("/etc/systemd/system/asterisk.service", UNIT)
    return machine.run(SET_UP).splitlines()[-1].partition(" built")[0]
