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


def test_no_dialplan_reads_what_a_caller_says_of_itself() -> None:
    assert not re.findall(r"\$\{(?:CALLERID|CONNECTEDLINE|REDIRECTING)\b", _all_dialplans())


def _all_dialplans() -> str:
    return "\n".join(path.read_text() for path in DIALPLANS.glob("*.conf"))
