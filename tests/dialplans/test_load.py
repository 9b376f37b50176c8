from __future__ import annotations

import re

from tests.testbed import Testbed
from tests.testbed.pbx import DIALPLANS


def test_a_real_asterisk_loads_every_dialplan_with_no_warning(bed: Testbed) -> None:
    assert bed.pbx.complaints() == []
    shown = bed.pbx.command("dialplan show")
    written = set(re.findall(r"(?m)^\[(decroche-[a-z-]+)\]", _all_dialplans()))
    loaded = set(re.findall(r"Context '(decroche-[a-z-]+)'", shown))
    assert loaded == written
    assert len(written) > 9


def test_a_reload_brings_no_warning_either(bed: Testbed) -> None:
    assert "reload" in bed.pbx.command("dialplan reload").lower()
    assert bed.pbx.complaints() == []


def test_no_dialplan_reads_what_a_caller_says_of_itself_but_for_digits_to_be_read_back() -> None:
    read = _all_dialplans().replace("${FILTER(0-9+,${CALLERID(num)})}", "")
    assert not re.findall(r"\$\{(?:CALLERID|CONNECTEDLINE|REDIRECTING)\b", read)


def test_a_listener_may_put_a_caller_through_to_the_emergency_numbers_and_to_nobody_else() -> None:
    emergency, put_through = (
        re.findall(r"(?m)^exten => (_?\d\S*?),1,", (DIALPLANS / f"{name}.conf").read_text())
        for name in ("emergency", "put-through")
    )
    assert put_through == emergency
    assert "15" in emergency


def _all_dialplans() -> str:
    return "\n".join(path.read_text() for path in DIALPLANS.glob("*.conf"))
